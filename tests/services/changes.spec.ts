import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EventStore } from '#event-store';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';
import { listen, type Listening } from './listening.ts';

let drafting: Alone;
/** The log of another process of the same service. */
let elsewhere: EventStore;
const listeners: Listening[] = [];
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
  elsewhere = await EventStore.open({ connectionString: drafting.database.urls.drafting, service: 'drafting' });
});
afterEach(() => {
  for (const one of listeners.splice(0)) one.close();
});
afterAll(async () => {
  await elsewhere.close();
  await drafting.close();
});

let id: string;
beforeEach(async () => {
  id = String((await drafting.call('reporter rana', '/articles', { desk: 'city', kind: 'story' })).body.id);
});
async function listening(who: string, last?: string): Promise<Listening> {
  const of = listen(`${drafting.url}/articles/${id}/events`, await drafting.token(who), ['changed', 'presence'], last);
  listeners.push(of);
  await of.of('presence', 1);
  return of;
}
const note = (text: string) => drafting.call('reporter rana', `/articles/${id}/add-note`, { note: text });
const noteElsewhere = (text: string) =>
  elsewhere.execute(articleLog, {
    ...{ id, commandId: randomUUID(), trace: { correlationId: 'test' } },
    command: {
      ...{ type: 'add-note', data: { note: text, blocking: false, mentions: [] } },
      actor: { id: 'emil', name: 'Emil', roles: ['editor'], desks: ['city'] },
    },
  });
const ids = (of: Listening) => of.heard.filter(({ event }) => event === 'changed').map((one) => Number(one.id));

test('changes are told as they come, whichever process they come in, and go on after the last that was received', async () => {
  const first = await listening('editor edna');
  expect(ids(first)).toEqual([]);
  await note('One.');
  await noteElsewhere('Two.');
  const [one, two] = await first.of('changed', 2);
  expect(one).toMatchObject({ id: '2', data: { version: 2, type: 'NoteAdded', by: { id: 'rana' } } });
  expect(two).toMatchObject({ id: '3', data: { by: { id: 'emil' }, position: expect.any(String) as unknown } });
  first.close();
  for (let more = 0; more < 3; more++) await note(`More ${more}.`);
  const second = await listening('editor edna', '2');
  await note('Last.');
  await second.of('changed', 5);
  expect(ids(second)).toEqual([3, 4, 5, 6, 7]);
});

test('much that was missed comes whole', async () => {
  for (let more = 0; more < 450; more += 10)
    await Promise.all(Array.from({ length: 10 }, (_, at) => noteElsewhere(`No. ${more + at}.`)));
  const late = await listening('editor edna', '1');
  await late.of('changed', 450);
  expect(ids(late)).toEqual(Array.from({ length: 450 }, (_, at) => at + 2));
});

test('who looks, and who has it in hand, is told to all who look', async () => {
  const people = ({ heard }: Listening) =>
    (heard.findLast(({ event }) => event === 'presence')?.data.people as { id: string }[]).map((one) => one.id);
  const edna = await listening('editor edna');
  expect(people(edna)).toEqual(['edna']);
  const rana = await listening('reporter rana');
  await edna.of('presence', 2);
  expect(people(edna)).toEqual(['edna', 'rana']);
  const stream = `article-${id}`;
  const emil = {
    stream,
    after: 1,
    by: { id: 'emil', name: 'Emil' },
    changed: () => undefined,
    present: () => undefined,
  };
  const leave = await elsewhere.watching.follow(emil);
  await edna.of('presence', 3);
  expect(people(edna)).toEqual(['edna', 'emil', 'rana']);
  await drafting.call('reporter rana', `/articles/${id}/lease`, { session: 'one' });
  const held = (await edna.of('presence', 4))[3]?.data;
  expect(held).toMatchObject({ lease: { by: { id: 'rana' }, session: 'one' } });
  await drafting.call('reporter rana', `/articles/${id}/lease`, { session: 'one' });
  rana.close();
  await edna.of('presence', 5);
  await leave();
  await edna.of('presence', 6);
  expect(edna.heard).toHaveLength(6);
  expect(people(edna)).toEqual(['edna']);
});

test('what is no id of an event is refused, and so is an article that is not there', async () => {
  const call = (path: string, headers = {}) => drafting.call('editor edna', path, undefined, headers);
  expect((await call(`/articles/${id}/events`, { 'last-event-id': 'x' })).body.code).toBe('invalid-parameter');
  expect((await call(`/articles/${randomUUID()}/events`)).status).toBe(404);
});

test('an open stream does not hold up the end of its process', async () => {
  const other = await openAlone({ name: 'drafting', module: DraftingModule });
  const made = await other.call('reporter rana', '/articles', { desk: 'city', kind: 'story' });
  const of = listen(`${other.url}/articles/${String(made.body.id)}/events`, await other.token('chief'), ['presence']);
  await of.of('presence', 1);
  const began = performance.now();
  await other.close();
  expect(performance.now() - began).toBeLessThan(5000);
  of.close();
});
