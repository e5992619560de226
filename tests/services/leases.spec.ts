import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
let client: pg.Client;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const blocks = [{ id: 'p1', kind: 'paragraph', html: 'Open.' }];
async function started(): Promise<string> {
  const { body } = await call('reporter', '/articles', { desk: 'city', kind: 'story', blocks });
  return `/articles/${String(body.id)}`;
}
const holder = async (article: string) => {
  const { lease } = (await call('auditor', `${article}/lease`)).body as {
    lease: { by: { id: string }; session: string; until: string } | null;
  };
  return lease && { holder: `${lease.by.id} ${lease.session}`, until: lease.until };
};
/** As if its holder had done nothing for so long. */
const pass = (time: string) => client.query(`update editing_lease set expires_at = expires_at - $1::interval`, [time]);

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
  client = new pg.Client({ connectionString: drafting.database.urls.drafting });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await drafting.close();
});

test('whoever opens a text has it in hand, and everybody sees it; another session of the same person is another holder', async () => {
  const article = await started();
  expect(await holder(article)).toBeNull();
  const before = await drafting.effects();
  expect((await call('reporter', `${article}/lease`, { session: 'one' })).status).toBe(200);
  expect(await holder(article)).toMatchObject({ holder: 'reporter one' });
  for (const [who, session] of [
    ['editor', 'one'],
    ['reporter', 'two'],
  ] as const)
    expect(await call(who, `${article}/lease`, { session })).toMatchObject({
      status: 409,
      body: { code: 'lease-held', lease: { by: { id: 'reporter' }, session: 'one' } },
    });
  expect((await call('reporter', `${article}/release-lease`, { session: 'two' })).status).toBe(404);
  expect((await call('reporter', `${article}/release-lease`, { session: 'one' })).status).toBe(200);
  expect((await call('editor', `${article}/lease`, { session: 'one' })).status).toBe(200);
  expect(await drafting.effects()).toBe(before);
});

test('it expires by itself, and is renewed by whatever its holder does', async () => {
  const article = await started();
  await call('reporter', `${article}/lease`, { session: 'one' });
  const renewed = async (act: () => Promise<unknown>) => {
    await pass('1 minute');
    const before = await holder(article);
    await act();
    const after = await holder(article);
    return [after?.holder, Date.parse(after?.until ?? '') - Date.parse(before?.until ?? '') > 50_000];
  };
  const text = { base: 1, put: [{ ...blocks[0], html: 'Shut.' }] };
  expect(await renewed(() => call('reporter', `${article}/lease`, { session: 'one' }))).toEqual(['reporter one', true]);
  expect(await renewed(() => call('reporter', `${article}/autosave`, { ...text, session: 'one' }))).toEqual([
    ...['reporter one', true],
  ]);
  expect(await renewed(() => call('reporter', `${article}/revise`, { ...text, session: 'one' }))).toEqual([
    ...['reporter one', true],
  ]);
  expect(await renewed(() => call('reporter', `${article}/autosave`, { ...text, session: 'two' }))).toEqual([
    ...['reporter one', false],
  ]);
  await pass('3 minutes');
  expect(await holder(article)).toBeNull();
  expect((await call('editor', `${article}/lease`, { session: 'one' })).status).toBe(200);
});

test('a save without it goes through the merge like any other', async () => {
  const article = await started();
  await call('reporter', `${article}/lease`, { session: 'one' });
  const text = { base: 1, put: [{ ...blocks[0], html: 'Shut.' }], session: 'two' };
  expect((await call('reporter', `${article}/revise`, text)).status).toBe(200);
  expect(await holder(article)).toMatchObject({ holder: 'reporter one' });
});

test('an editor takes it over, which is recorded; of two at once, or where nobody has it, there is one holder', async () => {
  const article = await started();
  await call('reporter', `${article}/lease`, { session: 'one' });
  const body = { session: 'desk', reason: 'The deadline is at six.' };
  expect((await call('reporter', `${article}/take-over-lease`, body)).body.code).toBe('role-required');
  expect(await holder(article)).toMatchObject({ holder: 'reporter one' });
  const key = { 'idempotency-key': 'take-it' };
  expect((await call('editor', `${article}/take-over-lease`, body, key)).status).toBe(200);
  expect(await holder(article)).toMatchObject({ holder: 'editor desk' });
  const events = (await drafting.store.readShard(0, 0n, 1000)).filter(({ type }) => type === 'LeaseTakenOver');
  expect(events.map(({ data }) => data)).toMatchObject([
    { by: { id: 'editor' }, session: 'desk', from: { id: 'reporter' }, fromSession: 'one', reason: body.reason },
  ]);
  // Whoever has it since does not lose it to a repeat.
  await call('editor', `${article}/release-lease`, { session: 'desk' });
  await call('reporter', `${article}/lease`, { session: 'one' });
  const again = await call('editor', `${article}/take-over-lease`, body, key);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await holder(article)).toMatchObject({ holder: 'reporter one' });
  const all = await Promise.all(
    ['a', 'b', 'c'].map((session) => call('editor second', `${article}/take-over-lease`, { ...body, session })),
  );
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await holder(article))?.holder).toMatch(/^second [abc]$/);
});
