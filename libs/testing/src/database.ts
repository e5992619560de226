import { createHash, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate, passwordOfRoles } from '../../../infra/postgres/migrate.ts';

export interface TestDatabase {
  /** May do anything in this database; for looking behind the services' backs. */
  readonly adminUrl: string;
  /** What each service is given as DATABASE_URL; and that of the keyring's own role. */
  readonly urls: Awaited<ReturnType<typeof migrate>>;
  /** Removes the database, closing whatever is still connected to it. */
  drop(): Promise<void>;
}

const migrations = fileURLToPath(new URL('../../../infra/postgres/', import.meta.url));
const logs = ['drafting', 'publication', 'moderation'];
// Any number will do, as long as all tests of a cluster take the same.
const lockKey = 5_783_834;

/** A migrated database of the test's own, in the cluster that STET_TEST_DATABASE_URL names. */
export async function createTestDatabase({ shards = 1 } = {}): Promise<TestDatabase> {
  const cluster = process.env.STET_TEST_DATABASE_URL;
  if (!cluster) throw new Error('STET_TEST_DATABASE_URL names the Postgres cluster that tests may make databases in.');
  const name = `stet_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const template = await templateOf(cluster, shards);
  // As files: page by page through the write-ahead log is three times the work.
  await run(cluster, `create database ${name} template ${template} strategy file_copy`);
  const adminUrl = urlOf(cluster, name);
  // Each log has an id of its own, from which its chains begin.
  await run(
    adminUrl,
    ...logs.map(
      (
        log,
      ) => `with fresh as (select gen_random_uuid() as id) update ${log}.log set id = fresh.id, origin = fresh.id from fresh;
        update ${log}.head set hash = sha256(convert_to(log.id || ':' || shard, 'UTF8')) from ${log}.log`,
    ),
  );
  // What roles are told for one database is not copied with it.
  const urls = await migrate(adminUrl, { shards, password: passwordOf(cluster) });
  return { adminUrl, urls, drop: () => drop(cluster, name) };
}

/** Whoever has just said that they go is given a moment: cut off, a client that has ended would report it to whatever test runs by then. */
async function drop(cluster: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  try {
    for (let looks = 0; looks < 50; looks += 1) {
      if ((await client.query('select from pg_stat_activity where datname = $1', [name])).rowCount === 0) break;
      await pause(10);
    }
    await client.query(`drop database if exists ${name} with (force)`);
  } finally {
    await client.end();
  }
}

/** To be copied: a tenth of the work of migrating. Made by whoever needs it first, and again when a migration has changed; it goes with the cluster. */
async function templateOf(cluster: string, shards: number): Promise<string> {
  const digest = createHash('sha256');
  for (const file of globSync('*/*.sql', { cwd: migrations }).sort()) digest.update(readFileSync(migrations + file));
  const name = `stet_template_${shards}_${digest.digest('hex').slice(0, 16)}`;
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    if ((await client.query('select from pg_database where datname = $1', [name])).rowCount) return name;
    await client.query(`drop database if exists ${name}_partial with (force)`);
    await client.query(`create database ${name}_partial`);
    await migrate(urlOf(cluster, `${name}_partial`), { shards, password: passwordOf(cluster) });
    await client.query(`alter database ${name}_partial rename to ${name}`);
    return name;
  } finally {
    await client.end();
  }
}

const passwordOf = (cluster: string) => passwordOfRoles(cluster) ?? 'stet';

function urlOf(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
