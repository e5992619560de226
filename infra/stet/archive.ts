// An archive is a folder: one file for each schema, with a line of JSON for each row, and a manifest that is written last.
import { resolve } from 'node:path';
import type pg from 'pg';
import Type, { type Static } from 'typebox';
import { type ChainRow, genesis, type Head, link } from '#event-store';
import { codeOf } from '../stack/trouble.ts';
import { Wrong } from './command.ts';
import { type Ground, type Writer, writers } from './ground.ts';

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
  autosave: ['stream', 'person', 'session'],
} as const;
/** How far its relay has come and who holds its leases is of the system, not of the log: another one sends everything again. */
export const leftOut = ['relay_cursor', 'relay_lease', 'timer_lease', 'editing_lease', 'presence'];
const ofKeyring = {
  house: ['only_one'],
  person: ['id'],
  holding: ['person', 'stream'],
  alias: ['mark', 'person'],
} as const;

const ofVault = {
  source_key: ['id'],
  alert: ['source', 'place'],
  alert_seen: ['source', 'place', 'person'],
  looked: ['shard'],
  sought: ['source'],
} as const;

/** Keyring and vault are files of their own, to be kept elsewhere or not at all. */
const keysAlone = ['keyring', 'vault'] as const;
export const parts = [...writers, ...keysAlone] as const;
export type Part = (typeof parts)[number];
export const isLog = (part: Part): part is Writer => (writers as readonly Part[]).includes(part);
const ofKeys = { keyring: ofKeyring, vault: ofVault };
export const tablesOf = (part: Part): Readonly<Record<string, readonly string[]>> =>
  isLog(part) ? ofLog : ofKeys[part];

/** A row with each column as Postgres writes it as text; that of `json` is the very text that was hashed. */
export type Row = Readonly<Record<string, string | null>>;

const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Kept = Type.Object({
  file: Type.String({ pattern: String.raw`^\w+\.ndjson\.gz$` }),
  /** Of the file. */
  sha256: hash,
  rows: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  /** The numbered files that had made its tables. */
  migrations: Type.Array(Type.String()),
});
/** Where a shard's chain stands; the position is text, as JSON has no such numbers. */
const KeptHead = Type.Object({
  ...{
    logId: Type.String(),
    shard: Type.Integer({ minimum: 0 }),
    position: Type.String({ pattern: String.raw`^\d+$` }),
  },
  hash,
});
const KeptHeads = Type.Array(KeptHead);
export const Manifest = Type.Object({
  format: Type.Literal(1),
  made_at: Type.String(),
  parts: Type.Object({ drafting: Kept, publication: Kept, moderation: Kept, keyring: Kept, vault: Kept }),
  heads: Type.Object({ drafting: KeptHeads, publication: KeptHeads, moderation: KeptHeads }),
});
export type Manifest = Static<typeof Manifest>;
type KeptHead = Static<typeof KeptHead>;
export const manifestFile = 'manifest.json';
export const kept = (head: Head): KeptHead => ({ ...head, position: String(head.position) });

/** Where a relative path begins when npm has gone to the folder of the project. */
export const folderOf = ({ env }: Ground, dir: string) => resolve(env.INIT_CWD ?? process.cwd(), dir);

/** The columns of a table and their types, as the search path finds it. */
export async function columnsOf(client: pg.ClientBase, table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return rows;
}

/** The numbered files that have made a schema's tables. */
export async function migrationsOf(client: pg.ClientBase, part: Part): Promise<string[]> {
  const { rows } = await client.query<{ file: string }>(
    `select file from public.stet_migration where schema = $1 and file ~ '^[0-9]' order by file`,
    [part],
  );
  return rows.map(({ file }) => file);
}

/** Says of which part something is wrong. */
export async function within<T>(part: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What Postgres says of values, what zlib says of a file, and what is no JSON or no number.
    const isOfRows = error instanceof SyntaxError || /^(22|23|Z_)/.test(String(codeOf(error)));
    if (!(error instanceof Wrong) && !isOfRows) throw error;
    throw new Wrong(`${part}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

/** Follows the chains of a log through its rows. Throws Wrong, which names the first position that does not fit. */
export function followChain(heads: readonly KeptHead[]) {
  const ends = new Map<number, { position: bigint; hash: Buffer }>(
    heads.map(({ logId, shard }) => [shard, { position: 0n, hash: genesis(logId, shard) }]),
  );
  const wrong = (shard: number, position: bigint, why: string) =>
    new Wrong(`shard ${shard}, position ${position}: ${why}`);
  return {
    /** The next row, in the order of shards and positions. */
    take: (row: Row): void => {
      const shard = Number(row.shard);
      const end = ends.get(shard);
      if (!end) throw wrong(shard, 0n, 'the shard has no head');
      end.position += 1n;
      if (BigInt(row.position ?? 0) !== end.position) throw wrong(shard, end.position, 'a position is missing');
      const recorded = Buffer.from((row.hash ?? '').slice('\\x'.length), 'hex');
      end.hash = link(end.hash, { ...row, hash: recorded } as unknown as ChainRow);
      if (!recorded.equals(end.hash)) throw wrong(shard, end.position, 'the row is not what was recorded');
    },
    /** After the last row. */
    end: (): void => {
      for (const { shard, position, hash: hex } of heads) {
        const end = ends.get(shard);
        if (String(end?.position) !== position || end?.hash.toString('hex') !== hex)
          throw wrong(shard, end?.position ?? 0n, `the head says ${position}, and another hash`);
      }
    },
  };
}
