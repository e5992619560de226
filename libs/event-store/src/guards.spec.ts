import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Actor, type Command, decider, Rejection } from '#decider';
import { createTestDatabase, type TestDatabase } from '#testing';
import { type Aggregate, commandId, derivedId, EventStore, type Guard } from './index.ts';

/** A hall that is opened and shut, and tickets that are sold while it is open: each a stream, all under the hall's key. */
interface Hall {
  status: 'none' | 'open' | 'shut';
  id: string;
}
type OpenOrShut = Command & { type: 'open' | 'shut'; data: { id: string } };
type HallEvent = { type: 'HallOpened'; data: { id: string } } | { type: 'HallShut'; data: { id: string } };
const hall: Aggregate<Hall, OpenOrShut, HallEvent> = {
  category: 'hall',
  decider: decider<Hall, OpenOrShut, HallEvent>(
    { status: 'none', id: '' },
    {
      open: { from: ['none', 'shut'], by: ['clerk'], decide: ({ data }) => [{ type: 'HallOpened', data }] },
      shut: { from: ['open'], by: ['clerk'], decide: ({ data }) => [{ type: 'HallShut', data }] },
    },
    {
      HallOpened: (_state, { id }) => ({ status: 'open', id }),
      HallShut: (_state, { id }) => ({ status: 'shut', id }),
    },
  ),
  partitionKey: ({ id }) => id,
  announce: () => ({}),
  versionOf: () => 1,
};
interface Ticket {
  status: 'none' | 'sold';
  hall: string;
}
type Sell = Command & { type: 'sell'; data: { hall: string }; given: { hall: Hall } };
interface Sold {
  type: 'TicketSold';
  data: { hall: string };
}
const ticket: Aggregate<Ticket, Sell, Sold> = {
  category: 'ticket',
  decider: decider<Ticket, Sell, Sold>(
    { status: 'none', hall: '' },
    {
      sell: {
        from: ['none'],
        by: ['clerk'],
        decide: ({ data, given }) => {
          if (given.hall.status !== 'open') throw new Rejection('hall-shut', 'The hall is shut.');
          return [{ type: 'TicketSold', data }];
        },
      },
    },
    { TicketSold: (_state, { hall: id }) => ({ status: 'sold', hall: id }) },
  ),
  partitionKey: ({ hall: id }) => id,
  announce: () => ({}),
  versionOf: () => 1,
};
const clerk: Actor = { id: 'c', name: 'Clerk', roles: ['clerk'], desks: [] };
let counted = 0;
const order = <T extends string, D>(id: string, type: T, data: D, guards: Readonly<Record<string, Guard>> = {}) => ({
  ...{ id, command: { type, data, actor: clerk }, guards },
  ...{ commandId: commandId('guards', String(counted++)), trace: { correlationId: 'test' } },
});

let database: TestDatabase;
let stores: EventStore[];
beforeAll(async () => {
  database = await createTestDatabase({ shards: 3 });
  stores = await Promise.all(
    [1, 2].map(() => EventStore.open({ connectionString: database.urls.moderation, service: 'moderation' })),
  );
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await database.drop();
});

async function opened(): Promise<string> {
  const id = derivedId(commandId('hall', String(counted++)), 'hall');
  await stores[0]?.execute(hall, order(id, 'open' as const, { id }));
  return id;
}
function sell(store: EventStore, hallId: string): Promise<string> {
  const id = derivedId(commandId('ticket', String(counted++)), 'ticket');
  const guards = { hall: { aggregate: hall, id: hallId } };
  return store.execute(ticket, order(id, 'sell' as const, { hall: hallId }, guards)).then(
    () => 'sold',
    (error: unknown) => (error instanceof Rejection ? error.code : String(error)),
  );
}
/** Types of the events about a hall, in the order of its shard. */
async function story(id: string): Promise<string[]> {
  const [store] = stores;
  if (!store) throw new Error('no store');
  const all = await Promise.all([0, 1, 2].map((shard) => store.readShard(shard, 0n, 100_000)));
  const about = ({ stream, data }: { stream: string; data: unknown }) =>
    stream === `hall-${id}` || (data as { hall?: string }).hall === id;
  return all
    .flat()
    .filter(about)
    .map(({ type }) => type);
}

test('nothing that rests on a guard comes after what moved it, in one process and between two', async () => {
  for (let round = 0; round < 20; round++) {
    const id = await opened();
    const selling = stores.flatMap((store) => Array.from({ length: 8 }, () => sell(store, id)));
    const shutting = stores[round % 2]?.execute(hall, order(id, 'shut' as const, { id }));
    const late = stores.flatMap((store) => Array.from({ length: 8 }, () => sell(store, id)));
    await shutting;
    const outcomes = await Promise.all([...selling, ...late]);
    const events = await story(id);
    expect(events.slice(events.indexOf('HallShut') + 1)).toEqual([]);
    expect(events.filter((type) => type === 'TicketSold')).toHaveLength(
      outcomes.filter((outcome) => outcome === 'sold').length,
    );
    expect(outcomes.every((outcome) => outcome === 'sold' || outcome === 'hall-shut')).toBe(true);
  }
});

test('streams are found by what they are about, in the order of their start', async () => {
  const [store] = stores;
  if (!store) throw new Error('no store');
  const id = await opened();
  expect(await store.idsOf('ticket', id)).toEqual([]);
  const ids: string[] = [];
  for (let at = 0; at < 3; at++) {
    const ticketId = derivedId(commandId('ticket', String(counted++)), 'ticket');
    ids.push(ticketId);
    await store.execute(ticket, order(ticketId, 'sell' as const, { hall: id }, { hall: { aggregate: hall, id } }));
  }
  expect(await store.idsOf('ticket', id)).toEqual(ids);
  expect(await store.idsOf('hall', id)).toEqual([id]);
});
