import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#testing';
import { prepareAll } from './generations.ts';
import { Progress } from './progress.ts';
import { poolFor, saves } from './samples.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = poolFor(database.urls.reading);
  await prepareAll(pool, [saves]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const logId = '00000000-0000-4000-8000-000000000001';
const at = (shard: number, position: bigint) => ({ service: 'drafting', logId, shard, position });
const own = { topic: 'drafting', partition: 0 };
const ownApplied = (progress: Progress, lastPosition: bigint) => {
  progress.applied('saves', own, { logId, nextOffset: String(lastPosition), lastPosition });
};

test('what another process applies is heard of, however much is applied here meanwhile', async () => {
  const progress = new Progress(pool, ({ partition }) => partition === own.partition);
  let applied = 0n;
  const busy = setInterval(() => {
    ownApplied(progress, ++applied);
  }, 1);
  const waiting = progress.waitFor([saves], [at(1, 5n)], 5000);
  await pool.query(
    `insert into projection_checkpoint (projection, version, topic, partition, log_id, next_offset, last_position)
     values ('saves', 1, 'drafting', 1, $1, 5, 5)`,
    [logId],
  );
  const reached = await waiting;
  clearInterval(busy);
  expect(reached).toBe('reached');
});

test('what is applied here is heard of by each who waits for it, and by nobody too early', async () => {
  const progress = new Progress(pool, () => true);
  const waiting = [10n, 20n, 30n].map((position) => progress.waitFor([saves], [at(0, position)], 300));
  ownApplied(progress, 19n);
  expect(await waiting[0]).toBe('reached');
  ownApplied(progress, 20n);
  expect(await Promise.all(waiting)).toEqual(['reached', 'reached', 'late']);
});

test('whoever waits is told when the database cannot be asked', async () => {
  const closed = poolFor(database.urls.reading);
  await closed.end();
  await expect(new Progress(closed, () => true).waitFor([saves], [at(0, 1n)], 5000)).rejects.toThrow(/pool/);
});
