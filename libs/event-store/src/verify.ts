import { createHash } from 'node:crypto';
import type pg from 'pg';
import { type Covered, covered, innerHash } from './append.ts';

/** Where a shard's chain stands; anchored outside the database, it shows a cut tail or a rewritten history. `hash` is hexadecimal. */
export interface Head {
  /** The id under which the chain was begun. An import goes on with it, while its log has an id of its own. */
  readonly logId: string;
  readonly shard: number;
  readonly position: bigint;
  readonly hash: string;
}
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly shard: number; readonly position: bigint; readonly why: string };

/** What of a row is in the chain, as the database writes it; numbers may be text. */
export interface ChainRow extends Covered {
  position: string;
  version: string;
  recorded_at: string;
  hash: Buffer;
}
const asText = (column: string) => (/payload|metadata/.test(column) ? `${column}::text` : column);
export const chainColumns = ['position', 'version', 'recorded_at', 'hash', ...covered.map(asText)].join();
const page = 1000;

export async function heads(pool: pg.Pool | pg.ClientBase): Promise<Head[]> {
  const { rows } = await pool.query<{ origin: string; shard: number; position: string; hash: Buffer }>(
    'select origin, shard, position, hash from head, log order by shard',
  );
  return rows.map((row) => ({
    logId: row.origin,
    shard: row.shard,
    position: BigInt(row.position),
    hash: row.hash.toString('hex'),
  }));
}

/** What comes before the first event of a shard. */
export const genesis = (logId: string, shard: number) => createHash('sha256').update(`${logId}:${shard}`).digest();

/** SHA-256 over: previous hash (32 bytes), position, stream version, microseconds (8 bytes each, big endian), inner hash (32 bytes). */
function linkOver(previous: Buffer, row: ChainRow, columns: readonly (keyof Covered)[]): Buffer {
  const numbers = Buffer.alloc(24);
  for (const [at, value] of [row.position, row.version, row.recorded_at].entries())
    numbers.writeBigInt64BE(BigInt(value), at * 8);
  return createHash('sha256').update(previous).update(numbers).update(innerHash(row, columns), 'hex').digest();
}

/** What of this row its hash covers: all of it, or what it did in older logs. It comes to one of them only if it is what was recorded. */
export const coveredIn = (previous: Buffer, row: ChainRow): readonly (keyof Covered)[] =>
  linkOver(previous, row, covered).equals(row.hash) ? covered : covered.slice(0, 5);

/** The hash of a row: not the one that stands in it, if the row is not what was recorded. */
export function link(previous: Buffer, row: ChainRow): Buffer {
  const whole = linkOver(previous, row, covered);
  return whole.equals(row.hash) ? whole : linkOver(previous, row, covered.slice(0, 5));
}

/** What one look at a log sees: nothing that is appended meanwhile. */
type Look = pg.ClientBase;
/** Told of every page of rows that fits: the shard, and how far of how many positions. */
export type Checked = (shard: number, position: bigint, of: bigint) => void;

async function* chain(look: Look, shard: number): AsyncGenerator<ChainRow> {
  let after = '0';
  for (;;) {
    const { rows } = await look.query<ChainRow>(
      `select ${chainColumns} from event where shard = $1 and position > $2 order by position limit ${page}`,
      [shard, after],
    );
    yield* rows;
    if (rows.length < page) return;
    after = rows.at(-1)?.position ?? after;
  }
}

/**
 * Recomputes the chain of every shard and holds it against its head and against anchors; names the first position that does not fit. All of
 * it in one snapshot, which must be taken after the anchors were read: the log may only have grown since. Writes nothing.
 */
export async function verify(
  pool: pg.Pool,
  anchors: readonly Head[],
  checked: Checked = () => undefined,
): Promise<Verdict> {
  const look = await pool.connect();
  try {
    await look.query('begin isolation level repeatable read read only');
    return await verifyAll(look, anchors, checked);
  } finally {
    const ended = await look.query('rollback').then(
      () => true,
      () => false,
    );
    look.release(!ended);
  }
}

async function verifyAll(look: Look, anchors: readonly Head[], checked: Checked): Promise<Verdict> {
  const found = await heads(look);
  const stray = await strayShard(look, found, anchors);
  if (stray !== undefined) return { ok: false, shard: stray, position: 0n, why: 'the shard has no head' };
  for (const head of found) {
    const known = anchors.filter(({ logId }) => logId === head.logId);
    if (anchors.length > 0 && known.length === 0)
      return { ok: false, shard: head.shard, position: 0n, why: 'the anchors are those of another log' };
    const verdict = await verifyShard(look, head, { anchors: known, checked });
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

/** A shard that the log is made for, that was anchored, or that has rows, and whose head is gone. */
async function strayShard(look: Look, found: readonly Head[], anchors: readonly Head[]): Promise<number | undefined> {
  const { rows } = await look.query<{ shard: number }>(
    `select shard from log, generate_series(0, shards - 1) as shard
      union select shard from (select distinct shard from event) as written order by 1`,
  );
  const known = new Set(found.map(({ shard }) => shard));
  const [logId] = found.map((head) => head.logId);
  const anchored = anchors.filter((anchor) => anchor.logId === logId);
  return [...rows, ...anchored].map(({ shard }) => shard).find((shard) => !known.has(shard));
}

interface Against {
  readonly anchors: readonly Head[];
  readonly checked: Checked;
}

async function verifyShard(look: Look, head: Head, { anchors, checked }: Against): Promise<Verdict> {
  const { shard } = head;
  const witnesses = Map.groupBy(
    anchors.filter((anchor) => anchor.shard === shard),
    ({ position }) => position,
  );
  let hash: Buffer = genesis(head.logId, shard);
  let position = 0n;
  const broken = (why: string): Verdict => ({ ok: false, shard, position, why });
  for await (const row of chain(look, shard)) {
    position += 1n;
    if (BigInt(row.position) !== position) return broken('a position is missing');
    if (position > head.position) return broken('the row comes after the head');
    hash = link(hash, row);
    if (!hash.equals(row.hash)) return broken('the row is not what was recorded');
    if (witnesses.get(position)?.some((anchor) => anchor.hash !== hash.toString('hex')))
      return broken('the history is not the one that was anchored');
    if (position % BigInt(page) === 0n) checked(shard, position, head.position);
  }
  const lacking = lackingAtEnd(head, { hash: hash.toString('hex'), position }, [...witnesses.keys()]);
  if (lacking !== undefined) return broken(lacking);
  checked(shard, position, head.position);
  return { ok: true };
}

function lackingAtEnd(
  head: Head,
  end: Pick<Head, 'hash' | 'position'>,
  anchored: readonly bigint[],
): string | undefined {
  if (head.position > end.position) return 'the log ends before its head';
  if (head.hash !== end.hash) return 'the head is not that of the last row';
  return anchored.some((position) => position > end.position) ? 'the log ends before its anchor' : undefined;
}
