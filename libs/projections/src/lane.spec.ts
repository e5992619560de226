import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { Incoming } from '#messaging';
import { Parking, type Wish } from '#parking';
import { createTestDatabase, inOrder, message, type TestDatabase } from '#testing';
import { Lane } from './lane.ts';
import type { Projection } from './projection.ts';
import { batchOf, poolFor, saves, stories } from './samples.ts';
import { buildBeside, drop, prepareAll, startOver } from './generations.ts';

let database: TestDatabase;
let pool: pg.Pool;
const projections = [saves, stories];
let behind: string[] = [];
const lane = (known: readonly Projection[] = projections, own = pool) =>
  new Lane({
    ...{ pool: own, name: 'live', projections: () => known, log: () => undefined, onMoved: () => undefined },
    onBehind: ({ topic, partition }) => behind.push(`${topic}/${partition}`),
  });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = poolFor(database.urls.reading);
  await prepareAll(pool, projections);
});
beforeEach(async () => {
  behind = [];
  await pool.query('delete from parked_wish');
  for (const projection of projections) await startOver(pool, projection);
  await pool.query(`update projection_version set lane = 'live'`);
  await lane().load('drafting', 0);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const saved = (key: string, headline: string) => ({ type: 'Saved', key, data: { desk: 'city', headline } });
const rowsOf = async <R extends object>(text: string) => (await pool.query<R>(text)).rows;
const shown = () => rowsOf('select id, headline, state from story order by id');
const desk = async () => (await rowsOf<{ saves: number }>('select saves from desk'))[0]?.saves ?? 0;
const parked = () =>
  rowsOf<{ at: string }>(`select key, reason, message->>'position' as at from projection_parked order by id`);
const checkpoints = () =>
  rowsOf('select projection, topic, last_position::int as at from projection_checkpoint order by 1, 2');
const [a1, b2, a3, b4, a5] = inOrder([
  saved('a', 'one'),
  saved('b', 'two'),
  { type: 'Approved', key: 'a' },
  saved('b', 'three'),
  saved('a', 'four'),
]) as [Incoming, Incoming, Incoming, Incoming, Incoming];

describe('a batch', () => {
  test('is folded into rows, and moves the checkpoint of each projection that reads the topic', async () => {
    expect(await lane().handle(batchOf([a1, b2, a3]))).toBe('done');
    expect(await shown()).toEqual([
      { id: 'a', headline: 'one', state: 'approved' },
      { id: 'b', headline: 'two', state: null },
    ]);
    expect(await checkpoints()).toEqual([
      { projection: 'saves', topic: 'drafting', at: 3 },
      { projection: 'stories', topic: 'drafting', at: 3 },
    ]);
    expect(await lane().load('drafting', 0)).toEqual({ logId: a1.logId, nextOffset: '3', lastPosition: 3n });
  });

  test('of a topic moves nothing of a projection that does not read it', async () => {
    const inModeration = inOrder([{ type: 'Commented', key: 'a' }]).map((event) => ({ ...event, topic: 'moderation' }));
    await lane().load('moderation', 0);
    expect(await lane().handle(batchOf(inModeration))).toBe('done');
    expect(await checkpoints()).toContainEqual({ projection: 'stories', topic: 'moderation', at: 1 });
    expect(await checkpoints()).not.toContainEqual(
      expect.objectContaining({ projection: 'saves', topic: 'moderation' }),
    );
  });

  test('has its effect once, however often and however cut it comes', async () => {
    await lane().handle(batchOf([a1, b2]));
    await lane().handle(batchOf([a1, b2, a3]));
    await lane().handle(batchOf([b2, a3, b4], a1));
    await lane().handle(batchOf([a1, b2, a3, b4]));
    expect(await desk()).toBe(3);
  });

  test('of a process that has lost the partition writes nothing', async () => {
    const zombie = lane();
    await zombie.load('drafting', 0);
    await lane().handle(batchOf([a1, b2, a3, b4]));
    expect(await zombie.handle(batchOf([a1, b2]))).toBe('done');
    expect(await desk()).toBe(3);
    expect(await checkpoints()).toContainEqual({ projection: 'stories', topic: 'drafting', at: 4 });
  });

  test('has its effect once when two processes handle it at the same moment', async () => {
    const other = poolFor(database.urls.reading);
    for (const [batch] of [[batchOf([a1])], [batchOf([b2, a3], a1)], [batchOf([b4, a5], a3)]])
      if (batch) await Promise.all([lane().handle(batch), lane(projections, other).handle(batch)]);
    await other.end();
    expect(await desk()).toBe(4);
  });

  test('that begins after what a projection has applied is not applied to it, and has to be read again from there', async () => {
    await lane([saves]).handle(batchOf([a1, b2, a3]));
    await lane([stories]).handle(batchOf([a1]));
    expect(await lane().handle(batchOf([b4], a3))).toBe('done');
    expect(behind).toEqual(['drafting/0']);
    expect(await checkpoints()).toEqual([
      { projection: 'saves', topic: 'drafting', at: 4 },
      { projection: 'stories', topic: 'drafting', at: 1 },
    ]);
    expect(await lane().load('drafting', 0)).toMatchObject({ lastPosition: 1n });
    await lane().handle(batchOf([b2, a3, b4], a1));
    expect(await desk()).toBe(3);
    expect(behind).toEqual(['drafting/0']);
  });

  test('of another log is lost', async () => {
    await lane().handle(batchOf([a1]));
    const other = message({ ...saved('a', 'x'), position: 2n, logId: '0'.repeat(36) });
    expect(await lane().handle(batchOf([other], a1))).toBe('lost');
    expect(await desk()).toBe(1);
  });

  test('is read from where the one furthest behind stands, and given to each only from its own place on', async () => {
    await lane([saves]).handle(batchOf([a1, b2, a3]));
    expect(await lane().load('drafting', 0)).toBeUndefined();
    await lane().handle(batchOf([a1, b2, a3, b4]));
    expect(await desk()).toBe(3);
    expect((await pool.query('select at::int from save order by at')).rows).toEqual([{ at: 1 }, { at: 2 }, { at: 4 }]);
  });

  test('of a partition that somebody begins to read while the generation is dropped leaves no checkpoint', async () => {
    const second = { ...stories, version: await buildBeside(pool, stories) };
    await pool.query(`update projection_version set lane = 'live'`);
    await lane([second]).load('drafting', 0);
    const batch = await pool.connect();
    await batch.query(`begin; select from projection_checkpoint where version = ${second.version} for update`);
    const dropping = drop(pool, second);
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await rowsOf(waiting)).length === 0) await pause(10);
    const beginning = lane([second]).load('drafting', 1);
    await pause(100);
    await batch.query('commit');
    batch.release();
    expect(await Promise.all([dropping, beginning])).toEqual(['dropped', undefined]);
    expect(await rowsOf(`select from projection_checkpoint where version = ${second.version}`)).toEqual([]);
  });

  test('passes by a projection that has left for a lane of its own', async () => {
    await lane().handle(batchOf([a1]));
    await startOver(pool, stories);
    expect(await lane().handle(batchOf([b2], a1))).toBe('done');
    expect(await shown()).toEqual([]);
    expect(await lane().load('drafting', 0)).toMatchObject({ lastPosition: 2n });
  });
});

describe('an event that cannot be applied', () => {
  const [p1, o2, p3, p4, o5] = inOrder([
    saved('p', 'poison'),
    saved('o', 'fine'),
    { type: 'Approved', key: 'p' },
    saved('p', 'better'),
    { type: 'Approved', key: 'o' },
  ]) as [Incoming, Incoming, Incoming, Incoming, Incoming];
  /** In one batch the good headline would cover the bad one, which then nobody would ever see. */
  const allButLast = async (by: Lane) => {
    await by.handle(batchOf([p1, o2, p3]));
    await by.handle(batchOf([p4], p3));
  };
  const wish = async (wished: Wish, at: Incoming) => {
    const { rows } = await pool.query<{ id: string }>('select id from parked where message_id = $1', [at.id]);
    for (const { id } of rows) await new Parking(pool).ask(id, { wish: wished, by: { id: 'omar', name: 'Omar' } });
  };
  const outcomes = () => rowsOf('select wish, outcome, failure from parked_wish order by id');

  test('is parked with every later one of its key, in order; other keys and other projections go on', async () => {
    await lane().handle(batchOf([p1, o2, p3]));
    await lane().handle(batchOf([p4, o5], p3));
    expect(await shown()).toEqual([{ id: 'o', headline: 'fine', state: 'approved' }]);
    expect(await parked()).toEqual([
      { key: 'p', at: '1', reason: expect.stringContaining('story_headline_check') as unknown },
      { key: 'p', at: '3', reason: 'waits for an earlier event of its key' },
      { key: 'p', at: '4', reason: 'waits for an earlier event of its key' },
    ]);
    expect((await pool.query('select count(*)::int as n from save')).rows).toEqual([{ n: 3 }]);
  });

  test('is parked as well when it is the fold that fails', async () => {
    const [bad, good] = inOrder([{ type: 'Unfoldable', key: 'u' }, saved('v', 'fine')]) as [Incoming, Incoming];
    await lane().handle(batchOf([bad, good]));
    expect(await parked()).toMatchObject([{ key: 'u', reason: 'nobody can fold this' }]);
    expect(await shown()).toMatchObject([{ id: 'v' }]);
  });

  test('is tried again when asked, and then the rest of its key in order', async () => {
    const keeper = lane();
    await allButLast(keeper);
    await wish('retry', p1);
    await keeper.between(p1);
    expect(await parked()).toHaveLength(3);
    const failure: unknown = expect.stringContaining('story_headline_check');
    expect(await outcomes()).toEqual([{ wish: 'retry', outcome: 'failed', failure }]);
    await pool.query('alter table stories_v1.story drop constraint story_headline_check');
    await keeper.between(p1);
    expect(await parked()).toHaveLength(3); // nobody asked again
    await wish('retry', p3); // whichever of the key
    await keeper.between(p1);
    expect(await parked()).toEqual([]);
    expect(await shown()).toContainEqual({ id: 'p', headline: 'better', state: 'approved' });
    expect((await outcomes()).at(-1)).toEqual({ wish: 'retry', outcome: 'applied', failure: '' });
    await keeper.handle(batchOf([o5], p4));
    expect(await desk()).toBe(3);
  });

  test('is alone in being skipped: those behind it are applied', async () => {
    const keeper = lane();
    await allButLast(keeper);
    await wish('skip', p1);
    await keeper.between(p1);
    expect(await parked()).toEqual([]);
    expect(await shown()).toContainEqual({ id: 'p', headline: 'better', state: 'approved' });
    expect(await desk()).toBe(2);
  });

  test('is retried by one process only, though two try', async () => {
    await allButLast(lane());
    await pool.query('alter table stories_v1.story drop constraint story_headline_check');
    const keepers = [lane(), lane()];
    for (const keeper of keepers) await keeper.load('drafting', 0);
    await wish('retry', p1);
    await Promise.all(keepers.map((keeper) => keeper.between(p1)));
    expect(await parked()).toEqual([]);
    expect(await desk()).toBe(3);
  });

  test('keeps what comes while it is parked behind it, also when the process is another', async () => {
    await lane().handle(batchOf([p1]));
    await lane().handle(batchOf([o2, p3], p1));
    await lane().handle(batchOf([p4], p3));
    expect((await parked()).map(({ at }) => at)).toEqual(['1', '3', '4']);
    const { rows } = await pool.query(`select parked from projection_checkpoint where projection = 'stories'`);
    expect(rows).toEqual([{ parked: 3 }]);
  });

  test('is not one that met an error which passes by itself: the batch fails as a whole and comes again', async () => {
    const blocker = await pool.connect();
    await blocker.query('begin; lock table stories_v1.story');
    const hurried = poolFor(database.urls.reading);
    hurried.on('connect', (client) => void client.query(`set lock_timeout = 50`));
    const outcome = await lane(projections, hurried)
      .handle(batchOf([p1, o2]))
      .catch((error: unknown) => error);
    await blocker.query('rollback');
    blocker.release();
    await hurried.end();
    expect(outcome).toMatchObject({ code: '55P03' });
    expect(await parked()).toEqual([]);
    expect(await checkpoints()).toEqual([
      { projection: 'saves', topic: 'drafting', at: 0 },
      { projection: 'stories', topic: 'drafting', at: 0 },
    ]);
  });
});
