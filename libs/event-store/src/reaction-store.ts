import type pg from 'pg';
import type { Position } from '#contracts';
import { carryOutWishes, Parking, troubleIn } from '#parking';

/** How far a service's reactions got in one partition of a topic. Equal to what #messaging calls a checkpoint. */
interface Checkpoint {
  readonly logId: string;
  readonly nextOffset: string;
  readonly lastPosition: bigint;
}
interface Place {
  readonly topic: string;
  readonly partition: number;
}
interface CheckpointRow {
  log_id: string;
  next_offset: string;
  last_position: string;
}
/** Milliseconds between two questions to the database, which knows what other processes react to: where this one reads the partition, and where not. */
const [askedHere, askedElsewhere] = [100, 10];

/** What the reactions of a service remember: how far they got, and what they could not do. */
export class ReactionStore {
  readonly parking: Parking;
  /** Where this process moved checkpoints to, by topic and partition. What was reacted to once stays so. */
  private readonly moved = new Map<string, Checkpoint>();
  private readonly waiting = new Set<() => void>();

  constructor(private readonly pool: pg.Pool) {
    this.parking = new Parking(pool);
  }

  async load(topic: string, partition: number): Promise<Checkpoint | undefined> {
    const { rows } = await this.pool.query<CheckpointRow>(
      'select log_id, next_offset, last_position from reaction_checkpoint where topic = $1 and partition = $2',
      [topic, partition],
    );
    const [row] = rows;
    return row && { logId: row.log_id, nextOffset: row.next_offset, lastPosition: BigInt(row.last_position) };
  }

  /** Moves the checkpoint if it still stands where the caller read it. False: somebody else reads this partition now. */
  async move({ topic, partition }: Place, from: Checkpoint | undefined, to: Checkpoint): Promise<boolean> {
    const next = [topic, partition, to.logId, to.nextOffset, String(to.lastPosition)];
    const { rowCount } = from
      ? await this.pool.query({
          name: 'move-checkpoint',
          text: `update reaction_checkpoint set log_id = $3, next_offset = $4, last_position = $5
                  where topic = $1 and partition = $2 and log_id = $6 and next_offset = $7 and last_position = $8`,
          values: [...next, from.logId, from.nextOffset, String(from.lastPosition)],
        })
      : await this.pool.query(
          'insert into reaction_checkpoint values ($1, $2, $3, $4, $5) on conflict do nothing',
          next,
        );
    if (rowCount !== 1) return false;
    this.moved.set(`${topic}/${partition}`, to);
    for (const look of this.waiting) look();
    return true;
  }

  /** Whether everything at or below a position of another service's log has been reacted to here, by any process. */
  async reached(topic: string, at: Position): Promise<boolean> {
    if (this.movedPast(topic, at)) return true;
    const { rowCount } = await this.pool.query(
      'select from reaction_checkpoint where topic = $1 and partition = $2 and log_id = $3 and last_position >= $4',
      [topic, at.shard, at.logId, String(at.position)],
    );
    return rowCount === 1;
  }

  /** Resolves to true as soon as that is so, and to false when it takes longer. */
  async reachedWithin(ms: number, topic: string, position: Position): Promise<boolean> {
    const until = performance.now() + ms;
    const asked = this.moved.has(`${topic}/${position.shard}`) ? askedHere : askedElsewhere;
    for (let left = ms; left > 0; left = until - performance.now()) {
      if (await this.movedWithin(Math.min(asked, left), topic, position)) return true;
      if (await this.reached(topic, position)) return true;
    }
    return false;
  }

  private movedPast(topic: string, { logId, shard, position }: Position): boolean {
    const at = this.moved.get(`${topic}/${shard}`);
    return at?.logId === logId && at.lastPosition >= position;
  }

  private movedWithin(ms: number, topic: string, position: Position): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => {
      if (this.movedPast(topic, position)) resolve(true);
    };
    const timer = setTimeout(resolve, ms, false);
    this.waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.waiting.delete(look);
    });
  }

  /** Sets a message aside; the same one again changes nothing. */
  async park(place: Place, parked: { id: string; key: string; message: unknown; reason: string }): Promise<void> {
    await this.pool.query(
      `insert into reaction_parked (topic, partition, message_id, key, message, reason)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [
        place.topic,
        place.partition,
        parked.id,
        parked.key,
        JSON.stringify(parked.message),
        parked.reason.slice(0, 1000),
      ],
    );
  }

  /** Keys of which something is parked. */
  async parkedKeys(topic: string): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ key: string }>({
      name: 'parked-keys',
      text: 'select distinct key from reaction_parked where topic = $1',
      values: [topic],
    });
    return new Set(rows.map(({ key }) => key));
  }

  /**
   * Carries out what operators wished for messages of a partition; `apply` says why one still fails, or nothing. It may be applied again
   * after a crash.
   */
  async carryOut(place: Place, apply: (message: unknown) => Promise<string | undefined>): Promise<void> {
    const { wished } = await troubleIn(this.pool, place);
    if (wished) await carryOutWishes(this.pool, { reader: 'reactions', ...place }, apply);
  }

  async parkedCount(): Promise<number> {
    const { rows } = await this.pool.query<{ n: number }>('select count(*)::int as n from reaction_parked');
    return rows[0]?.n ?? 0;
  }
}
