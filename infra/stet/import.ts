import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { heads } from '#event-store';
import { house, MasterKey } from '#keyring';
import { type StackSettings, stackSettings, toStandardError, withServers } from '../stack/stack.ts';
import {
  columnsOf,
  folderOf,
  followChain,
  isLog,
  kept,
  type Manifest,
  migrationsOf,
  type Part,
  type Row,
  tablesOf,
  within,
} from './archive.ts';
import { type Command, Wrong } from './command.ts';
import { requireNoMessages, requireStopped, takeEmpty } from './empty.ts';
import { type Ground, writers } from './ground.ts';
import { manifestIn, pagesIn, partsIn } from './read-archive.ts';

interface Loading {
  readonly client: pg.ClientBase;
  readonly ground: Ground;
  readonly folder: string;
  readonly manifest: Manifest;
  /** What is looked at in the keyring, by table. */
  readonly keys: Readonly<Record<string, (row: Row) => void>>;
}

function requireShards(manifest: Manifest, { shards }: StackSettings): void {
  for (const service of writers) {
    const { length } = manifest.heads[service];
    if (length !== shards)
      throw new Wrong(`The log of ${service} has ${length} shards: set STET_SHARDS to that; it is ${shards}.`);
  }
}

function masterKeyOf({ masterKey, home }: StackSettings): MasterKey {
  const file = join(home, 'keyring-key');
  if (masterKey) return new MasterKey(masterKey);
  if (existsSync(file)) return new MasterKey(Buffer.from(readFileSync(file, 'utf8'), 'base64url'));
  throw new Wrong(
    `The keyring opens only under its own master key: set KEYRING_MASTER_KEY to that, or copy the file keyring-key of the old STET_HOME to ${file}.`,
  );
}

/** Refuses keys that the master key does not open. The erased have none. */
function opening(master: MasterKey): Loading['keys'] {
  const open = (of: string, key: string | null = null) => {
    try {
      if (key !== null) master.unwrap(of, Buffer.from(key.slice('\\x'.length), 'hex'));
    } catch {
      throw new Wrong(`it was made with another master key than the one here: that does not open the key of ${of}`);
    }
  };
  const ofOne = ({ id, key }: Row) => {
    open(id ?? '', key);
  };
  return {
    house: ({ key }) => {
      open(house, key);
    },
    person: ofOne,
    source_key: ofOne,
  };
}

/** Writes rows into the tables of a part, each column as its text says. */
function into(client: pg.ClientBase, part: Part) {
  const known = new Map<string, { names: readonly string[]; sql: string }>();
  async function look(table: string) {
    if (!Object.hasOwn(tablesOf(part), table)) throw new Wrong(`there is no table ${table}`);
    const columns = await columnsOf(client, table);
    const names = columns.map(({ name }) => name);
    const from = `from unnest(${names.map((_, at) => `$${at + 1}::text[]`).join(', ')}) as kept(${names.join(', ')})`;
    const values = columns.map(({ name, type }) => `kept.${name}::${type}`).join(', ');
    // A log keeps the id that it has here, which is nobody else's.
    const sql =
      table === 'log'
        ? `update log set origin = kept.origin::uuid, created_at = kept.created_at::timestamptz ${from}`
        : `insert into ${table} (${names.join(', ')}) overriding system value select ${values} ${from}`;
    known.set(table, { names, sql });
    return { names, sql };
  }
  return async (table: string, rows: readonly Row[]): Promise<void> => {
    const { names, sql } = known.get(table) ?? (await look(table));
    if (rows.some((row) => Object.keys(row).join() !== names.join()))
      throw new Wrong(`a row of ${table} has other columns than the table`);
    await client.query(
      sql,
      names.map((name) => rows.map((row) => row[name])),
    );
  };
}

/** Reads a file into its tables, which are empty. Answers the id that its log had. */
async function load({ client, ground, folder, manifest, keys }: Loading, part: Part): Promise<string> {
  const { file, rows: counts } = manifest.parts[part];
  const chain = isLog(part) ? followChain(manifest.heads[part]) : undefined;
  let logId = '';
  const noteId = ({ id }: Row) => {
    logId = id ?? '';
  };
  const seen: Record<string, ((row: Row) => void) | undefined> = { ...keys, event: chain?.take, log: noteId };
  const write = into(client, part);
  const counted = new Map<string, number>();
  for await (const { table, rows } of pagesIn(join(folder, file))) {
    for (const row of rows) seen[table]?.(row);
    await write(table, rows);
    counted.set(table, (counted.get(table) ?? 0) + rows.length);
    ground.progress(`${part}: ${counted.get(table)} of ${counts[table]} rows of ${table}`);
  }
  chain?.end();
  for (const table of Object.keys(tablesOf(part))) requireCount(table, counted.get(table), counts[table]);
  return logId;
}

function requireCount(table: string, found = 0, said = 0): void {
  if (found !== said) throw new Wrong(`it has ${found} rows of ${table}, and the manifest says ${said}`);
}

async function loadPart(loading: Loading, part: Part): Promise<string> {
  const { client, manifest } = loading;
  await client.query(`set local search_path = ${part}`);
  const here = (await migrationsOf(client, part)).join(', ');
  if (manifest.parts[part].migrations.join(', ') !== here)
    throw new Wrong('it was made by another version of Stet: import it with that one, then start the newer one');
  // A service that was started once has made itself a key.
  if (part !== 'vault') await client.query(`delete from ${isLog(part) ? 'head' : 'house'}`);
  const logId = await load(loading, part);
  if (!isLog(part)) return '';
  if (JSON.stringify((await heads(client)).map(kept)) !== JSON.stringify(manifest.heads[part]))
    throw new Wrong('its heads are not those of the manifest');
  // Numbers that were given out are not given out again, also to what is no longer parked.
  await client.query(
    `select setval(pg_get_serial_sequence('parked_wish', 'id'), coalesce(max(id), 0) + 1, false) from parked_wish;
     select setval(pg_get_serial_sequence('reaction_parked', 'id'), coalesce(max(id), 0) + 1, false)
       from (select id from reaction_parked union all select parked_id from parked_wish) as given`,
  );
  return logId;
}

/** Reactions go on behind what they have reacted to: at the same positions of the logs as they are here. Those are sent anew, from offset 0. */
async function carryCheckpoints(client: pg.ClientBase, before: ReadonlyMap<Part, string>): Promise<void> {
  for (const service of writers) {
    const table = `${service}.reaction_checkpoint`;
    for (const topic of writers)
      await client.query(
        `update ${table} set log_id = (select id from ${topic}.log), next_offset = 0 where topic = $1 and log_id = $2`,
        [topic, before.get(topic)],
      );
    const { rowCount } = await client.query(`select from ${table} where next_offset > 0`);
    if (rowCount) throw new Wrong(`${service}: a reaction's checkpoint is of a log that is not in the archive`);
  }
}

/** All of it, or nothing. */
async function loadAll(loading: Loading, there: readonly Part[]): Promise<void> {
  const { client } = loading;
  await client.query(`begin; set local lock_timeout = '10s'`);
  await takeEmpty(client);
  const before = new Map<Part, string>();
  for (const part of there) before.set(part, await within(part, () => loadPart(loading, part)));
  await carryCheckpoints(client, before);
  await client.query('commit');
}

function tell({ manifest }: Loading, there: readonly Part[]): string[] {
  const counts = there.map((part) => {
    const rows = Object.entries(manifest.parts[part].rows);
    return `${part}  ${rows.map(([table, count]) => `${table} ${count}`).join(', ')}`;
  });
  const without = {
    keyring: 'keyring  not in the archive: what readers wrote stays sealed, and is taken for that of the erased',
    vault: 'vault  not in the archive: who the confidential sources are stays sealed, as if their keys were destroyed',
  };
  const sealed = Object.entries(without).flatMap(([part, text]) => (there.includes(part as Part) ? [] : [text]));
  return [...counts, ...sealed, 'Start the services: everything is sent anew.'];
}

export const importCommand: Command = {
  operands: ['DIR'],
  about: 'fills an empty system, whose services are stopped, with an export',
  async run(ground, [dir = '']) {
    const folder = folderOf(ground, dir);
    const manifest = await manifestIn(folder);
    const there = await partsIn(folder, manifest, ground);
    const settings = stackSettings(ground.env);
    requireShards(manifest, settings);
    const keys = there.some((part) => !isLog(part)) ? opening(masterKeyOf(settings)) : {};
    return withServers({ settings, report: toStandardError, entered: stopBySignal }, async (servers) => {
      const client = new pg.Client({ connectionString: servers.adminUrl });
      await client.connect();
      try {
        await requireStopped(client, servers.databaseUrls);
        await requireNoMessages(ground.broker());
        const loading = { client, ground, folder, manifest, keys };
        await loadAll(loading, there);
        return { lines: tell(loading, there), json: { parts: there, heads: manifest.heads }, wrong: false };
      } finally {
        await client.end();
      }
    });
  },
};

/** What was started goes when we are told to; what was not committed is as if it had never been. */
function stopBySignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(1)));
}
