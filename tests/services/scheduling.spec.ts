import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTimers } from '#event-store';
import { onArticleApproved } from '../../apps/publication/src/on-article-approved.ts';
import { timedPublications } from '../../apps/publication/src/originals.ts';
import { PublicationModule } from '../../apps/publication/src/publication.module.ts';
import { Paper } from '../../apps/publication/src/publication/paper.ts';
import { content, reworded } from '../../apps/publication/src/publication/samples.ts';
import { type Alone, openAlone } from './alone.ts';

let publication: Alone;
let timers: ReturnType<typeof startTimers>;
const failures: object[] = [];
beforeAll(async () => {
  const provide = [{ provide: Paper, useValue: new Paper('The Harbour Post') }];
  publication = await openAlone({ name: 'publication', module: PublicationModule, provide });
  const log = (_text: string, details: object) => failures.push(details);
  timers = startTimers({ store: publication.store, aggregates: [timedPublications], log });
});
afterAll(async () => {
  await timers.stop();
  await publication.close();
  expect(failures).toEqual([]);
});

async function heard(articleId: string, version: number, told: object): Promise<void> {
  const by = { id: 'edna', name: 'Edna' };
  const data = { articleId, by, version, desk: 'city', kind: 'story', content, knownStops: 0, ...told };
  await publication.hear(onArticleApproved, { type: 'ArticleApproved', key: articleId, data });
}
async function approved(conditions?: object): Promise<string> {
  const articleId = randomUUID();
  await heard(articleId, 1, { conditions });
  return articleId;
}
const eventsOf = async (id: string) =>
  (await publication.store.readShard(0, 0n, 1000)).filter(({ stream }) => stream.endsWith(id));
/** What left for outsiders. */
async function feedOf(id: string): Promise<unknown[]> {
  const [run] = await publication.store.relay.next([{ shard: 0, after: 0n, rows: 1000 }], 100_000_000);
  return (run?.messages ?? []).filter(({ slot, key }) => slot === 'public' && key === id).map(({ type }) => type);
}
const command = (id: string, name: string, body: object = {}) =>
  publication.call('duty-editor', `/publications/${id}/${name}`, body);
const read = async (id: string) => (await publication.call('duty-editor', `/publications/${id}`)).body;
const when = { version: 1, zone: 'UTC', late: 'ask' };
const later = { ...when, at: '2096-03-01T06:00', zone: 'Asia/Karachi' };

test('what is scheduled goes out by itself, to outsiders too, and how late that was is recorded', async () => {
  const id = await approved();
  const at = new Date(Date.now() + 2000).toISOString().slice(0, 19);
  expect(await command(id, 'schedule', { ...when, at })).toMatchObject({ status: 200, body: { state: 'scheduled' } });
  expect((await read(id)).schedule).toMatchObject({ due: `${at}.000000Z`, zone: 'UTC', late: 'ask' });
  while ((await read(id)).state !== 'published') await pause(20);
  const rows = await eventsOf(id);
  expect(rows.map(({ type }) => type)).toEqual([
    ...['PublicationOpened', 'PublicationScheduled', 'ScheduleCameDue', 'ArticlePublished'],
  ]);
  expect(rows[2]).toMatchObject({
    data: { due: `${at}.000000Z`, late: false, by: { id: 'duty-editor' } },
    metadata: { actor: { id: 'timer' }, command: 'come-due' },
  });
  const { drift } = rows[2]?.data as { drift: number };
  expect(drift).toBeGreaterThanOrEqual(0);
  expect(await feedOf(id)).toEqual(['ItemReleased']);
});

test('the update of what is out goes out by itself, never early, and a version that is approved meanwhile waits', async () => {
  const id = await approved();
  await command(id, 'publish', { version: 1 });
  await heard(id, 2, { content: reworded('p2', 'Traffic crawls.') });
  const at = new Date(Date.now() + 2000).toISOString().slice(0, 19);
  const update = { ...when, at, version: 2 };
  expect(await command(id, 'schedule', update)).toMatchObject({ status: 422, body: { code: 'correction-due' } });
  const set = await command(id, 'schedule', { ...update, nothingWasWrong: true });
  expect(set).toMatchObject({ status: 200, body: { state: 'published' } });
  expect((await read(id)).schedule).toMatchObject({ due: `${at}.000000Z`, update: { version: 2 } });
  await heard(id, 3, { content: reworded('p2', 'Traffic stands.') });
  while ((await read(id)).schedule) await pause(20);
  expect(await read(id)).toMatchObject({
    state: 'published',
    out: { version: 2 },
    waiting: { version: 3 },
    updates: 1,
  });
  const rows = (await eventsOf(id)).slice(-2);
  expect(rows).toMatchObject([
    { type: 'UpdateCameDue', data: { due: `${at}.000000Z`, late: false, outcome: 'updated', waits: 3 } },
    {
      ...{ type: 'ArticleUpdated', data: { version: 2, nothingWasWrong: true, by: { id: 'duty-editor' } } },
      metadata: { actor: { id: 'timer' }, command: 'come-due' },
    },
  ]);
  const { drift } = rows[0]?.data as { drift: number };
  expect(drift).toBeGreaterThanOrEqual(0);
  expect(await feedOf(id)).toEqual(['ItemReleased', 'ItemUpdated']);
});

test('a follow-up that is due while its original is not out is kept back, whatever the order in which they were to go', async () => {
  const original = await approved();
  const followUp = await approved({ embargo: null, follows: [original] });
  const at = (seconds: number) => new Date(Date.now() + 1000 * seconds).toISOString().slice(0, 19);
  const refused = await command(followUp, 'schedule', { ...when, at: at(3) });
  expect(refused).toMatchObject({ status: 409, body: { code: 'original-not-out', originals: [original] } });
  await command(original, 'schedule', { ...when, at: at(2) });
  expect((await command(followUp, 'schedule', { ...when, at: at(3) })).status).toBe(200);
  await command(original, 'deschedule');
  while ((await read(followUp)).schedule) await pause(20);
  expect(await read(followUp)).toMatchObject({ state: 'cleared', overdue: { policy: 'ask' } });
});

test('a schedule is moved, taken off, and gone when it is published or stopped', async () => {
  const [moved, published, stopped] = [await approved(), await approved(), await approved()];
  for (const id of [moved, published, stopped]) await command(id, 'schedule', later);
  expect(await publication.store.timers.standing()).toMatchObject({ waiting: 3 });
  await command(moved, 'reschedule', { ...later, at: '2096-03-02T06:00' });
  expect((await read(moved)).schedule).toMatchObject({ due: '2096-03-02T01:00:00.000000Z' });
  expect((await command(moved, 'deschedule')).body.state).toBe('cleared');
  expect((await command(published, 'publish', { version: 1 })).body.state).toBe('published');
  expect((await command(stopped, 'stop', { reason: 'Wrong.' })).body.state).toBe('stopped');
  // The update of what is out has a timer of the same kind.
  await heard(published, 2, { content: reworded('p2', 'Traffic crawls.') });
  await command(published, 'schedule', { ...later, version: 2, nothingWasWrong: true });
  expect(await publication.store.timers.standing()).toMatchObject({ waiting: 1 });
  expect((await command(published, 'hold', { reason: 'In doubt.' })).body.state).toBe('held');
  expect(await publication.store.timers.standing()).toMatchObject({ waiting: 0, overdue: 0 });
});

test('times that never come, come twice, are past, or are none, are refused', async () => {
  const id = await approved();
  const refused = async (body: object) => {
    const { status, body: problem } = await command(id, 'schedule', { ...later, ...body });
    return `${status} ${String(problem.code)}`;
  };
  const zone = 'Europe/Berlin';
  expect(await refused({ zone, at: '2031-03-30T02:30' })).toBe('422 time-comes-never');
  expect(await refused({ zone, at: '2031-10-26T02:30' })).toBe('422 time-comes-twice');
  expect(await refused({ zone, at: '2031-10-26T02:30+05:00' })).toBe('422 offset-not-of-zone');
  expect(await refused({ zone: 'Mars/Olympus' })).toBe('422 unknown-zone');
  expect(await refused({ at: '2020-01-01T00:00' })).toBe('422 time-is-past');
  for (const at of ['2031-02-30T10:00', '2031-02-28T24:00', 'tomorrow', '2031-02-28', '99999-01-01T00:00'])
    expect(await refused({ at })).toBe('400 invalid-body');
  expect(await refused({ late: 'never' })).toBe('400 invalid-body');
  const { status } = await command(id, 'schedule', { ...later, zone, at: '2031-10-26T02:30+02:00' });
  expect(status).toBe(200);
});
