import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Rejection } from '#decider';
import { EventStore, shardOf, type StoredEvent, type StoreOptions } from '#event-store';
import { createTestDatabase } from '#testing';
import { fresh, order, tally } from './tally.ts';

/** A log of its own, open twice as two processes have it, and somebody who may do anything behind their backs. */
export interface TestLog {
  readonly store: EventStore;
  readonly other: EventStore;
  readonly admin: pg.Client;
  readonly url: string;
  readonly adminUrl: string;
  open(options?: Partial<StoreOptions>): Promise<EventStore>;
  /** A client of the service's own role, without the store around it. */
  client(): Promise<pg.Client>;
  /** The id of a new tally that is open; on the shard, if one is named. */
  begin(shard?: number): Promise<string>;
  everything(): Promise<StoredEvent[]>;
  /** Resolves when that many back ends wait for a lock. */
  waiting(backEnds: number): Promise<void>;
  close(): Promise<void>;
}

export async function openLog(shards: number): Promise<TestLog> {
  const database = await createTestDatabase({ shards });
  const url = database.urls.drafting;
  const open = (options: Partial<StoreOptions> = {}) =>
    EventStore.open({ connectionString: url, service: 'drafting', ...options });
  const connect = async (connectionString: string) => {
    const client = new pg.Client({ connectionString, options: '-c search_path=drafting' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const [store, other, admin] = await Promise.all([open(), open(), connect(database.adminUrl)]);
  return {
    ...{ store, other, admin, url, adminUrl: database.adminUrl, open },
    client: () => connect(url),
    async begin(shard) {
      let id = fresh();
      while (shard !== undefined && shardOf(id, shards) !== shard) id = fresh();
      await store.execute(tally, order(id, 'open', { id }));
      return id;
    },
    async everything() {
      const all = Array.from({ length: shards }, (_, shard) => store.readShard(shard, 0n, 100_000));
      return (await Promise.all(all)).flat();
    },
    async waiting(backEnds) {
      for (;;) {
        // Who waits is remembered from the first look in a transaction, and the admin may well be in one.
        await admin.query('select pg_stat_clear_snapshot()');
        const { rowCount } = await admin.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        if (rowCount === backEnds) return;
        await pause(10);
      }
    },
    async close() {
      await Promise.all([store.close(), other.close(), admin.end()]);
      await database.drop();
    },
  };
}

/** What became of a command: accepted, or the code of its refusal. */
export const outcome = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Rejection ? error.code : error),
  );
