import type pg from 'pg';
import type { Checkpoint, Incoming, Log, PartitionBatch, Place } from '#messaging';
import { troubleIn } from '#parking';
import { type LaneName, lockStandings, moveAndCommit, openStandings, type Standing } from './checkpoints.ts';
import { applyAll, applyOrPark, carryOut } from './parking.ts';
import type { Projection } from './projection.ts';
import { isTransient, withClient } from './transaction.ts';

export interface LaneOptions {
  readonly pool: pg.Pool;
  readonly name: LaneName;
  /** Those that this process can fold, as of now; which of them are in the lane is asked of the database each time. */
  readonly projections: () => readonly Projection[];
  readonly log: Log;
  /** Told after each commit. */
  readonly onMoved: (projection: Projection, place: Place, to: Checkpoint) => void;
  /** One of the lane stands before what is being read: it joined just now, and the partition must be read again from where it stands. */
  readonly onBehind: (place: Place) => void;
}
interface Due {
  readonly standing: Standing;
  readonly events: readonly Incoming[];
}
/** Applies what is due, then commits. */
type Apply = (client: pg.ClientBase, due: readonly Due[], commit: () => Promise<void>) => Promise<void>;

const keyOf = ({ topic, partition }: Place) => `${topic}/${partition}`;
const after = ({ checkpoint }: { checkpoint?: Checkpoint | undefined }) => checkpoint?.lastPosition ?? 0n;

const isHeld = (standing: Standing) => standing.stopAt !== undefined && after(standing) >= standing.stopAt;

/** The batch as far as the first stop of these. */
function cut(batch: PartitionBatch, standings: readonly Standing[]): Pick<PartitionBatch, 'messages' | 'to'> {
  const [stop] = standings.flatMap(({ stopAt }) => stopAt ?? []).sort((a, b) => Number(a - b));
  if (stop === undefined || batch.to.lastPosition <= stop) return batch;
  const messages = batch.messages.filter(({ position }) => position <= stop);
  const last = messages.at(-1);
  if (!last) return { messages, to: { ...batch.to, lastPosition: 0n } };
  const { logId, offset, position } = last;
  return { messages, to: { logId, nextOffset: String(BigInt(offset) + 1n), lastPosition: position } };
}

/**
 * Projections that are read for together: one consumer, one transaction a batch. Each has a checkpoint of its own and is given only what
 * lies after it, so that whoever else may have applied a part of the batch already, every event has its effect exactly once.
 */
export class Lane {
  /** Partitions where something may be parked; elsewhere nobody has to ask what to do about it. */
  private readonly troubled = new Set<string>();

  constructor(private readonly options: LaneOptions) {}

  /** The least of their checkpoints: where reading goes on. */
  async load(topic: string, partition: number): Promise<Checkpoint | undefined> {
    const standings = await openStandings(this.options.pool, this.at({ topic, partition }));
    if (standings.some(({ parked }) => parked > 0)) this.troubled.add(keyOf({ topic, partition }));
    const [least] = standings.sort((a, b) => Number(after(a) - after(b)));
    return least?.checkpoint;
  }

  /** Applies a batch to those that stand within it. `lost`: one of them was built from another log, and nothing was applied. */
  async handle(batch: PartitionBatch): Promise<'done' | 'lost'> {
    const carefully: Apply = async (client, due, commit) => {
      this.troubled.add(keyOf(batch));
      for (const { standing, events } of due)
        await applyOrPark(client, standing, { events, heartbeat: () => batch.heartbeat() });
      await commit();
    };
    const atOnce: Apply = (client, due, commit) => {
      if (due.some(({ standing }) => standing.parked > 0)) return carefully(client, due, commit);
      return applyAll(
        client,
        due.map(({ standing: { projection }, events }) => ({ projection, events })),
        commit,
      );
    };
    try {
      return await this.apply(batch, atOnce);
    } catch (error) {
      if (isTransient(error)) throw error;
      // Something in it cannot be applied: once more from the start, finding out what.
      return this.apply(batch, carefully);
    }
  }

  /** Retries and skips what somebody asked for. */
  async between(place: Place): Promise<void> {
    if (!this.troubled.has(keyOf(place))) return;
    const { pool, log } = this.options;
    const { parked, wished } = await troubleIn(pool, place);
    if (!parked) this.troubled.delete(keyOf(place));
    if (!wished) return;
    await withClient(pool, async (client) => {
      for (const { projection } of await lockStandings(client, this.at(place))) {
        const gone = await carryOut(client, projection, place);
        if (gone > 0)
          log('info', 'parked events were applied or skipped', { projection: projection.name, ...place, gone });
      }
      await client.query('commit');
    });
  }

  /** Who reads the topic. One consumer reads for all, but nobody stands in a topic that they do not read. */
  private at(place: Place) {
    const projections = this.options.projections().filter(({ topics }) => topics.includes(place.topic));
    return { projections, lane: this.options.name, place };
  }

  private async apply(batch: PartitionBatch, apply: Apply): Promise<'done' | 'lost'> {
    const { topic, partition, from } = batch;
    const moved = await withClient(this.options.pool, async (client) => {
      const standings = await lockStandings(client, this.at(batch));
      if (standings.some((standing) => this.isOfAnotherLog(standing, batch))) {
        await client.query('rollback');
        return undefined;
      }
      // One that waits to be compared is not behind: it comes back for the rest.
      const free = standings.filter((standing) => !isHeld(standing));
      const begun = free.filter((standing) => after(standing) >= after({ checkpoint: from }));
      if (begun.length < free.length) this.options.onBehind({ topic, partition });
      const { messages, to } = cut(batch, begun);
      const due = begun.filter((standing) => after(standing) < to.lastPosition);
      const projections = due.map(({ projection }) => projection);
      const events = (standing: Standing) => messages.filter(({ position }) => position > after(standing));
      await apply(
        client,
        due.map((standing) => ({ standing, events: events(standing) })),
        () => moveAndCommit(client, { projections, place: batch }, to),
      );
      return { projections, to };
    });
    for (const projection of moved?.projections ?? [])
      this.options.onMoved(projection, { topic, partition }, moved?.to ?? batch.to);
    return moved ? 'done' : 'lost';
  }

  private isOfAnotherLog({ projection, checkpoint }: Standing, { topic, partition, to }: PartitionBatch): boolean {
    if (!checkpoint || checkpoint.logId === to.logId) return false;
    const where = { projection: projection.name, version: projection.version, topic, partition };
    this.options.log('error', 'a read model was built from another log: rebuild it', where);
    return true;
  }
}
