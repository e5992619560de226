import type pg from 'pg';
import {
  chainColumns,
  type ChainRow,
  coveredIn,
  genesis,
  type Head,
  heads,
  innerHash,
  link,
  shardOf,
} from '#event-store';
import { type Command, Wrong } from './command.ts';
import { type Ground, type Writer, writers } from './ground.ts';
import { anchorsOf } from './verify.ts';

/** An event of the article, with all that its inner hash covers: first of all stream, type, schema version, metadata, payload. */
interface Own {
  readonly version: string;
  readonly recordedAt: string;
  readonly covers: readonly string[];
}
/** An event of another article: stream version, microseconds, inner hash. It says nothing of what is in it. */
type Other = readonly [string, string, string];
/** A piece of the chain, from an event of the article to the next head that was noted outside the database. */
interface Segment {
  /** Position of the first link, and the hash before it. */
  readonly first: string;
  readonly previous: string;
  readonly links: readonly (Own | Other)[];
  /** What the last link must come to. */
  readonly anchor: { readonly position: string; readonly hash: string };
}
interface LogProof {
  readonly service: Writer;
  readonly logId: string;
  readonly shard: number;
  readonly segments: readonly Segment[];
}
interface Span {
  readonly from: bigint;
  readonly anchor: Head;
}

/** Each event up to the next anchor; those before the same anchor share a piece. */
function spansOf(positions: readonly bigint[], anchors: readonly Head[]): Span[] {
  const ordered = anchors.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  const spans: Span[] = [];
  let at = 0;
  for (const position of positions) {
    while (at < ordered.length && (ordered[at]?.position ?? 0n) < position) at += 1;
    const anchor = ordered[at];
    if (!anchor) throw new Wrong(`Position ${position} has not been anchored yet: ask again in a few seconds.`);
    if (spans.at(-1)?.anchor !== anchor) spans.push({ from: position, anchor });
  }
  return spans;
}

/** What both witnesses know, if that reaches as far: whoever checks the proof may have either. */
function preferred(file: readonly Head[], topic: readonly Head[], upTo: bigint): readonly Head[] {
  const nameOf = ({ position, hash }: Head) => `${position} ${hash}`;
  const inFile = new Set(file.map(nameOf));
  const both = topic.filter((anchor) => inFile.has(nameOf(anchor)));
  return both.some(({ position }) => position >= upTo) ? both : [...file, ...topic];
}

async function hashBefore(pool: pg.Pool, { logId, shard }: Head, position: bigint): Promise<Buffer> {
  if (position === 1n) return genesis(logId, shard);
  const { rows } = await pool.query<{ hash: Buffer }>('select hash from event where shard = $1 and position = $2', [
    ...[shard, String(position - 1n)],
  ]);
  return rows[0]?.hash ?? Buffer.alloc(0);
}

function linkOf(row: ChainRow & { own: boolean }, previous: Buffer): Own | Other {
  const columns = coveredIn(previous, row);
  return row.own
    ? { version: row.version, recordedAt: row.recorded_at, covers: columns.map((column) => String(row[column] ?? '')) }
    : [row.version, row.recorded_at, innerHash(row, columns)];
}

async function segmentOf(pool: pg.Pool, article: string, { from, anchor }: Span): Promise<Segment> {
  const previous = await hashBefore(pool, anchor, from);
  const { rows } = await pool.query<ChainRow & { own: boolean }>(
    `select ${chainColumns}, key = $1 as own from event where shard = $2 and position between $3 and $4 order by position`,
    [article, anchor.shard, String(from), String(anchor.position)],
  );
  const { position, hash } = anchor;
  if (rows.reduce(link, previous).toString('hex') !== hash)
    throw new Wrong(`The log does not come to what was noted of it at position ${position}: ask verify.`);
  return {
    ...{ first: String(from), previous: previous.toString('hex') },
    links: rows.map((row, at) => linkOf(row, rows[at - 1]?.hash ?? previous)),
    anchor: { position: String(position), hash },
  };
}

async function proofOf(ground: Ground, service: Writer, article: string): Promise<LogProof | undefined> {
  const pool = ground.pool(service);
  const all = await heads(pool);
  const head = all.find(({ shard }) => shard === shardOf(article, all.length));
  if (!head) throw new Wrong(`The log of ${service} has no head for this article's shard: ask verify.`);
  const { logId, shard } = head;
  const { rows } = await pool.query<{ position: string }>(
    'select position from event where key = $1 and shard = $2 order by position',
    [article, shard],
  );
  if (rows.length === 0) return undefined;
  const { file, topic } = await anchorsOf(ground, service);
  const own = (anchor: Head) => anchor.logId === logId && anchor.shard === shard;
  const positions = rows.map(({ position }) => BigInt(position));
  const anchors = preferred(file.filter(own), topic.filter(own), positions.at(-1) ?? 0n);
  const segments: Segment[] = [];
  for (const span of spansOf(positions, anchors)) {
    segments.push(await segmentOf(pool, article, span));
    ground.progress(`${service}: proven up to position ${span.anchor.position}`);
  }
  return { service, logId, shard, segments };
}

export const proveCommand: Command = {
  operands: ['ARTICLE'],
  about: 'a proof that the events of an article are in the logs, for docs/check-proof.mjs',
  async run(ground, [article = '']) {
    const logs: LogProof[] = [];
    for (const service of writers) {
      const proof = await proofOf(ground, service, article);
      if (proof) logs.push(proof);
    }
    if (logs.length === 0) throw new Wrong(`No log has an event of an article ${article}.`);
    const proof = { format: 2, article, logs };
    return { lines: [JSON.stringify(proof)], json: proof, wrong: false };
  },
};
