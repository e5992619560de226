import { expect } from '@jest/globals';
import pg from 'pg';
import type { Incoming } from '#messaging';
import { applyAll, prepareAll, type Projection } from '#projections';
import { createTestDatabase } from './database.ts';

type RowsOf = Readonly<Record<string, readonly object[]>>;
export interface Projecting {
  /** Tables that hold nothing but what these events make of them: folded as one batch, and again one by one. */
  given(...events: readonly Incoming[]): {
    /** Of each table named, its rows in the order of their keys; columns that a row here leaves out may hold anything. */
    then(tables: RowsOf): Promise<void>;
  };
  /** The same rows when two write at once: these of the one are not yet committed while those of the other are on their way. */
  beside(one: readonly Incoming[], other: readonly Incoming[]): Promise<RowsOf>;
  close(): Promise<void>;
}

/** `given(events).then(rows)` for a projection, on tables of its own in a real Postgres. */
export async function projecting(projection: Projection): Promise<Projecting> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.urls.reading, max: 2, pipeline: true });
  pool.on('error', () => undefined); // The database is dropped while the connection is still saying good-bye.
  await prepareAll(pool, [projection]);
  const client = await pool.connect();
  const schema = `${projection.name}_v${projection.version}`;
  const tables = Object.entries(projection.tables);

  async function rowsAfter(batches: readonly (readonly Incoming[])[]): Promise<RowsOf> {
    await client.query(`truncate ${tables.map(([table]) => `${schema}.${table}`).join()}`);
    for (const batch of batches) await applyAll(client, [{ projection, events: batch }]);
    return rowsNow();
  }
  async function rowsNow(): Promise<RowsOf> {
    const rows: Record<string, object[]> = {};
    for (const [table, keys] of tables) {
      const found = await client.query<{ row: object }>(
        `select row_to_json(t) as row from ${table} t order by ${keys.join()}`,
      );
      rows[table] = found.rows.map(({ row }) => row);
    }
    return rows;
  }

  return {
    given: (...events) => ({
      async then(expected) {
        const together = await rowsAfter([events]);
        expect(together).toMatchObject(expected);
        // However the events are cut into batches, the rows are the same.
        expect(await rowsAfter(events.map((event) => [event]))).toEqual(together);
      },
    }),
    async beside(one, other) {
      await rowsAfter([]);
      await client.query('begin');
      await applyAll(client, [{ projection, events: one }]);
      const second = await pool.connect();
      const waits = applyAll(second, [{ projection, events: other }]).finally(() => {
        second.release();
      });
      await client.query('select pg_sleep(0.1)');
      await client.query('commit');
      await waits;
      return rowsNow();
    },
    async close() {
      client.release();
      await pool.end();
      await database.drop();
    },
  };
}
