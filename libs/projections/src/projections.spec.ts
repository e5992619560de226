import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodePositions, encodePosition, type Position } from '#contracts';
import { connectKafka } from '#messaging';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '#testing';
import { type Projection, type Projections, startProjections } from './index.ts';
import { saves, stories } from './samples.ts';

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

describe('a query', () => {
  test('waits for the position that it is asked not to be older than, and says exactly how new it is', async () => {
    const projections = await start();
    const asked = savesOf(projections, [at(3)]);
    await topics.send('drafting', 0, ...many(3));
    expect(await asked).toBe(3);
    await topics.send('drafting', 1, saved('x', 'one'));
    await topics.send('moderation', 0, { type: 'Commented', key: 's1' });
    const found = await projections.read(
      ['stories', 'saves'],
      { after: [at(3), at(1, 'drafting', 1), at(1, 'moderation')], ...patient },
      ({ position }) => Promise.resolve(position),
    );
    expect(found.reached === 'reached' && decodePositions(found.answer)).toEqual([
      at(3),
      at(1, 'drafting', 1),
      at(1, 'moderation'),
    ]);
    expect(await projections.waitFor(['saves'], decodePositions(await projections.position(['saves'])) ?? [], 1)).toBe(
      'reached',
    );
  });

  test('is told when it waited in vain, and when the position is of a log that is not read', async () => {
    const projections = await start();
    await topics.send('drafting', 0, ...many(3));
    expect(await savesOf(projections, [at(3)])).toBe(3);
    expect(await projections.waitFor(['saves'], [at(4)], 50)).toBe('late');
    const elsewhere = { ...at(1), logId: '00000000-0000-4000-8000-000000000000' };
    expect(await projections.waitFor(['saves'], [elsewhere], 30_000)).toBe('other-log');
  });

  test('waits for nothing of a topic that its read model does not read, nor for what is before everything', async () => {
    const projections = await start();
    expect(await projections.waitFor(['saves'], [at(99, 'moderation'), at(99, 'publication'), at(0)], 0)).toBe(
      'reached',
    );
    expect(await projections.waitFor(['saves', 'stories'], [at(99, 'moderation')], 0)).toBe('late');
  });

  test('sees rows and position of one moment, whatever is applied meanwhile', async () => {
    const projections = await start();
    await topics.send('drafting', 0, ...many(3));
    const found = await projections.read(['stories'], { after: [at(3)], ...patient }, async ({ query, position }) => {
      await topics.send('drafting', 0, ...many(2));
      await projections.waitFor(['stories'], [at(5)], patient.timeoutMs);
      const rows = await query<{ saves: number }>('select sum(saves)::int as saves from desk');
      return { rows, position };
    });
    expect(found).toMatchObject({ answer: { rows: [{ saves: 3 }], position: encodePosition(at(3)) } });
    expect(await savesOf(projections, [at(5)])).toBe(5);
  });

  test('of one row sees row and position of one moment, however often something is applied', async () => {
    const projections = await start();
    const asked: { saves: number | null; position: bigint }[] = [];
    const done = new AbortController();
    const asking = (async () => {
      while (!done.signal.aborted) {
        const { row, position } = await rowOfSaves(projections, []);
        asked.push({ saves: row?.saves ?? 0, position: decodePositions(position)?.[0]?.position ?? 0n });
      }
    })();
    for (let sent = 20; sent <= 300; sent += 20) {
      await topics.send('drafting', 0, ...many(20));
      await projections.waitFor(['stories'], [at(sent)], patient.timeoutMs);
    }
    expect((await rowOfSaves(projections, [at(300)])).row).toEqual({ saves: 300 });
    done.abort();
    await asking;
    expect(new Set(asked.map(({ position }) => position)).size).toBeGreaterThan(3);
    expect(asked.filter(({ saves, position }) => BigInt(saves ?? 0) !== position)).toEqual([]);
    const none = await projections.readRow(['stories'], {}, { text: 'select 1 as one where $1', values: [false] });
    expect(none).toMatchObject({ answer: { row: undefined, position: encodePosition(at(300)) } });
  });
});

describe('several processes', () => {
  test('divide the partitions, and each waits for what the other applies', async () => {
    const [one, other] = [await start(), await start()];
    await topics.send('drafting', 0, ...many(20));
    await topics.send('drafting', 1, ...many(20, 't'));
    const all = [at(20), at(20, 'drafting', 1)];
    expect(await savesOf(one, all)).toBe(40);
    expect(await savesOf(other, all)).toBe(40);
    await one.stop();
    running = [other];
    await topics.send('drafting', 0, ...many(5));
    expect(await savesOf(other, [at(25)])).toBe(45);
  });

  test('fetch again what one of them emptied, though nothing comes any more', async () => {
    const processes = [await start(), await start()];
    for (const partition of [0, 1]) await topics.send('drafting', partition, ...many(60, `p${partition}-`));
    const all = [at(60), at(60, 'drafting', 1)];
    for (const one of processes) expect(await savesOf(one, all)).toBe(120);
    for (const one of processes) {
      // Both at once: nothing is left in the lane that they could be compared with, and they are back in it at once.
      for (const name of ['saves', 'stories']) await one.startOver(name);
      for (const asked of processes) expect(await savesOf(asked, all)).toBe(120);
    }
  });
});

test('who cannot reach Kafka is further behind from second to second', async () => {
  const broker = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', topicPrefix: 'none' });
  const connectionString = database.urls.reading;
  const alone = await startProjections({ broker, projections: [saves], connectionString });
  running.push(alone);
  await new Promise((done) => setTimeout(done, 1500));
  expect(alone.lag()).toMatchObject({ messages: 0 });
  expect(alone.lag().seconds).toBeGreaterThan(1);
});

describe('rebuilding', () => {
  test('is what a read model that comes later does by itself', async () => {
    const first = await start([saves]);
    await topics.send('drafting', 0, ...many(2000));
    await first.waitFor(['saves'], [at(2000)], 30_000);
    await first.stop();
    running = [];
    const second = await start();
    expect(await savesOf(second, [at(2000)])).toBe(2000);
    await topics.send('drafting', 0, ...many(3));
    expect(await savesOf(second, [at(2003)])).toBe(2003);
    expect(await second.waitFor(['saves'], [at(2003)], 30_000)).toBe('reached');
  });
});

describe('a new version', () => {
  test('is built while the old one serves, and takes its place when it has come as far', async () => {
    const old = await start();
    await topics.send('drafting', 0, ...many(2000));
    expect(await savesOf(old, [at(2000)])).toBe(2000);
    await old.stop();
    running = [];
    const loud: Projection = {
      ...stories,
      version: 2,
      differs: true,
      ddl: `create table story (id text primary key, headline text, loud text); create table shout (n int primary key, saves int)`,
      tables: { story: ['id'], shout: ['n'] },
      on: {
        Saved: ({ key, data }, rows) => {
          const { headline } = data as { headline: string };
          rows.set('story', { id: key }, { headline, loud: headline.toUpperCase() });
          rows.add('shout', { n: 1 }, { saves: 1 });
        },
      },
    };
    const next = await start([saves, loud]);
    const shouts = () =>
      next.read(['stories'], { after: [at(2000)], ...patient }, ({ query }) =>
        query('select sum(saves)::int as saves from shout').catch(() => 'the old one'),
      );
    let found = await shouts();
    while (found.reached !== 'reached' || found.answer === 'the old one') found = await shouts();
    expect(found.answer).toEqual([{ saves: 2000 }]);
    await topics.send('drafting', 0, ...many(3));
    const { reached } = await next.read(['stories'], { after: [at(2003)], ...patient }, () => Promise.resolve());
    expect(reached).toBe('reached');
    expect(await next.digest('stories')).toMatchObject({ version: 2, rows: { story: 50, shout: 1 } });
  });
});

describe('what is set aside', () => {
  test('is named to queries, in digests and to operators, until it is skipped or applied', async () => {
    const projections = await start();
    await topics.send('drafting', 0, saved('bad', 'poison'), saved('good', 'fine'));
    await savesOf(projections, [at(2)]);
    expect(await projections.parkedKeys()).toBe(1);
    expect(await rowOfSaves(projections, [at(2)])).toMatchObject({ row: { saves: 1 }, parked: new Set(['bad']) });
    expect(await projections.digest('stories')).toMatchObject({ parked: [{ topic: 'drafting', key: 'bad' }] });
    const found = await projections.read(['stories'], {}, ({ parked }) => Promise.resolve([...parked]));
    expect(found).toMatchObject({ answer: ['bad'] });
    const parked = await projections.parking.list({ limit: 10 });
    expect(parked).toMatchObject([{ reader: 'stories_v1', topic: 'drafting', key: 'bad', type: 'Saved' }]);
    const by = { id: 'omar', name: 'Omar' };
    await projections.parking.ask(parked[0]?.number ?? '', { wish: 'skip', by, reason: 'Nobody needs it.' });
    while ((await projections.parkedKeys()) > 0) await new Promise((done) => setTimeout(done, 50));
    expect((await projections.digest('stories')).parked).toEqual([]);
    expect(await projections.parking.history({ limit: 10 })).toMatchObject([
      { reader: 'stories_v1', wish: 'skip', by, reason: 'Nobody needs it.', outcome: 'skipped' },
    ]);
  });
});

describe('tables', () => {
  test('are refused when their text changed without a new version, or when they lack their keys', async () => {
    await (await start()).stop();
    running = [];
    await expect(
      start([saves, { ...stories, ddl: `${stories.ddl}; create table more (id int primary key)` }]),
    ).rejects.toThrow('The tables of stories_v1 were made from another text: give it a new version.');
    const keyless = { ...saves, name: 'keyless', ddl: 'create table nothing (id text)', tables: { nothing: ['id'] } };
    await expect(start([keyless])).rejects.toThrow('keyless: table nothing needs the primary key (id).');
    await expect(start([saves, { ...saves, name: 'twin' }])).rejects.toThrow('Both saves and twin own a table save.');
    await expect(start([saves, { ...saves, version: 2 }])).rejects.toThrow('There are two projections saves.');
    await expect(start([{ ...saves, name: 'Bad-Name' }])).rejects.toThrow('snake_case');
  });
});
