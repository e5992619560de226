import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { EventStore } from '#event-store';
import { migrate } from '../../infra/postgres/migrate.ts';

/** A log of its own, in a database of its own on the same Postgres: nobody relays it. */
export interface OwnLog {
  readonly url: string;
  readonly store: EventStore;
}

/** The database is gone when the work is done. */
export async function withOwnLog<T>(postgres: string, work: (log: OwnLog) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: postgres });
  await admin.connect();
  const name = `stet_bench_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name}`);
  try {
    const url = new URL(postgres);
    url.pathname = `/${name}`;
    const urls = await migrate(url.href, { shards: 1, password: 'stet', roleSuffix: '_bench' });
    const store = await EventStore.open({ connectionString: urls.drafting, service: 'drafting' });
    try {
      return await work({ url: url.href, store });
    } finally {
      await store.close();
    }
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}
