import type pg from 'pg';
import type { Checkpoint } from '#messaging';
import type { Projection } from './projection.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}
interface Row {
  log_id: string;
  next_offset: string;
  last_position: string;
}
const checkpointOf = (row: Row): Checkpoint => ({
  logId: row.log_id,
  nextOffset: row.next_offset,
  lastPosition: BigInt(row.last_position),
});

/** How far a projection got in a partition; undefined before its first event there. */
export async function loadCheckpoint(client: pg.ClientBase | pg.Pool, projection: Projection, place: Place) {
  const { rows } = await client.query<Row>(
    `select log_id, next_offset, last_position from projection_checkpoint
      where projection = $1 and version = $2 and topic = $3 and partition = $4`,
    [projection.name, projection.version, place.topic, place.partition],
  );
  return rows[0] && checkpointOf(rows[0]);
}

/** Moves a checkpoint if it still stands where the caller read it. False: somebody else owns this partition now. */
export async function moveCheckpoint(
  client: pg.ClientBase,
  of: { projection: Projection; place: Place },
  from: Checkpoint | undefined,
  to: Checkpoint,
): Promise<boolean> {
  const key = [of.projection.name, of.projection.version, of.place.topic, of.place.partition];
  const next = [to.logId, to.nextOffset, String(to.lastPosition)];
  const { rowCount } = from
    ? await client.query(
        `update projection_checkpoint set log_id = $5, next_offset = $6, last_position = $7
          where projection = $1 and version = $2 and topic = $3 and partition = $4 and log_id = $8 and next_offset = $9 and last_position = $10`,
        [...key, ...next, from.logId, from.nextOffset, String(from.lastPosition)],
      )
    : await client.query(
        'insert into projection_checkpoint values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing',
        [...key, ...next],
      );
  return rowCount === 1;
}

/** The furthest point that all of these projections have passed: where a consumer that serves them all goes on. */
export async function commonCheckpoint(pool: pg.Pool, projections: readonly Projection[], place: Place) {
  const found = await Promise.all(projections.map((projection) => loadCheckpoint(pool, projection, place)));
  let least = found[0];
  for (const checkpoint of found) {
    if (!checkpoint || !least) return undefined;
    if (checkpoint.lastPosition < least.lastPosition) least = checkpoint;
  }
  return least;
}
