import type { EachBatchPayload } from 'kafkajs';
import type { Checkpoint } from './checkpoint.ts';
import type { Incoming, Place } from './codec.ts';
import { type Log, reasonOf } from './connection.ts';
import { follow } from './following.ts';

/** Messages of one partition in the log's order, each once, without a gap; never empty. */
export interface PartitionBatch extends Place {
  readonly messages: readonly Incoming[];
  /** Where the stored checkpoint stands, as far as this reader knows; undefined before the first message. */
  readonly from: Checkpoint | undefined;
  readonly to: Checkpoint;
  /** For whoever takes longer than a few seconds: to be awaited now and then. Throws when the partition went to another reader; let it pass. */
  heartbeat(): Promise<void>;
}
/** Thrown by `load` or `handle` where trying again is of no use: the partition goes no further. Its text says what is wrong and what to do. */
export class CannotGoOn extends Error {
  override readonly name = 'CannotGoOn';
}
/** What a reader does with its partitions. */
export interface Reading {
  /** Where the group's checkpoints are kept. Asked whenever a partition is taken, and whenever something does not fit. */
  readonly checkpoints: { load(topic: string, partition: number): Promise<Checkpoint | undefined> };
  /**
   * Applies a batch and moves the checkpoint from `from` to `to`, by compare-and-set in one transaction. `lost`: it stood elsewhere, and
   * nothing was applied. When it throws, the checkpoint is read anew after a pause and the batch comes again, for ever.
   */
  readonly handle: (batch: PartitionBatch) => Promise<'done' | 'lost'>;
  /** Called for every partition held, stopped ones too, about once a second, and never while a batch of that partition is handled. */
  readonly between?: (place: Place) => Promise<void>;
  /**
   * A partition goes no further: a gap, another log, an unreadable message, a checkpoint lost twice, CannotGoOn. `reason` says what to do.
   * Behind a gap it looks on, and goes on when what is missing comes.
   */
  readonly onStopped: (place: Place, reason: string) => void;
}
/** What the group's member can do to the fetching of a partition. */
export interface Fetching {
  pause(place: Place): void;
  resume(place: Place): void;
  seek(place: Place, offset: string): void;
}

/** Messages handed over at once; between two such chunks the group hears that we live. */
const chunk = 1000;
const backOffMs = (failures: number) => Math.min(100 * 2 ** failures, 15_000);
/** What does not fit behind a checkpoint: the checkpoint is read again, then the topic is looked through from where it begins now. */
const looksThrough = 2;
const lostTwice =
  'Its checkpoint was moved by somebody else twice in a row: another installation uses the same database with another group or cluster. Let one of them go, then restart this reader.';

/** One partition as one reader sees it, over all rebalances. Whatever goes wrong, it begins again from the stored checkpoint. */
export class Partition {
  /** Messages not yet read, as of the last fetch. */
  behind = 0;
  stopped: string | undefined;
  private checkpoint: Checkpoint | undefined;
  /** False while the checkpoint is being read: what is fetched meanwhile may come from anywhere. */
  private open = false;
  private opening: NodeJS.Timeout | undefined;
  /** It looks on for what is missing. */
  private watching = false;
  private misses = { gap: 0, lost: 0, failed: 0 };
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = false;

  constructor(
    readonly place: Place,
    private readonly reading: Reading,
    private readonly how: { fetching: Fetching; log: Log },
  ) {}

  /** It is ours as of now; what went wrong while the group was divided otherwise says nothing any more. */
  join(): void {
    if (!this.watching) this.misses = { gap: 0, lost: 0, failed: 0 };
    this.begin();
  }

  /** The stored checkpoint was changed on purpose: goes on from it, even if it was stopped. */
  reload(): void {
    this.stopped = undefined;
    this.watching = false;
    this.join();
  }

  /** It is no longer ours. */
  leave(): void {
    clearTimeout(this.opening);
    this.opening = undefined;
    this.open = false;
  }

  /** Up to where it has handed over what it read; undefined while that is being asked of the checkpoint. */
  get reached(): bigint | undefined {
    return this.open ? (this.checkpoint?.lastPosition ?? 0n) : undefined;
  }

  /** What is being handled has ended. */
  async idle(): Promise<void> {
    await this.turn;
  }

  /** Handles what was fetched, chunk by chunk. Throws only what the group has to know. */
  read(payload: EachBatchPayload): Promise<void> {
    return this.inTurn(async () => {
      const { messages, highWatermark } = payload.batch;
      for (let at = 0; at < messages.length; at += chunk) {
        if (!this.open || payload.isStale() || !payload.isRunning()) return;
        const next = await this.apply(messages.slice(at, at + chunk), payload);
        this.behind = Math.max(0, Number(BigInt(highWatermark) - BigInt(next)));
        await payload.heartbeat();
      }
    });
  }

  /** Lets the caller do what must not run beside a batch; left out when the last time has not ended. */
  async pauseBetween(): Promise<void> {
    const { between } = this.reading;
    if (!between || this.waiting) return;
    this.waiting = true;
    try {
      await this.inTurn(() => between(this.place));
    } catch (error) {
      this.log('warn', 'what is done between batches failed', error);
    } finally {
      this.waiting = false;
    }
  }

  /** Nothing is fetched until the checkpoint is read, after a pause; then fetching goes on from there. A later call replaces one that waits. */
  private begin(afterMs = 0): void {
    this.leave();
    this.how.fetching.pause(this.place);
    if (this.stopped !== undefined && !this.watching) return;
    const opening = setTimeout(() => void this.inTurn(() => this.goOn(opening)), afterMs);
    this.opening = opening;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async goOn(opening: NodeJS.Timeout): Promise<void> {
    const { topic, partition } = this.place;
    try {
      const checkpoint = await this.reading.checkpoints.load(topic, partition);
      if (this.opening !== opening) return;
      this.checkpoint = checkpoint;
      this.open = true;
      const isAnywhere = this.misses.gap >= looksThrough;
      this.how.fetching.seek(this.place, isAnywhere ? '0' : (checkpoint?.nextOffset ?? '0'));
      this.how.fetching.resume(this.place);
    } catch (error) {
      if (this.opening === opening) this.failed('its checkpoint cannot be read', error);
    }
  }

  /** Answers the offset that comes next; the partition is no longer open when it is not for now. */
  private async apply(fetched: EachBatchPayload['batch']['messages'], payload: EachBatchPayload): Promise<string> {
    const from = this.checkpoint;
    const { messages, to, nextOffset, gap, end } = follow(fetched, this.place, from);
    if (to && messages.length > 0) {
      const outcome = await this.hand({ ...this.place, messages, from, to }, payload);
      if (outcome !== 'done') return from?.nextOffset ?? '0';
      this.goesOn();
      // Repeats alone leave it where it is stored: the next compare-and-set needs that.
      this.checkpoint = to;
    }
    payload.resolveOffset(String(BigInt(nextOffset) - 1n));
    if (end !== undefined) this.stop(end);
    if (gap === undefined) return nextOffset;
    this.lacks(gap, BigInt(nextOffset) >= BigInt(payload.batch.highWatermark));
    return to?.nextOffset ?? '0';
  }

  private goesOn(): void {
    this.misses = { gap: 0, lost: 0, failed: 0 };
    if (!this.watching) return;
    this.stopped = undefined;
    this.watching = false;
    this.how.log('info', 'consumer: what was missing has come, a partition goes on', { ...this.place });
  }

  /**
   * A fetch may begin at the wrong offset after a rebalance, and what was sent again may lie anywhere, before the checkpoint as well if the
   * topic was made anew; only what leaves a gap in all that there is stops it.
   */
  private lacks(reason: string, isAll: boolean): void {
    if (this.watching) return;
    if (this.misses.gap < looksThrough) {
      this.misses.gap += 1;
      this.begin();
    } else if (isAll) {
      this.watching = true;
      this.told(reason);
    }
  }

  private async hand(
    batch: Omit<PartitionBatch, 'heartbeat'>,
    payload: EachBatchPayload,
  ): Promise<'done' | 'lost' | 'failed'> {
    const group: { error?: Error } = {};
    const heartbeat = () =>
      payload.heartbeat().catch((error: unknown) => {
        group.error = error instanceof Error ? error : new Error(String(error));
        throw group.error;
      });
    try {
      const outcome = await this.reading.handle({ ...batch, heartbeat });
      if (outcome === 'lost') this.lost();
      return outcome;
    } catch (error) {
      // The group is being divided anew: it has to know, and the partition begins again when it comes back.
      if (group.error !== undefined) throw group.error;
      this.failed('a batch failed', error);
      return 'failed';
    }
  }

  private lost(): void {
    // Once is no wonder: a reader that slept is told of it by the heartbeat that follows.
    if (this.misses.lost++ > 0) this.stop(lostTwice);
    else this.begin();
  }

  private failed(what: string, error: unknown): void {
    if (error instanceof CannotGoOn) {
      this.stop(error.message);
      return;
    }
    this.log('warn', `${what}; it is tried again`, error);
    this.begin(backOffMs(this.misses.failed++));
  }

  private stop(reason: string): void {
    this.watching = false;
    this.told(reason);
    this.begin();
  }

  private told(reason: string): void {
    this.stopped = reason;
    this.how.log('error', 'consumer: a partition goes no further', { ...this.place, reason });
    this.reading.onStopped(this.place, reason);
  }

  private log(level: 'warn', text: string, error: unknown): void {
    this.how.log(level, `consumer: ${text}`, { ...this.place, reason: reasonOf(error) });
  }
}
