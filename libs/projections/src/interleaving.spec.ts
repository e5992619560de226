import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import type { Checkpoint, Incoming, Place } from '#messaging';
import { createTestDatabase, inOrder, type TestDatabase } from '#testing';
import { digestOf } from './digest.ts';
import { Lane } from './lane.ts';
import { batchOf, poolFor, saves, stories } from './samples.ts';
import { prepareAll, startOver } from './generations.ts';

const projections = [saves, stories];
const places = ['drafting', 'moderation'].flatMap((topic) => [0, 1].map((partition) => ({ topic, partition })));
let database: TestDatabase;
let pools: pg.Pool[];
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [poolFor(database.urls.reading), poolFor(database.urls.reading)];
  pool = poolFor(database.urls.reading);
  await prepareAll(pool, projections);
});
afterAll(async () => {
  await Promise.all([pool, ...pools].map((one) => one.end()));
  await database.drop();
});

async function empty(): Promise<void> {
  for (const projection of projections) await startOver(pool, projection);
  await pool.query(`update projection_version set lane = 'live'`);
}

/** A process that reads: it knows how far it is, and forgets it when it is started again. */
class Reader {
  private lane: Lane;
  private readonly at = new Map<string, Checkpoint | undefined>();

  constructor(
    private readonly own: pg.Pool,
    private readonly log: readonly Incoming[],
  ) {
    this.lane = this.open();
  }

  restart(): void {
    this.lane = this.open();
    this.at.clear();
  }

  /** Handles the next messages of a place; answers whether there were any. */
  async step(place: Place, size: number): Promise<boolean> {
    const name = `${place.topic}/${place.partition}`;
    if (!this.at.has(name)) this.at.set(name, await this.lane.load(place.topic, place.partition));
    const from = this.at.get(name);
    const messages = this.log
      .filter(({ topic, partition }) => topic === place.topic && partition === place.partition)
      .filter(({ position }) => position > (from?.lastPosition ?? 0n))
      .slice(0, size);
    if (messages.length === 0) return false;
    const batch = { ...batchOf(messages), from };
    expect(await this.lane.handle(batch)).toBe('done');
    this.at.set(name, batch.to);
    return true;
  }

  private open(): Lane {
    const told = () => undefined;
    return new Lane({
      pool: this.own,
      name: 'live',
      projections: () => projections,
      log: told,
      onMoved: told,
      onBehind: told,
    });
  }
}

/** What the events come to, told the long way round. A story that cannot be folded takes nothing more of that topic. */
function expected(log: readonly Incoming[]) {
  const story = new Map<string, { headline: string | null; state: string | null; comments: number | null }>();
  const desk = new Map<string, number>();
  const parked = new Set<string>();
  for (const { topic, type, key, data } of log) {
    if (type === 'Unfoldable') parked.add(`${topic} ${key}`);
    if (parked.has(`${topic} ${key}`)) continue;
    const { desk: name, headline } = data as { desk: string; headline: string };
    const before = story.get(key) ?? { headline: null, state: null, comments: null };
    if (type === 'Saved') {
      story.set(key, { ...before, headline });
      desk.set(name, (desk.get(name) ?? 0) + 1);
    }
    if (type === 'Approved') story.set(key, { ...before, state: 'approved' });
    if (type === 'Commented') story.set(key, { ...before, comments: (before.comments ?? 0) + 1 });
  }
  const byText = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return {
    story: [...story].sort(byText).map(([id, columns]) => ({ id, ...columns })),
    desk: [...desk].sort(byText).map(([name, count]) => ({ name, saves: count })),
    save: log
      .filter(({ type }) => type === 'Saved')
      .map(({ key, position, data }) => [key, Number(position), (data as { headline: string }).headline].join())
      .sort(),
    parked: [...parked].sort(),
  };
}

async function found() {
  const rows = async <R extends object>(text: string) => (await pool.query<R>(text)).rows;
  const save = await rows<{ line: string }>(`select concat_ws(',', id, at, headline) as line from save`);
  const parked = await rows<{ key: string }>(`select distinct topic || ' ' || key as key from projection_parked`);
  return {
    story: await rows('select id, headline, state, comments from story order by id'),
    desk: await rows('select name, saves from desk order by name'),
    save: save.map(({ line }) => line).sort(),
    parked: parked.map(({ key }) => key).sort(),
  };
}

const event = fc
  .record({
    partition: fc.nat(1),
    story: fc.constantFrom('a', 'b', 'c'),
    data: fc.record({ desk: fc.constantFrom('city', 'world'), headline: fc.constantFrom('h1', 'h2', 'h3') }),
    what: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom('drafting Saved', 'drafting Approved', 'moderation Commented') },
      { weight: 1, arbitrary: fc.constantFrom('drafting Unfoldable', 'moderation Unfoldable') },
    ),
  })
  .map(({ partition, story, data, what }) => {
    const [topic = '', type = ''] = what.split(' ');
    return { topic, type, partition, key: `${story}${partition}`, data };
  });
const stride = fc.record({
  place: fc.constantFrom(...places),
  size: fc.integer({ min: 1, max: 8 }),
  restart: fc.boolean(),
});

describe('whatever the order in which partitions, topics and processes take turns', () => {
  test('rows are those of a pure fold, and digests are equal', async () => {
    const log = fc.array(event, { minLength: 1, maxLength: 60 }).map(inOrder);
    const schedule = fc.array(fc.tuple(stride, stride), { maxLength: 25 });
    const property = fc.asyncProperty(log, schedule, async (messages, turns) => {
      await empty();
      const alone = new Reader(pool, messages);
      for (const place of places) await alone.step(place, messages.length);
      const digests = await Promise.all(projections.map((one) => digestOf(pool, one)));
      expect(await found()).toEqual(expected(messages));

      await empty();
      const readers = pools.map((own) => new Reader(own, messages));
      for (const turn of turns) {
        const steps = readers.map(async (reader, at) => {
          const { place, size, restart } = turn[at as 0 | 1];
          if (restart) reader.restart();
          await reader.step(place, size);
        });
        await Promise.all(steps);
      }
      for (const place of places) await Promise.all(readers.map((reader) => reader.step(place, messages.length)));
      expect(await found()).toEqual(expected(messages));
      expect(await Promise.all(projections.map((one) => digestOf(pool, one)))).toEqual(digests);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test('a digest tells apart what differs in one row, one column or one count', async () => {
    const log = inOrder([{ type: 'Saved', key: 'a', data: { desk: 'city', headline: 'h' } }]);
    await empty();
    await new Reader(pool, log).step({ topic: 'drafting', partition: 0 }, 1);
    const seen = new Set([(await digestOf(pool, stories)).digest]);
    for (const change of [
      `update story set headline = 'other'`,
      `update story set headline = null, state = 'h'`,
      `update desk set saves = saves + 1`,
      `insert into story (id) values ('b')`,
      `delete from story`,
    ]) {
      await pool.query(change);
      seen.add((await digestOf(pool, stories)).digest);
    }
    expect(seen.size).toBe(6);
  });

  test('a digest is the same wherever the reader of it is', async () => {
    const log = inOrder([{ type: 'Saved', key: 'a', data: { desk: 'city', headline: 'h' } }]);
    await empty();
    await new Reader(pool, log).step({ topic: 'drafting', partition: 0 }, 1);
    const here = await digestOf(pool, stories);
    const there = poolFor(database.urls.reading);
    there.on('connect', (client) => void client.query(`set timezone = 'Asia/Karachi'; set datestyle = 'German'`));
    expect(await digestOf(there, stories)).toEqual(here);
    await there.end();
  });
});

test.each([
  ['the same columns', ['Saved']],
  ['other columns each time', ['Saved', 'Praised', 'Saved']],
])('two partitions that write the same rows, %s, never wait for one another', async (_what, types) => {
  await empty();
  const rounds = 15;
  // Both touch all desks, each in an order of its own.
  const round = (partition: number) =>
    Array.from({ length: 400 }, (_, at) => ({
      ...{ partition, key: `k${partition}`, type: types[(at * 7 + partition) % types.length] ?? '' },
      data: { desk: `d${(partition === 0 ? at * 37 : at * 61 + 17) % 101}`, headline: 'h' },
    }));
  const log = inOrder(Array.from({ length: rounds }, () => [...round(0), ...round(1)]).flat());
  const readers = pools.map((own) => new Reader(own, log));
  await pool.query(`insert into stories_v1.desk select 'd' || n from generate_series(0, 100) n`);
  const inTheWay = await pool.connect();
  await inTheWay.query(`begin; select from stories_v1.desk where name = 'd50' for update`);
  const work = readers.map(async (reader, partition) => {
    for (let at = 0; at < rounds; at++) await reader.step({ topic: 'drafting', partition }, 400);
  });
  // Now each holds some rows and waits for that one; freed, each goes on to those that the other may hold.
  await bothWait();
  await inTheWay.query('rollback');
  inTheWay.release();
  await Promise.all(work);
  const { rows } = await pool.query<{ saves: number }>('select sum(saves)::int as saves from desk');
  expect(rows[0]?.saves).toBe(log.filter(({ type }) => type === 'Saved').length);
});

async function bothWait(): Promise<void> {
  const { rows } = await pool.query<{ waiting: number }>(
    `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  if ((rows[0]?.waiting ?? 0) < 2) await bothWait();
}
