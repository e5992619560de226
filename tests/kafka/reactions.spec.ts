import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { EventStore } from '#event-store';
import { type Reaction, type Reactions, startReactions, step } from '#messaging';
import type { Wish } from '#parking';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '#testing';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';

/** Two events of another service, and what drafting would do about them. */
const reaction: Reaction = {
  name: 'on-thing-happened',
  topic: 'publication',
  on: {
    Recorded: ({ key, id, data }) => [
      step(articleLog, key, {
        type: 'record-publication',
        data: { event: 'Recorded', state: (data as { state: string }).state, position: id, by: { id: 'd', name: 'D' } },
      }),
    ],
    Broken: () => {
      throw new TypeError('a mistake of the program');
    },
  },
};
let database: TestDatabase;
let store: EventStore;
let topics: TestTopics;
let running: Reactions;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  admin = new pg.Client({ connectionString: database.adminUrl, options: '-c search_path=drafting' });
  await admin.connect();
});
beforeEach(async () => {
  await admin.query('delete from reaction_checkpoint');
  topics = await createTestTopics(['publication']);
  running = await startReactions({ broker: topics.broker, store, reactions: [reaction] });
});
afterEach(async () => {
  await running.stop();
  await topics.close();
});
afterAll(async () => {
  await admin.end();
  await store.close();
  await database.drop();
});

const content = {
  ...{ slugline: 's', headline: 'h', standfirst: '', byline: ['b'], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
const reporter = { id: 'r', name: 'R', roles: ['reporter'], desks: [] };
async function article(id: string = randomUUID()): Promise<string> {
  const data = { articleId: id, desk: 'city', kind: 'story' as const, content };
  const command = { type: 'start' as const, data, actor: reporter };
  await store.execute(articleLog, { id, command, commandId: randomUUID(), trace: { correlationId: 'test' } });
  return id;
}
const send = (key: string, state: string, more: object = {}) =>
  topics.send('publication', 0, { key, type: 'Recorded', payload: JSON.stringify({ state }), ...more });
/** The states recorded of an article, in order. */
async function recorded(id: string): Promise<string[]> {
  const { rows } = await admin.query<{ state: string }>(
    `select payload->>'state' as state from event where stream = $1 and type = 'PublicationRecorded' order by version`,
    [`article-${id}`],
  );
  return rows.map(({ state }) => state);
}
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 30));
}
const length = async (id: string, count: number) => (await recorded(id)).length >= count;
const parked = async () =>
  (await admin.query<{ key: string; reason: string }>('select key, reason from reaction_parked order by id')).rows;
const by = { id: 'omar', name: 'Omar' };
async function wish(key: string, what: Wish): Promise<void> {
  const { parking } = store.reactions;
  const first = (await parking.list({ limit: 100 })).find((one) => one.key === key);
  expect(await parking.ask(first?.number ?? '', { wish: what, by, reason: 'asked' })).toBe(true);
}
const outcomes = async (key: string) =>
  (await store.reactions.parking.history({ limit: 100 }))
    .filter((one) => one.key === key)
    .map(({ outcome }) => outcome);
const isEmpty = async () => (await parked()).length === 0;

test('what another service did becomes a command here, once, however often the topic is read', async () => {
  const id = await article();
  await send(id, 'cleared');
  await send(id, 'published');
  await until(() => length(id, 2));
  await running.stop();
  // Everything is forgotten but the log: the topic is read from its beginning again.
  await admin.query('delete from reaction_checkpoint');
  running = await startReactions({ broker: topics.broker, store, reactions: [reaction] });
  await send(id, 'held');
  await until(() => length(id, 3));
  expect(await recorded(id)).toEqual(['cleared', 'published', 'held']);
});

test('how far it got is known to every process of the service', async () => {
  const id = await article();
  const position = { service: 'publication', logId: topics.logId, shard: 0, position: 1n };
  expect(await store.reactions.reached('publication', position)).toBe(false);
  expect(await store.reactions.reachedWithin(20, 'publication', position)).toBe(false);
  // Whoever waits is told by the process that reacts; in another one, by the database.
  const elsewhere = await EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  const told = [store, elsewhere].map(({ reactions }) => reactions.reachedWithin(20_000, 'publication', position));
  await send(id, 'cleared');
  expect(await Promise.all(told)).toEqual([true, true]);
  await elsewhere.close();
  expect(await recorded(id)).toEqual(['cleared']);
  expect(await store.reactions.reached('publication', { ...position, position: 2n })).toBe(false);
  expect(await store.reactions.reached('publication', { ...position, logId: randomUUID() })).toBe(false);
});

test('what cannot be done parks its article, in order, and nobody else', async () => {
  const [good, late] = [await article(), randomUUID()];
  await send(late, 'cleared');
  await send(late, 'published');
  await send(good, 'cleared');
  await until(() => length(good, 1));
  await until(async () => (await parked()).length === 2);
  expect(await parked()).toEqual([
    { key: late, reason: expect.stringMatching('^not-found: ') },
    { key: late, reason: 'waits for an earlier message of its key' },
  ]);
  // It fails again for as long as nothing has changed.
  await wish(late, 'retry');
  await until(async () => (await outcomes(late))[0] === 'failed');
  expect(await parked()).toHaveLength(2);
  await article(late);
  await send(late, 'held');
  await until(async () => (await parked()).length === 3);
  await wish(late, 'retry');
  await until(isEmpty);
  expect(await recorded(late)).toEqual(['cleared', 'published', 'held']);
  expect(await outcomes(late)).toEqual(['applied', 'failed']);
});

test('a mistake of the program is parked as well, and may be skipped', async () => {
  const id = await article();
  await topics.send('publication', 0, { key: id, type: 'Broken' });
  await send(id, 'published');
  await until(async () => (await parked()).length === 2);
  expect(await parked()).toContainEqual({ key: id, reason: 'fault: a mistake of the program' });
  await wish(id, 'skip');
  await until(isEmpty);
  expect(await recorded(id)).toEqual(['published']);
  expect(await store.reactions.parking.history({ limit: 1 })).toMatchObject([
    { reader: 'reactions', type: 'Broken', wish: 'skip', by, reason: 'asked', outcome: 'skipped' },
  ]);
});

/** Goes on with these in place of what ran. */
async function runInstead(...reactions: Reaction[]): Promise<{ reaction: string; code: string }[]> {
  await running.stop();
  const refused: { reaction: string; code: string }[] = [];
  const onRefused = (refusal: (typeof refused)[number]) => refused.push(refusal);
  running = await startReactions({ broker: topics.broker, store, reactions, onRefused });
  return refused;
}
const submitting = (key: string, expected: string[]) => step(articleLog, key, { type: 'submit', data: {} }, expected);

test('a refusal that is part of the business is told and passed over', async () => {
  const strict: Reaction = {
    ...reaction,
    name: 'on-thing-refused',
    on: { Refused: ({ key }) => [submitting(key, ['role-required'])] },
  };
  const refused = await runInstead(strict, reaction);
  const id = await article();
  await topics.send('publication', 0, { key: id, type: 'Refused' });
  await send(id, 'cleared');
  await until(() => length(id, 1));
  expect(await parked()).toEqual([]);
  expect(refused).toEqual([{ reaction: 'on-thing-refused', code: 'role-required' }]);
});

test('what may be refused in one step is a fault in the next', async () => {
  const steps = ({ key }: { key: string }) => [submitting(key, ['role-required']), submitting(key, [])];
  const refused = await runInstead({ ...reaction, on: { Refused: steps } });
  const id = await article();
  await topics.send('publication', 0, { key: id, type: 'Refused' });
  await until(async () => (await parked()).length === 1);
  expect(await parked()).toEqual([{ key: id, reason: expect.stringMatching('^role-required: ') }]);
  expect(refused).toHaveLength(1);
  await wish(id, 'skip');
  await until(isEmpty);
});

test('a message of an old version is lifted before anything is done about it', async () => {
  const hearing: Reaction = {
    ...reaction,
    on: {
      CommentSubmitted: ({ key, id, version, data }) => {
        const state = `${version} ${(data as { reader: { name: string } }).reader.name}`;
        const told = { event: 'Recorded', state, position: id, by: { id: 'd', name: 'D' } };
        return [step(articleLog, key, { type: 'record-publication', data: told })];
      },
    },
  };
  await runInstead(hearing);
  const id = await article();
  const payload = JSON.stringify({ commentId: randomUUID(), articleId: id, by: { id: 'leo', name: 'Leo' } });
  await topics.send('publication', 0, { key: id, type: 'CommentSubmitted', version: 1, payload });
  await until(() => length(id, 1));
  expect(await recorded(id)).toEqual(['2 Leo']);
});
