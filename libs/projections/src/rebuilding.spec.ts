import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodePositions, type Position } from '#contracts';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '#testing';
import { type Projection, type Projections, startProjections } from './index.ts';
import { poolFor, saves, stories } from './samples.ts';

let database: TestDatabase;
let topics: TestTopics;
let running: Projections[] = [];
const patient = { timeoutMs: 30_000 };

async function start(projections: readonly Projection[] = [saves, stories]): Promise<Projections> {
  const started = await startProjections({
    ...{ broker: topics.broker, projections },
    connectionString: database.urls.reading,
  });
  running.push(started);
  return started;
}
const saved = (key: string, headline: string, desk = 'city') => ({
  ...{ type: 'Saved', key },
  payload: JSON.stringify({ desk, headline }),
});
/** Saves of fifty stories; a story belongs to one partition. */
const many = (count: number, of = 's') => Array.from({ length: count }, (_, at) => saved(`${of}${at % 50}`, `h${at}`));
const at = (position: number, service = 'drafting', shard = 0): Position => {
  return { service, logId: topics.logId, shard, position: BigInt(position) };
};
const savesOf = async (projections: Projections, after: Position[]) => {
  const found = await projections.read(['stories'], { after, ...patient }, ({ query }) =>
    query<{ saves: number }>('select sum(saves)::int as saves from desk'),
  );
  return found.reached === 'reached' ? found.answer[0]?.saves : found.reached;
};
/** The same as one row, in one round trip. */
const rowOfSaves = async (projections: Projections, after: Position[]) => {
  const query = { text: 'select sum(saves)::int as saves from desk where name <> $1', values: ['nobody'] };
  const found = await projections.readRow<{ saves: number }>(['stories'], { after, ...patient }, query);
  if (found.reached !== 'reached') throw new Error(found.reached);
  return found.answer;
};

/** Somebody's hand in the database. */
async function inReading(text: string): Promise<void> {
  const pool = poolFor(database.urls.reading, 1);
  await pool.query(text);
  await pool.end();
}

beforeEach(async () => {
  topics = await createTestTopics(['drafting', 'moderation'], { partitions: 2 });
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await topics.close();
  await database.drop();
});

const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await pause(50);
};
const generation = async (of: Projections, version: number, name = 'stories') =>
  (await of.generations()).find((one) => one.projection === name && one.version === version);
const serves = (of: Projections, version: number) =>
  until(async () => (await generation(of, version))?.serving === true);

describe('rebuilding', () => {
  test('goes on beside what serves: under traffic no query fails or goes back, and there is a way back', async () => {
    const one = await start();
    await topics.send('drafting', 0, ...many(3000));
    await topics.send('drafting', 1, ...many(700, 't'));
    await topics.send('moderation', 0, { type: 'Commented', key: 's1' });
    await savesOf(one, [at(3000), at(700, 'drafting', 1), at(1, 'moderation')]);
    const done = new AbortController();
    const asked: { saves: number; positions: Position[] }[] = [];
    const asking = [one, one].map(async (models) => {
      let last: Position[] = [];
      while (!done.signal.aborted) {
        const { row, position } = await rowOfSaves(models, []);
        const positions = decodePositions(position) ?? [];
        for (const { service, shard, position: was } of last)
          expect(
            positions.find((now) => now.service === service && now.shard === shard)?.position,
          ).toBeGreaterThanOrEqual(was);
        last = positions;
        asked.push({ saves: row?.saves ?? 0, positions });
        await pause(20);
      }
    });
    let sent = 3000;
    const writing = (async () => {
      while (!done.signal.aborted) {
        await topics.send('drafting', 0, ...many(20));
        sent += 20;
        await pause(50);
      }
    })();
    expect(await one.rebuild('stories')).toBe(2);
    expect(await one.rebuild('stories')).toBe(2);
    await serves(one, 2);
    done.abort();
    await Promise.all([...asking, writing]);
    // Every answer is whole: as many saves as its position says.
    const wrong = asked.filter(
      ({ saves, positions }) =>
        positions.filter(({ service }) => service === 'drafting').reduce((sum, { position }) => sum + position, 0n) !==
        BigInt(saves),
    );
    expect(wrong).toEqual([]);
    expect(await savesOf(one, [at(sent)])).toBe(sent + 700);
    for (const way of [1, 2]) {
      await until(async () => (await one.serve('stories', way)) === 'serves');
      expect(await savesOf(one, [at(sent)])).toBe(sent + 700);
    }
    const { expected, found } = (await generation(one, 2)) ?? {};
    expect(found).toMatchObject({ digest: expected?.digest, position: expected?.position, parked: [] });
    expect(await one.drop('stories', 2)).toBe('serves');
    expect(await one.drop('stories', 1)).toBe('dropped');
    expect(await one.serve('stories', 1)).toBe('unknown');
  });

  test('waits for no query that waits for it, however often that was asked', async () => {
    const one = await start();
    await topics.send('drafting', 0, ...many(10));
    for (let asked = 0; asked < 10; asked++) await rowOfSaves(one, [at(10)]);
    const pool = poolFor(database.urls.reading, 1);
    const switching = await pool.connect();
    await switching.query('begin; lock table projection_version in access exclusive mode');
    const asking = rowOfSaves(one, []);
    const waiting =
      'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())';
    await until(async () => (await switching.query(waiting)).rowCount === 1);
    await switching.query(`set local lock_timeout = 100; lock table desk in access exclusive mode; commit`);
    expect((await asking).row).toEqual({ saves: 10 });
    switching.release();
    await pool.end();
  });

  test('does not take over when it comes to something else: both digests stay to be looked at, until it is tried again', async () => {
    const projections = await start();
    await topics.send('drafting', 0, ...many(300));
    expect(await savesOf(projections, [at(300)])).toBe(300);
    await inReading(`update stories_v1.story set headline = 'forged' where id = 's7'`);
    await projections.rebuild('stories');
    await until(async () => (await generation(projections, 2))?.state === 'failed');
    const failed = await generation(projections, 2);
    expect(failed).toMatchObject({ serving: false, lane: 'none', done: 300, of: 300 });
    expect(failed?.found?.digest).not.toBe(failed?.expected?.digest);
    expect(failed?.found?.position).toBe(failed?.expected?.position);
    expect(await projections.serve('stories', 2)).toBe('not-compared');
    await topics.send('drafting', 0, ...many(2));
    expect(await savesOf(projections, [at(302)])).toBe(302);
    expect(await generation(projections, 2)).toMatchObject({ done: 300 });
    await inReading(
      `update stories_v1.story set headline = (select headline from save where id = 's7' order by at desc limit 1) where id = 's7'`,
    );
    expect(await projections.rebuild('stories')).toBe(2);
    await serves(projections, 2);
    expect(await savesOf(projections, [at(302)])).toBe(302);
  });

  test('compares what is set aside as well', async () => {
    const projections = await start();
    await topics.send('drafting', 0, saved('bad', 'poison'), saved('good', 'fine'));
    await savesOf(projections, [at(2)]);
    await projections.rebuild('stories');
    await serves(projections, 2);
    expect(await projections.digest('stories')).toMatchObject({ parked: [{ topic: 'drafting', key: 'bad' }] });
    await inReading(`delete from projection_parked where version = 2; update projection_checkpoint set parked = 0`);
    await projections.rebuild('stories');
    await until(async () => (await generation(projections, 3))?.state === 'failed');
    const { expected, found } = (await generation(projections, 3)) ?? {};
    expect(found).toMatchObject({ digest: expected?.digest, parked: [{ key: 'bad' }] });
  });

  test('never makes anything older serve', async () => {
    const projections = await start();
    await topics.send('drafting', 0, ...many(30));
    await savesOf(projections, [at(30)]);
    await projections.rebuild('stories');
    await serves(projections, 2);
    await inReading(`update projection_version set lane = 'none' where projection = 'stories' and version = 1`);
    await topics.send('drafting', 0, ...many(3));
    expect(await savesOf(projections, [at(33)])).toBe(33);
    expect(await projections.serve('stories', 1)).toBe('behind');
    expect(await savesOf(projections, [])).toBe(33);
  });

  test('begins once, however many ask at once, and asks for no second connection while it holds one', async () => {
    const projections = await start();
    await topics.send('drafting', 0, ...many(300));
    expect(await savesOf(projections, [at(300)])).toBe(300);
    const asked = () => Promise.all(Array.from({ length: 6 }, () => projections.rebuild('stories')));
    expect(new Set(await asked())).toEqual(new Set([2]));
    await serves(projections, 2);
    // Now there is one to be dropped first, which follows in every partition.
    const commented = Array.from({ length: 20 }, () => ({ type: 'Commented', key: 's1' }));
    const writing = [0, 1].map(async (partition) => {
      for (let times = 0; times < 30; times += 1) {
        await topics.send('drafting', partition, ...many(20, `p${partition}`));
        await topics.send('moderation', partition, ...commented);
      }
    });
    expect(new Set(await asked())).toEqual(new Set([3]));
    await Promise.all(writing);
    await serves(projections, 3);
    expect(await savesOf(projections, [at(900), at(600, 'drafting', 1)])).toBe(1500);
  });

  test('begins from nothing where an operator asks for that, and no query is answered from emptied tables that asks for more', async () => {
    const [one, other] = [await start(), await start()];
    await topics.send('drafting', 0, ...many(1000));
    expect(await savesOf(other, [at(1000)])).toBe(1000);
    await one.startOver('stories');
    expect(await savesOf(other, [at(1000)])).toBe(1000);
    expect((await rowOfSaves(other, [at(1000)])).row).toEqual({ saves: 1000 });
  });
});
