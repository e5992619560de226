import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Command, decider } from '#decider';
import { createTestDatabase, type TestDatabase } from '#testing';
import { type Aggregate, commandId, EventStore } from './index.ts';

interface Note {
  status: 'none' | 'kept';
}
type Keep = Command & { type: 'keep'; data: { text: string } };
interface Kept {
  type: 'NoteKept';
  data: { text: string };
}
const note: Aggregate<Note, Keep, Kept> = {
  category: 'note',
  decider: decider<Note, Keep, Kept>(
    { status: 'none' },
    { keep: { from: ['none', 'kept'], by: ['clerk'], decide: ({ data }) => [{ type: 'NoteKept', data }] } },
    { NoteKept: () => ({ status: 'kept' }) },
  ),
  partitionKey: () => 'one',
  // A word beginning with x stays inside; one beginning with p goes out to the public as well.
  announce: ({ data: { text } }) => ({
    ...(text.startsWith('x') ? {} : { internal: 'payload' as const }),
    ...(text.startsWith('p') ? { public: { type: 'Told', version: 2, data: text } } : {}),
  }),
  versionOf: () => 1,
};

let database: TestDatabase;
let store: EventStore;
let counted = 0;
const keep = (text: string) =>
  store.execute(note, {
    id: 'one',
    command: { type: 'keep', data: { text }, actor: { id: 'c', name: 'C', roles: ['clerk'], desks: [] } },
    commandId: commandId('relay', String(counted++)),
    trace: { correlationId: 'test' },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  store = await EventStore.open({ connectionString: database.urls.publication, service: 'publication' });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

test('what leaves names the message before it on its own topic, whatever lies between in the log', async () => {
  for (const text of ['p1', 'x2', 'a3', 'p4']) await keep(text);
  const [run] = await store.relay.next([{ shard: 0, after: 0n, rows: 100 }], 1_000_000);
  expect(run?.to).toBe(4n);
  const told = run?.messages.map(({ slot, type, payload, position, previousPosition }) => [
    slot,
    type,
    payload,
    position,
    previousPosition,
  ]);
  expect(told).toEqual([
    ['internal', 'NoteKept', '{"text":"p1"}', 1n, 0n],
    ['public', 'Told', '"p1"', 1n, 0n],
    ['internal', 'NoteKept', '{"text":"a3"}', 3n, 1n],
    ['internal', 'NoteKept', '{"text":"p4"}', 4n, 3n],
    ['public', 'Told', '"p4"', 4n, 1n],
  ]);
});

test('a run is bounded by bytes, and never empty while something waits', async () => {
  const from = (after: bigint, rows: number, bytes: number) => store.relay.next([{ shard: 0, after, rows }], bytes);
  expect(await from(0n, 100, 1)).toMatchObject([{ shard: 0, from: 0n, to: 1n }]);
  // Two of these payloads fit, and not what comes after them.
  expect(await from(1n, 100, 30)).toMatchObject([{ to: 3n }]);
  expect(await from(0n, 2, 1_000_000)).toMatchObject([{ to: 2n }]);
  expect(await from(4n, 100, 1)).toEqual([]);
});

test('large rows that compress well are still bounded by what they take when they are sent', async () => {
  for (const letter of ['a', 'b', 'c']) await keep(letter.repeat(100_000));
  const runs = await store.relay.next([{ shard: 0, after: 4n, rows: 100 }], 250_000);
  expect(runs).toMatchObject([{ from: 4n, to: 6n }]);
});

test('says how much waits, and for how long', async () => {
  const { events, seconds } = await store.relay.lag();
  expect(events).toBe(7);
  expect(seconds).toBeGreaterThan(0);
});

test('every append wakes the relay', async () => {
  const woken = Promise.withResolvers<unknown>();
  const stop = await store.relay.listen(() => {
    woken.resolve(true);
  }, woken.reject);
  await keep('a');
  await woken.promise;
  await stop();
});

test('a relay that lost its lease moves no cursor any more, whatever it has sent', async () => {
  const { relay } = store;
  await keep('a');
  const [from = 0n] = await relay.cursors();
  const [head] = await store.heads();
  const to = head?.position ?? 0n;
  const old = (await relay.acquireLease('one', -1)) ?? 0n;
  expect(await relay.acquireLease('another', 60_000)).toBe(old + 1n);
  expect(await relay.acquireLease('one', 60_000)).toBeUndefined();
  expect(await relay.moveCursor(0, from, to, old)).toBe(false);
  expect(await relay.cursors()).toEqual([from]);
  expect(await relay.moveCursor(0, from, to, old + 1n)).toBe(true);
  // Nor twice from the same place.
  expect(await relay.moveCursor(0, from, to, old + 1n)).toBe(false);
  await relay.releaseLease('another');
});
