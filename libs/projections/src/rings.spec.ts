import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { Incoming } from '#messaging';
import { createTestDatabase, inOrder, type TestDatabase } from '#testing';
import { prepareAll } from './generations.ts';
import { Lane } from './lane.ts';
import { batchOf, poolFor, stories } from './samples.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = poolFor(database.urls.reading);
  await prepareAll(pool, [stories]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const desks = Array.from({ length: 3000 }, (_, at) => `desk${at}`);
const rounds = 20;

/** Reads a partition of one save at every desk, again and again, a batch a round; answers what each batch came to. */
async function read(partition: number, order: readonly string[]): Promise<string[]> {
  const lane = new Lane({
    ...{ pool, name: 'live', projections: () => [stories], log: () => undefined },
    ...{ onMoved: () => undefined, onBehind: () => undefined },
  });
  await lane.load('drafting', partition);
  const saves = Array.from({ length: rounds }, () => order).flat();
  const events = inOrder(
    saves.map((desk, at) => ({ type: 'Saved', partition, key: `${partition}-${at}`, data: { desk, headline: 'h' } })),
  );
  const outcomes: string[] = [];
  let before: Incoming | undefined;
  for (let at = 0; at < events.length; at += order.length) {
    const batch = events.slice(at, at + order.length);
    outcomes.push(await lane.handle(batchOf(batch, before)));
    before = batch.at(-1);
  }
  return outcomes;
}

test('two partitions that write the same rows never wait for each other in a ring, whatever order their events come in', async () => {
  const outcomes = await Promise.all([read(0, desks), read(1, desks.toReversed())]);
  expect(new Set(outcomes.flat())).toEqual(new Set(['done']));
  const counted = await pool.query('select distinct saves::int as saves from desk');
  expect(counted.rows).toEqual([{ saves: 2 * rounds }]);
});
