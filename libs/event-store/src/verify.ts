import { createHash } from 'node:crypto';
import type pg from 'pg';
import { innerHash } from './append.ts';

/** Where a shard's chain stands; anchored outside the database, it shows a cut tail or a rewritten history. `hash` is hexadecimal. */
export interface Head {
  readonly logId: string;
  readonly shard: number;
  readonly position: bigint;
  readonly hash: string;
}
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly shard: number; readonly position: bigint; readonly why: string };

interface ChainRow {
  position: string;
  stream: string;
  version: string;
  type: string;
  schema_version: number;
  payload: string;
  metadata: string;
  recorded_at: string;
  hash: Buffer;
}
const page = 1000;

export async function heads(pool: pg.Pool): Promise<Head[]> {
  const { rows } = await pool.query<{ id: string; shard: number; position: string; hash: Buffer }>(
    'select log.id, shard, position, hash from head, log order by shard',
  );
  return rows.map((row) => ({
    logId: row.id,
    shard: row.shard,
    position: BigInt(row.position),
    hash: row.hash.toString('hex'),
  }));
}

/** What comes before the first event of a shard. */
export const genesis = (logId: string, shard: number) => createHash('sha256').update(`${logId}:${shard}`).digest();

/** SHA-256 over: previous hash (32 bytes), position, stream version, microseconds (8 bytes each, big endian), inner hash (32 bytes). */
function link(previous: Buffer, row: ChainRow): Buffer {
  const numbers = Buffer.alloc(24);
  for (const [at, value] of [row.position, row.version, row.recorded_at].entries())
    numbers.writeBigInt64BE(BigInt(value), at * 8);
  const inner = Buffer.from(innerHash({ ...row, schemaVersion: row.schema_version }), 'hex');
  return createHash('sha256').update(previous).update(numbers).update(inner).digest();
}

async function* chain(pool: pg.Pool, shard: number): AsyncGenerator<ChainRow> {
  let after = '0';
  for (;;) {
    const { rows } = await pool.query<ChainRow>(
      `select position, stream, version, type, schema_version, payload::text, metadata::text, recorded_at, hash
         from event where shard = $1 and position > $2 order by position limit ${page}`,
      [shard, after],
    );
    yield* rows;
    if (rows.length < page) return;
    after = rows.at(-1)?.position ?? after;
  }
}

/** Recomputes the chain of every shard and holds it against its head and against anchors; names the first position that does not fit. */
export async function verify(pool: pg.Pool, anchors: readonly Head[]): Promise<Verdict> {
  // Read after the anchors were: the log may only have grown since.
  for (const head of await heads(pool)) {
    const known = anchors.filter(({ logId }) => logId === head.logId);
    if (anchors.length > 0 && known.length === 0)
      return { ok: false, shard: head.shard, position: 0n, why: 'the anchors are those of another log' };
    const verdict = await verifyShard(pool, head, known);
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

async function verifyShard(pool: pg.Pool, head: Head, anchors: readonly Head[]): Promise<Verdict> {
  const { shard } = head;
  const witnesses = Map.groupBy(
    anchors.filter((anchor) => anchor.shard === shard),
    ({ position }) => position,
  );
  let hash: Buffer = genesis(head.logId, shard);
  let position = 0n;
  const broken = (why: string): Verdict => ({ ok: false, shard, position, why });
  for await (const row of chain(pool, shard)) {
    position += 1n;
    if (BigInt(row.position) !== position) return broken('a position is missing');
    hash = link(hash, row);
    if (!hash.equals(row.hash)) return broken('the row is not what was recorded');
    if (witnesses.get(position)?.some((anchor) => anchor.hash !== hash.toString('hex')))
      return broken('the history is not the one that was anchored');
    if (position === head.position) break; // what was appended since is for the next time
  }
  if (head.position > position) return broken('the log ends before its head');
  if (head.hash !== hash.toString('hex')) return broken('the head is not that of the last row');
  if ([...witnesses.keys()].some((anchored) => anchored > position)) return broken('the log ends before its anchor');
  return { ok: true };
}
