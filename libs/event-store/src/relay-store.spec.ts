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
  const run = await store.relay.next(0, 0n, { rows: 100, bytes: 1_000_000 });
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
  const first = await store.relay.next(0, 0n, { rows: 100, bytes: 1 });
  expect(first).toMatchObject({ to: 1n });
  expect(await store.relay.next(0, 4n, { rows: 100, bytes: 1 })).toBeUndefined();
});

test('one holder at a time; the epoch fences the one before', async () => {
  const old = await store.relay.acquireLease('old', 1);
  let young: bigint | undefined;
  while (young === undefined) young = await store.relay.acquireLease('young', 60_000);
  expect(await store.relay.acquireLease('old', 60_000)).toBeUndefined();
  expect(young).toBe((old ?? 0n) + 1n);
  expect(await store.relay.moveCursor(0, 0n, 2n, old ?? 0n)).toBe(false);
  expect(await store.relay.moveCursor(0, 0n, 2n, young)).toBe(true);
  expect(await store.relay.moveCursor(0, 0n, 3n, young)).toBe(false);
  expect(await store.relay.cursors()).toEqual([2n]);
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
