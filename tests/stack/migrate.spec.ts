import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#testing';
import { migrate } from '../../infra/postgres/migrate.ts';

let database: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

const again = () => migrate(database.adminUrl, { shards: 1, password: new URL(database.urls.drafting).password });
const definition = async () => {
  const { rows } = await admin.query<{ text: string }>(
    "select prosrc as text from pg_proc where oid = 'drafting.append'::regproc",
  );
  return rows[0]?.text;
};
const remember = (file: string, digest: string) =>
  admin.query("update public.stet_migration set digest = $2 where schema = 'drafting' and file = $1 returning digest", [
    file,
    digest,
  ]);

test('functions are applied again when their file has changed, and only then', async () => {
  const newest = await definition();
  const { rows } = await admin.query<{ source: string }>(
    "select pg_get_functiondef('drafting.append'::regproc) as source",
  );
  const older = rows[0]?.source.replace('declare', 'declare -- as it was once\n') ?? '';
  await admin.query(older);
  await again();
  expect(await definition()).toContain('as it was once');
  await remember('functions.sql', 'that of another text');
  await again();
  expect(await definition()).toBe(newest);
});

test('a numbered file that has changed since it was applied is refused', async () => {
  await remember('0001_log.sql', 'that of another text');
  await expect(again()).rejects.toThrow('log/0001_log.sql was changed after it was applied; add a new file instead.');
});
