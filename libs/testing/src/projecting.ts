import { expect } from '@jest/globals';
import pg from 'pg';
import type { Incoming } from '#messaging';
import { applyAll, type Projection } from '#projections';
import { createTestDatabase } from './database.ts';

type RowsOf = Readonly<Record<string, readonly object[]>>;
export interface Projecting {
  /** Tables that hold nothing but what these events make of them, folded as one batch. */
  given(...events: readonly Incoming[]): {
    /** Of each table named, its rows in the order of their keys; columns that a row here leaves out may hold anything. */
    then(tables: RowsOf): Promise<void>;
  };
  close(): Promise<void>;
}

/** `given(events).then(rows)` for a projection, on tables of its own in a real Postgres. */
export async function projecting(projection: Projection): Promise<Projecting> {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.urls.reading });
  await client.connect();
  await client.query(projection.ddl);
  const tables = Object.keys(projection.tables);
  return {
    given: (...events) => ({
      async then(expected) {
        await client.query(`truncate ${tables.join()}`);
        await applyAll(client, projection, events);
        for (const [table, rows] of Object.entries(expected)) {
          const keys = projection.tables[table] ?? [];
          const found = await client.query<{ row: object }>(
            `select row_to_json(t) as row from ${table} t order by ${keys.join()}`,
          );
          expect(found.rows.map(({ row }) => row)).toMatchObject(rows);
        }
      },
    }),
    async close() {
      await client.end();
      await database.drop();
    },
  };
}
