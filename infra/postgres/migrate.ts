import { createHash, createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export type Service = 'drafting' | 'publication' | 'moderation' | 'reading';
/** Whatever has a schema and a role of its own. */
type Schema = Service | 'keyring' | 'vault';

export interface MigrateOptions {
  /** Shards of each log. Settled for ever by the first migration. */
  readonly shards: number;
  /** Of every service's role. */
  readonly password: string;
  /** Added to each role's name: roles belong to the whole cluster, not to one database. */
  readonly roleSuffix?: string;
}

/** Roles belong to a whole cluster: all who set it up with the same credentials give them the same password. Undefined without a secret in them. */
export function passwordOfRoles(adminUrl: string): string | undefined {
  const secret = new URL(adminUrl).password;
  return secret === '' ? undefined : createHmac('sha256', secret).update('roles of Stet').digest('base64url');
}

interface Target {
  readonly schema: Schema;
  readonly role: string;
  readonly folder: 'log' | 'reading' | 'keyring' | 'vault';
}

const folders = {
  ...({ drafting: 'log', publication: 'log', moderation: 'log' } as const),
  ...({ reading: 'reading', keyring: 'keyring', vault: 'vault' } as const),
};
const schemas = Object.keys(folders) as Schema[];
/** The one file of a folder that may change: functions, applied again after the numbered files whenever it has. */
const repeatable = 'functions.sql';
// Any number will do, as long as every migration of a database takes the same.
const lockKey = 5_783_833;

/**
 * Brings a database to the newest schema: roles, one schema a service, the numbered files of its folder that are not
 * applied yet, and the folder's functions when they differ from those applied last. May run any number of times and in
 * several processes at once. Answers each service's DATABASE_URL. Throws when an applied numbered file has changed, when
 * the database was made by a newer version, or for another number of shards.
 */
export async function migrate(adminUrl: string, options: MigrateOptions): Promise<Record<Schema, string>> {
  const roleOf = (schema: Schema) => `stet_${schema}${options.roleSuffix ?? ''}`;
  const targets = schemas.map((schema): Target => ({ schema, role: roleOf(schema), folder: folders[schema] }));
  const names = {
    shards: String(options.shards),
    drafting_role: pg.escapeIdentifier(roleOf('drafting')),
    moderation_role: pg.escapeIdentifier(roleOf('moderation')),
    reading_role: pg.escapeIdentifier(roleOf('reading')),
  };
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(`create table if not exists public.stet_migration (
      schema text, file text, digest text not null, applied_at timestamptz not null default now(),
      primary key (schema, file))`);
    // Roles first: a schema may let in the role of another.
    for (const target of targets) await createRole(client, target, options.password);
    for (const target of targets) {
      await applyFolder(client, target, names);
      if (target.folder === 'log') await checkShards(client, target.schema, options.shards);
    }
    return Object.fromEntries(
      targets.map(({ schema, role }) => [schema, urlOf(adminUrl, role, options.password)]),
    ) as Record<Schema, string>;
  } finally {
    await client.end();
  }
}

function urlOf(adminUrl: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Other databases of the cluster may be making or changing the same role; Postgres then refuses one of the two. */
async function createRole(client: pg.Client, { schema, role }: Target, password: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const login = `login password ${pg.escapeLiteral(password)}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const found = await client.query('select from pg_roles where rolname = $1', [role]);
      await client.query(`${found.rowCount ? 'alter' : 'create'} role ${name} ${login}`);
      // Reading owns what it holds, so the one who migrates has to be able to act as it.
      await client.query(`do $$ begin
        if not (select rolsuper from pg_roles where rolname = current_user) then
          execute format('grant %I to current_user', ${pg.escapeLiteral(role)});
        end if;
      end $$`);
      break;
    } catch (error) {
      if (attempt === 20) throw error;
      await pause(10 * attempt);
    }
  }
  // Plans are kept while tables grow: one made on an empty table must not scan it for ever. No acknowledged write is lost.
  const { database } =
    (await client.query<{ database: string }>('select current_database() as database')).rows[0] ?? {};
  const here = `alter role ${name} in database ${pg.escapeIdentifier(database ?? '')} set`;
  await client.query(`${here} search_path = ${schema}`);
  await client.query(`${here} synchronous_commit = on`);
  if (schema !== 'reading') await client.query(`${here} enable_seqscan = off`);
  // Each version of a read model has a schema of its own, made when it is first run.
  else await client.query(`grant create on database ${pg.escapeIdentifier(database ?? '')} to ${name}`);
}

type Names = Readonly<Record<'shards' | 'drafting_role' | 'moderation_role' | 'reading_role', string>>;

async function applyFolder(client: pg.Client, { schema, role, folder }: Target, names: Names): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await client.query(
    folder === 'reading'
      ? `create schema if not exists ${schema} authorization ${name}`
      : `create schema if not exists ${schema}`,
  );
  const applied = await appliedFiles(client, schema);
  const files = filesOf(folder);
  const unknown = [...applied.keys()].find((file) => !files.has(file));
  if (unknown !== undefined)
    throw new Error(
      `The database was made by a newer version: ${schema} has ${unknown}, which this one does not know.`,
    );
  for (const [file, text] of files) {
    const digest = createHash('sha256').update(text).digest('hex');
    if (applied.get(file) === digest) continue;
    if (applied.has(file) && file !== repeatable)
      throw new Error(`${folder}/${file} was changed after it was applied; add a new file instead.`);
    const sql = text.replace(
      /(?<!:):(schema|role|shards|drafting_role|moderation_role|reading_role)\b/g,
      (_all, token: keyof Names | 'schema' | 'role') => ({ ...names, schema, role: name })[token],
    );
    await client.query(
      `begin; ${folder === 'reading' ? `set local role ${name};` : ''} ${sql}
       ; reset role; insert into public.stet_migration (schema, file, digest)
       values (${[schema, file, digest].map((value) => pg.escapeLiteral(value)).join(', ')})
       on conflict (schema, file) do update set digest = excluded.digest, applied_at = now(); commit`,
    );
  }
}

async function appliedFiles(client: pg.Client, schema: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ file: string; digest: string }>(
    'select file, digest from public.stet_migration where schema = $1',
    [schema],
  );
  return new Map(rows.map(({ file, digest }) => [file, digest]));
}

/** In the order they are applied in: digits sort before letters. */
function filesOf(folder: string): Map<string, string> {
  const url = new URL(`${folder}/`, import.meta.url);
  const names = existsSync(url)
    ? readdirSync(url).filter((name) => /^\d{4}_.*\.sql$/.test(name) || name === repeatable)
    : [];
  return new Map(names.sort().map((name) => [name, readFileSync(new URL(name, url), 'utf8')]));
}

async function checkShards(client: pg.Client, schema: string, shards: number): Promise<void> {
  const { rows } = await client.query<{ shards: number }>(`select shards from ${schema}.log`);
  const found = rows[0]?.shards;
  if (found !== shards)
    throw new Error(`STET_SHARDS is ${shards}, but the log of ${schema} has ${found ?? 0}; the number never changes.`);
}
