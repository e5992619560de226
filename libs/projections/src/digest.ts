import { createHash } from 'node:crypto';
import pg from 'pg';
import { encodePositions } from '#contracts';
import type { StandingRow } from './checkpoints.ts';
import { type Projection, schemaOf } from './projection.ts';
import { parkedKeys, vectorOf } from './snapshot.ts';
import { tablesOf } from './tables.ts';
import { withClient } from './transaction.ts';

/** What all rows of a version come to, at the positions named. Equal logs give equal digests, on every machine. */
export interface Digest {
  readonly projection: string;
  readonly version: number;
  readonly digest: string;
  /** How many rows each table has. */
  readonly rows: Readonly<Record<string, number>>;
  /** Token of the positions up to which events were applied. */
  readonly position: string;
  /** What is missing in it. */
  readonly parked: readonly { readonly topic: string; readonly key: string }[];
}

/** Rows in no order: the exclusive or of their hashes. A primary key makes them differ, so none cancels another. */
const tableDigest = (table: string) =>
  `select count(*)::int as rows,
          coalesce(bit_xor(('x' || encode(sha256(convert_to((to_jsonb(r) - $1::text[])::text, 'UTF8')), 'hex'))::bit(256))::text, '') as sum
     from ${table} r`;

/** Reads all rows of a version in one snapshot with its checkpoints; without the columns that are personal. */
export async function digestOf(pool: pg.Pool, projection: Projection): Promise<Digest> {
  return withClient(pool, async (client) => {
    await client.query(
      'begin isolation level repeatable read read only; lock table projection_version in access share mode',
    );
    const digest = await digestIn(client, projection);
    await client.query('commit');
    return digest;
  });
}

/** The same in the snapshot that the caller has begun. */
export async function digestIn(client: pg.ClientBase, projection: Projection): Promise<Digest> {
  const { name, version } = projection;
  // Times are shown in the session's zone; everywhere else the text of a row is the same on every machine.
  await client.query(`set local timezone = 'UTC'`);
  const { rows: standings } = await client.query<StandingRow>(
    'select * from projection_checkpoint where projection = $1 and version = $2 order by topic, partition',
    [name, version],
  );
  const all = createHash('sha256');
  const counts: Record<string, number> = {};
  for (const table of await tablesOf(client, projection)) {
    const { rows } = await client.query<{ rows: number; sum: string }>(
      tableDigest(`"${schemaOf(projection)}".${pg.escapeIdentifier(table)}`),
      [projection.personal?.[table] ?? []],
    );
    counts[table] = rows[0]?.rows ?? 0;
    all.update(JSON.stringify([table, rows[0]]));
  }
  const parked = await parkedKeys(client, standings);
  return {
    projection: name,
    version,
    digest: all.digest('hex'),
    rows: counts,
    position: encodePositions(vectorOf([projection], standings)),
    parked: parked.map(({ topic, key }) => ({ topic, key })),
  };
}
