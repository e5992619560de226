// An archive is a folder: one file for each schema, with a line of JSON for each row, and a manifest that is written last.
import { type ChainRow, genesis, type Head, link } from '#event-store';
import { Wrong } from './command.ts';
import { type Writer, writers } from './ground.ts';

/** Tables of a log that are kept, in the order that they stand in the file, and how their rows are ordered. */
const ofLog = {
  log: ['id'],
  head: ['shard'],
  event: ['shard', 'position'],
  repeat: ['command_id'],
  timer: ['stream', 'name'],
  reaction_checkpoint: ['topic', 'partition'],
  reaction_parked: ['id'],
  parked_wish: ['id'],
} as const;
/** How far its relay has come and who holds its leases is of the system, not of the log: another one sends everything again. */
export const leftOut = ['relay_cursor', 'relay_lease', 'timer_lease'];
const ofKeyring = {
  house: ['only_one'],
  person: ['id'],
  holding: ['person', 'stream'],
  alias: ['mark', 'person'],
} as const;

/** The keyring is a file of its own, to be kept elsewhere or not at all. */
export const parts = [...writers, 'keyring'] as const;
export type Part = (typeof parts)[number];
export const tablesOf = (part: Part): Readonly<Record<string, readonly string[]>> =>
  part === 'keyring' ? ofKeyring : ofLog;

/** A row with each column as Postgres writes it as text; that of `json` is the very text that was hashed. */
export type Row = Readonly<Record<string, string | null>>;

interface Kept {
  readonly file: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly rows: Readonly<Record<string, number>>;
  /** The numbered files that had made its tables. */
  readonly migrations: readonly string[];
}
/** Where a shard's chain stands; the position is text, as JSON has no such numbers. */
export type KeptHead = Omit<Head, 'position'> & { readonly position: string };
export interface Manifest {
  readonly format: 1;
  readonly made_at: string;
  readonly parts: Readonly<Record<Part, Kept>>;
  readonly heads: Readonly<Record<Writer, readonly KeptHead[]>>;
}
export const manifestFile = 'manifest.json';

/** Follows the chains of a log through its rows. Throws Wrong, which names the first position that does not fit. */
export function followChain(service: Writer, heads: readonly Head[]) {
  const ends = new Map<number, { position: bigint; hash: Buffer }>(
    heads.map(({ logId, shard }) => [shard, { position: 0n, hash: genesis(logId, shard) }]),
  );
  const wrong = (shard: number, position: bigint, why: string) =>
    new Wrong(`${service}: shard ${shard}, position ${position}: ${why}`);
  return {
    /** The next row, in the order of shards and positions. */
    take(row: Row): void {
      const shard = Number(row.shard);
      const end = ends.get(shard);
      if (!end) throw wrong(shard, 0n, 'the shard has no head');
      end.position += 1n;
      if (BigInt(row.position ?? 0) !== end.position) throw wrong(shard, end.position, 'a position is missing');
      const { schema_version: schemaVersion, hash } = row;
      const recorded = Buffer.from((hash ?? '').slice('\\x'.length), 'hex');
      const chained = { ...row, schema_version: Number(schemaVersion), hash: recorded } as unknown as ChainRow;
      end.hash = link(end.hash, chained);
      if (!recorded.equals(end.hash)) throw wrong(shard, end.position, 'the row is not what was recorded');
    },
    /** After the last row. */
    end(): void {
      for (const { shard, position, hash } of heads) {
        const end = ends.get(shard);
        if (end?.position !== position || end.hash.toString('hex') !== hash)
          throw wrong(shard, end?.position ?? 0n, `the head says ${position}, and another hash`);
      }
    },
  };
}
