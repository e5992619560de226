import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, Run } from '#event-store';
import { type Broker, passes, reasonOf } from './connection.ts';
import { endsOf } from './onlooker.ts';
import { isRefusal, openSender, type Sender, TopicMadeAnew } from './sending.ts';
import { within } from './within.ts';

export interface RelayOptions {
  readonly broker: Broker;
  readonly store: Pick<EventStore, 'relay' | 'service' | 'logId'>;
  /** Where public messages go; the internal ones go to the topic of the service's name. */
  readonly publicTopic?: string;
  readonly leaseMs?: number;
}
/** A shard that stands still because Kafka does not take its next event, or has no topic for it. It is tried again, ever more rarely. */
export interface StuckShard {
  readonly shard: number;
  readonly position: bigint;
  readonly reason: string;
}
export interface Relay {
  /** What the log holds and was not sent yet, whoever sends: rows, and for how many seconds the oldest has waited. */
  lag(): Promise<{ events: number; seconds: number }>;
  stuck(): readonly StuckShard[];
  /** Finishes what it is sending, notes how far it came, gives the lease back. */
  stop(): Promise<void>;
}
interface Progress {
  readonly sent: bigint;
  /** Where the stored cursor stands. */
  readonly saved: bigint;
  /** Rows to read at once: fewer after a refusal, until the event that is refused stands alone. */
  readonly rows: number;
  readonly refusals: number;
  readonly restsUntil: number;
  readonly stuck: StuckShard | undefined;
}

interface Held {
  readonly epoch: bigint;
  /** When the lease was last renewed, by our own steady clock. */
  renewed: number;
  /** Aborted when the connection that wakes us is gone. */
  readonly broken: AbortSignal;
}

const fullRun = { rows: 500, bytes: 4_000_000 };
/** NOTIFY wakes it; this is for when a notification was lost with its connection. */
const pollMs = 500;
const backOffMs = 500;
/** The cursor follows at this distance: what it does not say yet is sent again after a crash, and that is allowed. */
const saveMs = 100;
const restMs = (refusals: number) => Math.min(500 * 2 ** refusals, 30_000);
/** A topic that was just made, or a broker that was just started, may not be known everywhere yet. */
const unknownMs = 10_000;
/** How often somebody is told that a topic is gone. */
const remindMs = 30_000;
const fresh = { rows: fullRun.rows, refusals: 0, restsUntil: 0, stuck: undefined };

/**
 * Sends what a log announces, each shard in its order, from its cursor on. One relay of a service sends at a time; the lease's epoch guards
 * the cursor. A message may be sent twice (after a crash between send and cursor), never left out, and never before the one that precedes it.
 */
export function startRelay(options: RelayOptions): Relay {
  return new Sending(options);
}

class Sending implements Relay {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  private readonly stopping = new AbortController();
  private shards: readonly Progress[] = [];
  private savedAt = 0;
  private failing = false;
  private gone: { since: number; toldAt: number; reason: string } | undefined;
  private woken = Promise.withResolvers<undefined>();
  private readonly working: Promise<void>;

  constructor(private readonly options: RelayOptions) {
    this.leaseMs = options.leaseMs ?? 10_000;
    this.working = this.work();
  }

  lag(): Promise<{ events: number; seconds: number }> {
    return this.options.store.relay.lag();
  }

  stuck(): readonly StuckShard[] {
    const { gone } = this;
    if (!gone || performance.now() - gone.since < unknownMs) return this.shards.flatMap(({ stuck }) => stuck ?? []);
    return this.shards.map(({ sent }, shard) => ({ shard, position: sent + 1n, reason: gone.reason }));
  }

  stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    return this.working;
  }

  private readonly wake = () => {
    this.woken.resolve(undefined);
  };
  private ended(): boolean {
    return this.stopping.signal.aborted;
  }

  private async work(): Promise<void> {
    const { store } = this.options;
    while (!this.ended()) {
      try {
        const began = performance.now();
        const epoch = await store.relay.acquireLease(this.holder, this.leaseMs);
        if (epoch !== undefined) await this.hold(epoch, began);
      } catch (error) {
        this.failed(error);
      }
      if (!this.ended()) await pause(backOffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    await store.relay.releaseLease(this.holder);
  }

  private failed(error: unknown): void {
    const { broker, store } = this.options;
    const reason = reasonOf(error);
    const about = { service: store.service, reason };
    if (isUnknownTopic(error)) {
      const now = performance.now();
      this.gone = { since: now, toldAt: now - remindMs, ...this.gone, reason: goneReason };
      if (now - this.gone.since < unknownMs || now - this.gone.toldAt < remindMs) return;
      this.gone.toldAt = now;
      broker.log('error', 'relay: a topic that it writes is gone, and nothing is sent', { ...about, todo: goneReason });
      return;
    }
    const isNews = error instanceof TopicMadeAnew || !(this.failing || passes(reason));
    broker.log(isNews ? 'warn' : 'debug', 'relay: begins again from its cursor', about);
    this.failing = true;
  }

  /** With one producer, from the lease on, until it is lost or something fails. */
  private async hold(epoch: bigint, since: number): Promise<void> {
    const { broker, store, publicTopic } = this.options;
    const topics = { internal: broker.topic(store.service), public: publicTopic && broker.topic(publicTopic) };
    // A send that takes longer than half the lease fails while the lease is still ours.
    const sender = await openSender(broker, topics, { origin: store, limitMs: this.leaseMs / 2 });
    const broken = new AbortController();
    let quiet: () => Promise<void> = () => Promise.resolve();
    try {
      quiet = await store.relay.listen(this.wake, (error) => {
        broken.abort(error);
        this.wake();
      });
      const cursors = await store.relay.cursors();
      this.shards = cursors.map((position, shard) => {
        return { ...(this.shards[shard] ?? fresh), ...{ sent: position, saved: position } };
      });
      await this.beginAgainWhereEmpty();
      this.gone = undefined;
      await this.drain(sender, { epoch, renewed: since, broken: broken.signal });
    } finally {
      await Promise.allSettled([quiet(), sender.close()]);
    }
  }

  /** Where a topic has nothing of what was sent. Throws when one is not there at all. */
  private async beginAgainWhereEmpty(): Promise<void> {
    const { broker, store, publicTopic } = this.options;
    const topics = [store.service, ...(publicTopic === undefined ? [] : [publicTopic])];
    for (const { topic, partition, high } of await within(this.leaseMs / 2, endsOf(broker, topics))) {
      const at = this.shards[partition];
      const slot = topic === publicTopic ? 'public' : 'internal';
      if (high > 0n || !at || !(await store.relay.hasSent(partition, slot, at.saved))) continue;
      this.failed(new TopicMadeAnew(broker.topic(topic), partition));
      this.progress(partition, { ...at, sent: 0n });
    }
  }

  private async drain(sender: Sender, held: Held): Promise<void> {
    let ahead = this.read([]);
    while (!this.ended()) {
      const found = await ahead;
      if (!(await this.keepsLease(held))) return;
      // What was read ahead of a run that was refused does not follow what was sent.
      const runs = found.filter(({ shard, from }) => this.shards[shard]?.sent === from);
      if (runs.length === 0) {
        await this.sleep();
        ahead = this.read([]);
      } else {
        ahead = this.read(runs);
        await this.send(sender, runs, held.epoch);
      }
      if (!(await this.save(held.epoch, saveMs))) return;
    }
    await this.save(held.epoch, 0);
  }

  /** What comes after these runs in their shards, and after what was sent in the others. */
  private read(after: readonly Run[]): Promise<Run[]> {
    // Before it looks: what is appended from here on wakes it.
    this.woken = Promise.withResolvers();
    const now = performance.now();
    const places = this.shards.flatMap(({ sent, rows, restsUntil }, shard) => {
      const run = after.find((one) => one.shard === shard);
      return restsUntil > now ? [] : { shard, after: run?.to ?? sent, rows };
    });
    const found = this.options.store.relay.next(places, fullRun.bytes);
    // It is awaited in the next round; should anything fail before that, nobody is interested in it any more.
    found.catch(() => undefined);
    return found;
  }

  private async sleep(): Promise<void> {
    const saved = this.shards.every(({ sent, saved: at }) => sent === at);
    const timer = setTimeout(this.wake, saved ? pollMs : saveMs);
    await this.woken.promise;
    clearTimeout(timer);
  }

  private async keepsLease(held: Held): Promise<boolean> {
    held.broken.throwIfAborted();
    const now = performance.now();
    if (now - held.renewed < this.leaseMs / 4) return true;
    held.renewed = now;
    return (await this.options.store.relay.acquireLease(this.holder, this.leaseMs)) === held.epoch;
  }

  /** Shards do not wait for each other's refusals. Throws whatever else went wrong. */
  private async send(sender: Sender, runs: readonly Run[], epoch: bigint): Promise<void> {
    const outcomes = await Promise.allSettled(runs.map(({ shard, messages }) => sender.send(shard, messages)));
    for (const [at, outcome] of outcomes.entries()) {
      const run = runs[at];
      const before = run && this.shards[run.shard];
      if (before) this.progress(run.shard, this.after(before, run, outcome));
    }
    if (this.shards.some(({ sent, saved }) => sent < saved)) await this.save(epoch, 0);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected' && !isRefusal(outcome.reason)) throw outcome.reason;
    this.failing = false;
  }

  private after(before: Progress, run: Run, outcome: PromiseSettledResult<void>): Progress {
    if (outcome.status === 'fulfilled')
      return { ...fresh, sent: run.to, saved: before.saved, rows: Math.min(before.rows * 2, fullRun.rows) };
    if (outcome.reason instanceof TopicMadeAnew) return { ...before, sent: 0n };
    return isRefusal(outcome.reason) ? this.refused(before, run, outcome.reason) : before;
  }

  private progress(shard: number, to: Progress): void {
    this.shards = this.shards.with(shard, to);
  }

  private refused(before: Progress, { shard, from, to }: Run, error: unknown): Progress {
    if (to - from > 1n) return { ...before, rows: 1 };
    const reason = reasonOf(error);
    const refusals = before.refusals + 1;
    const { broker, store } = this.options;
    const text =
      'relay: Kafka refuses an event, and what follows it in its shard waits; see max.message.bytes, the clocks, and the rights';
    broker.log('error', text, { service: store.service, shard, position: String(to), reason });
    const stuck = { shard, position: to, reason };
    return { ...before, refusals, restsUntil: performance.now() + restMs(refusals), stuck };
  }

  /** False when the cursor is no longer ours. */
  private async save(epoch: bigint, distanceMs: number): Promise<boolean> {
    const now = performance.now();
    if (now - this.savedAt < distanceMs) return true;
    this.savedAt = now;
    for (const [shard, progress] of this.shards.entries()) {
      const { sent, saved } = progress;
      if (sent === saved) continue;
      if (!(await this.options.store.relay.moveCursor(shard, saved, sent, epoch))) return false;
      this.progress(shard, { ...progress, saved: sent });
    }
    return true;
  }
}

const goneReason =
  'A topic was deleted. Restart a service: it makes the topic anew, and what was on it is sent again from the log.';

/** A topic is not there, or not known yet to the broker that was asked. */
function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') || isUnknownTopic(error.cause);
}
