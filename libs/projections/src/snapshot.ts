import pg from 'pg';
import { type Position, encodePositions } from '#contracts';
import { checkpointOf, type StandingRow } from './checkpoints.ts';
import type { Projection } from './projection.ts';
import { withClient } from './transaction.ts';

/** Read models as they stood at one moment. Tables go by their plain names. */
export interface Snapshot {
  readonly query: <R extends object>(text: string, values?: readonly unknown[]) => Promise<R[]>;
  /** Keys (ids of articles) of which some event is set aside: what is shown of them may be out of date. */
  readonly parked: ReadonlySet<string>;
  /** How new it is: the token of all positions read. */
  readonly position: string;
}
export const listOf = (names: readonly string[]) => names.map(pg.escapeLiteral).join(', ');

/** How far all of these have come: of each shard, the least of those that read its topic. */
export function vectorOf(projections: readonly Projection[], rows: readonly StandingRow[]): Position[] {
  const known = rows.filter((row) => row.log_id !== '');
  const places = Map.groupBy(known, ({ topic, log_id, partition }) => [topic, log_id, partition].join('~'));
  return [...places.values()].flatMap((at) => {
    const [row] = at;
    if (!row) return [];
    const readers = projections.filter(({ topics }) => topics.includes(row.topic));
    const furthest = at.map((one) => checkpointOf(one)?.lastPosition ?? 0n);
    const position = at.length < readers.length ? 0n : furthest.reduce((a, b) => (a < b ? a : b));
    return [{ service: row.topic, logId: row.log_id, shard: row.partition, position }];
  });
}

/**
 * Begins a snapshot and answers where the serving versions stand in it, in one round trip. What makes another version serve, or empties
 * one, waits for the snapshot to end.
 */
export async function beginSnapshot(client: pg.ClientBase, names: readonly string[]): Promise<StandingRow[]> {
  const results = (await client.query(
    `begin isolation level repeatable read read only; lock table projection_version in access share mode;
     select c.* from projection_checkpoint c join projection_version v using (projection, version)
      where v.serving and c.projection in (${listOf(names)}) order by projection, topic, partition`,
  )) as unknown as pg.QueryResult<StandingRow>[];
  return results.at(-1)?.rows ?? [];
}

export async function parkedKeys(client: pg.ClientBase, rows: readonly StandingRow[]) {
  const troubled = rows.filter(({ parked }) => parked > 0);
  if (troubled.length === 0) return [];
  const { rows: found } = await client.query<{ projection: string; topic: string; key: string }>(
    `select distinct parked.projection, parked.topic, parked.key from projection_parked parked
       join unnest($1::text[], $2::int[]) as at (projection, version) using (projection, version)
      order by 1, 2, 3`,
    [troubled.map(({ projection }) => projection), troubled.map(({ version }) => version)],
  );
  return found;
}

/** Runs `work` in one snapshot of these read models. `accepts` may look at where they stand first; false: nothing is run. */
export async function inSnapshot<T>(
  pool: pg.Pool,
  projections: readonly Projection[],
  accepts: (rows: readonly StandingRow[]) => boolean,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<{ readonly answer: T } | undefined> {
  return withClient(pool, async (client) => {
    const rows = await beginSnapshot(
      client,
      projections.map(({ name }) => name),
    );
    if (!accepts(rows)) {
      await client.query('commit');
      return undefined;
    }
    const answer = await work({
      query: async <R extends object>(text: string, values: readonly unknown[] = []) =>
        (await client.query<R>(text, [...values])).rows,
      parked: new Set((await parkedKeys(client, rows)).map(({ key }) => key)),
      position: encodePositions(vectorOf(projections, rows)),
    });
    await client.query('commit');
    return { answer };
  });
}
