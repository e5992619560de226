import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../../infra/postgres/migrate.ts';

export interface TestDatabase {
  /** May do anything in this database; for looking behind the services' backs. */
  readonly adminUrl: string;
  /** What each service is given as DATABASE_URL; and that of the keyring's own role. */
  readonly urls: Awaited<ReturnType<typeof migrate>>;
  /** Removes the database, closing whatever is still connected to it. */
  drop(): Promise<void>;
}

/** A migrated database of the test's own, in the cluster that STET_TEST_DATABASE_URL names. */
export async function createTestDatabase(options: { shards?: number } = {}): Promise<TestDatabase> {
  const cluster = process.env.STET_TEST_DATABASE_URL;
  if (!cluster) throw new Error('STET_TEST_DATABASE_URL names the Postgres cluster that tests may make databases in.');
  const name = `stet_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  await run(cluster, `create database ${name}`);
  const urls = await migrate(url.href, { shards: options.shards ?? 1, password: 'stet' });
  return { adminUrl: url.href, urls, drop: () => run(cluster, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
