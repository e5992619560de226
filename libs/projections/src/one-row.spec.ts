import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { decodePositions } from '#contracts';
import { createTestDatabase, inOrder, type TestDatabase } from '#testing';
import { prepareAll } from './generations.ts';
import { Lane } from './lane.ts';
import { OneRow } from './one-row.ts';
import { batchOf, poolFor, stories } from './samples.ts';

let database: TestDatabase;
let pool: pg.Pool;
let rows: OneRow;
const ids = Array.from({ length: 60 }, (_, at) => `s${at}`);
/** Story 0 is saved at positions 1, 61, 121 …, story 1 at 2, 62 …; each headline says where. */
const saved = inOrder(
  Array.from({ length: 1200 }, (_, at) => {
    return { type: 'Saved', key: ids[at % ids.length] ?? '', data: { desk: 'city', headline: `at ${at + 1}` } };
  }),
);
const lane = () =>
  new Lane({
    ...{ pool, name: 'live', projections: () => [stories], log: () => undefined },
    ...{ onMoved: () => undefined, onBehind: () => undefined },
  });
const find = (...values: string[]) =>
  rows.find<{ id: string; headline: string }>([stories], () => true, {
    text: 'select id, headline from story where id = $1 and length(id) > $2',
    ...{ values, types: ['text', 'int'] },
  });
const positionOf = (found: Awaited<ReturnType<typeof find>>) =>
  Number(decodePositions(found?.position ?? '')?.[0]?.position);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = poolFor(database.urls.reading);
  rows = new OneRow(pool);
  await prepareAll(pool, [stories]);
  await pool.query(`update projection_version set lane = 'live'`);
  await lane().load('drafting', 0);
  await lane().handle(batchOf(saved.slice(0, 60)));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('what is asked at the same time goes together, and each is answered its own', async () => {
  let statements = 0;
  const count = () => (statements += 1);
  pool.on('acquire', count);
  const found = await Promise.all(['none', ...ids].map((id) => find(id, '0')));
  pool.off('acquire', count);
  expect(found.map((one) => one?.row)).toEqual([undefined, ...ids.map((id, at) => ({ id, headline: `at ${at + 1}` }))]);
  expect(statements).toBe(3);
});

test('what cannot be asked fails by itself', async () => {
  const [good, bad, other] = await Promise.allSettled([find('s1', '0'), find('s2', 'two'), find('s3', '0')]);
  expect(good).toMatchObject({ value: { row: { id: 's1' } } });
  expect(bad).toMatchObject({ reason: { code: '22P02' } });
  expect(other).toMatchObject({ value: { row: { id: 's3' } } });
});

test('each is of the moment that it says it is of, whatever is applied meanwhile', async () => {
  const seen = new Set<number>();
  const done = new AbortController();
  const asking = (async () => {
    while (!done.signal.aborted) {
      for (const found of await Promise.all(ids.map((id) => find(id, '0')))) {
        const position = positionOf(found);
        seen.add(position);
        const newest = saved.slice(0, position).findLast(({ key }) => key === found?.row?.id);
        expect(newest).toMatchObject({ key: found?.row?.id, data: { headline: found?.row?.headline } });
      }
    }
  })();
  for (let at = 60; at < saved.length; at += 20) await lane().handle(batchOf(saved.slice(at, at + 20), saved[at - 1]));
  done.abort();
  await asking;
  expect(seen.size).toBeGreaterThan(3);
});
