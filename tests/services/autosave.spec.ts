import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';
import { putOut } from './out.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
const put = (html: string) => [paragraph('p1', html)];
async function started(): Promise<string> {
  const fields = { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] };
  const { body } = await call('reporter', '/articles', { desk: 'city', kind: 'story', fields, blocks: put('Open.') });
  return `/articles/${String(body.id)}`;
}
async function autosaves(who: string, article: string) {
  const { body } = await call(who, `${article}/autosaves`);
  return (body.items as { session: string; refused: boolean; text: { put: { html: string }[] } }[]).map(
    ({ session, refused, text }) => [session, refused, text.put[0]?.html],
  );
}

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

test('a text that is not saved is kept for each session, apart from versions, and seen by nobody else', async () => {
  const article = await started();
  const before = await drafting.effects();
  await call('reporter', `${article}/autosave`, { base: 1, put: put('Op'), session: 'one' });
  await call('reporter', `${article}/autosave`, { base: 1, put: put('Shut?'), session: 'two' });
  await call('reporter', `${article}/autosave`, { base: 1, put: put('Opened <b>once</b>.'), session: 'one' });
  expect(await drafting.effects()).toBe(before);
  expect((await call('reporter', article)).body).toMatchObject({ versions: 1 });
  // After a crash, whoever asks is somebody else's process.
  expect(await autosaves('reporter', article)).toEqual([
    ['one', false, 'Opened once.'],
    ['two', false, 'Shut?'],
  ]);
  expect(await autosaves('editor', article)).toEqual([]);
});

test('what a process has kept outlives it, however it dies', async () => {
  const article = await started();
  const keep = async (html: string) => {
    const of = [drafting.database.urls.drafting, article.replace('/articles/', 'article-'), 'reporter', html];
    const flags = ['--conditions=built', '--disable-warning=ExperimentalWarning'];
    const keeper = spawn(process.execPath, [...flags, fileURLToPath(new URL('keeper.ts', import.meta.url)), ...of]);
    const [said, [, signal]] = await Promise.all([
      text(keeper.stdout),
      once(keeper, 'exit') as Promise<[number, string]>,
    ]);
    expect([said.trim(), signal]).toEqual(['kept', 'SIGKILL']);
  };
  await keep('Half a');
  await keep('Half a sentence.');
  expect(await autosaves('reporter', article)).toEqual([['one', false, 'Half a sentence.']]);
});

test('a save clears what its session kept, and nothing else', async () => {
  const article = await started();
  for (const session of ['one', 'two'])
    await call('reporter', `${article}/autosave`, { base: 1, put: put('Shut.'), session });
  const saved = await call('reporter', `${article}/revise`, { base: 1, put: put('Shut.'), session: 'one' });
  expect(saved.status).toBe(200);
  expect(await autosaves('reporter', article)).toEqual([['two', false, 'Shut.']]);
  expect((await call('reporter', `${article}/discard-autosave`, { session: 'two' })).status).toBe(200);
  expect(await autosaves('reporter', article)).toEqual([]);
  const again = await call('reporter', `${article}/discard-autosave`, { session: 'two' });
  expect(again).toMatchObject({ status: 404, body: { code: 'not-found' } });
});

test('a text that came while another was being saved is not cleared by that save', async () => {
  const { work } = drafting.store;
  const of = { stream: 'article-x', person: 'rana', session: 'one' };
  const first = await work.keepAutosave(of, 'One');
  await work.keepAutosave(of, 'One more');
  await work.clearAutosave(of, first);
  expect(await work.autosaves(of)).toMatchObject([{ session: 'one', value: 'One more' }]);
});

test('a text that is refused while one is kept that came meanwhile stays behind that one', async () => {
  const { work } = drafting.store;
  const of = { stream: 'article-y', person: 'rana', session: 'one' };
  const before = await work.keepAutosave(of, 'One');
  await work.keepAutosave(of, 'One more');
  const kept = async () => (await work.autosaves(of)).map(({ value }) => value);
  for (const known of [before, undefined]) expect(await work.keepAutosave(of, 'Refused', { before: known })).toBe('');
  expect(await kept()).toEqual(['One more']);
  await work.keepAutosave(of, 'Refused', { before: (await work.autosaves(of))[0]?.at });
  expect(await kept()).toEqual(['Refused']);
});

test('what is typed while a text is handed on is kept for whoever writes it or wrote it, and for nobody else', async () => {
  const article = await started();
  const refused = async (who: string, html: string) => {
    const { status } = await call(who, `${article}/revise`, { base: 1, put: put(html), session: 'one' });
    expect(status).toBe(403);
    return autosaves(who, article);
  };
  await call('reporter', `${article}/submit`, {});
  expect(await refused('reporter', 'Late.')).toEqual([['one', true, 'Late.']]);
  expect(await refused('reporter ravi', 'Mine?')).toEqual([]);
  await call('editor edna', `${article}/claim`, {});
  await call('editor emil', `${article}/return`, { note: 'Who says so?' });
  expect(await refused('editor edna', 'Later.')).toEqual([['one', true, 'Later.']]);
  expect(await refused('duty-editor', 'Mine?')).toEqual([]);
  await call('reporter', `${article}/submit`, {});
  const moved = await call('editor edna', `${article}/move`, { desk: 'sport', reason: 'It is about a race.' });
  expect(moved.status).toBe(200);
  expect(await refused('editor emil', 'Latest.')).toEqual([['one', true, 'Latest.']]);
});

test('a text that was refused because of what others did is kept as its author’s autosave', async () => {
  const article = await started();
  await call('reporter', `${article}/revise`, { base: 1, put: put('Shut.') });
  const clash = { base: 1, put: put('Half open.'), session: 'one' };
  expect((await call('reporter', `${article}/revise`, clash)).body.code).toBe('block-conflict');
  expect(await autosaves('reporter', article)).toEqual([['one', true, 'Half open.']]);
  await call('reporter', `${article}/submit`, {});
  const stale = { base: 2, put: put('Stale.'), session: 'two' };
  const ifMatch = await call('editor', `${article}/revise`, stale, { 'if-match': '"1"' });
  expect(ifMatch.status).toBe(412);
  expect(await autosaves('editor', article)).toEqual([['two', true, 'Stale.']]);
});

test('a correction’s text likewise: kept for each session until it is saved, and where it was refused', async () => {
  const articleId = (await started()).slice('/articles/'.length);
  await putOut(drafting, articleId);
  const path = `/corrections/${String((await call('reporter', '/corrections', { articleId })).body.id)}`;
  const typed = (session: string, html: string) => ({ base: 1, put: put(html), session });
  const kept = async (who: string) => (await call(who, `${path}/autosaves`)).body.items as Record<string, unknown>[];
  for (const session of ['one', 'two']) await call('reporter', `${path}/autosave`, typed(session, 'After te'));
  expect(await kept('editor')).toEqual([]);
  expect((await call('reporter', `${path}/revise`, typed('one', 'After ten.'))).status).toBe(200);
  expect(await kept('reporter')).toMatchObject([{ session: 'two', refused: false }]);
  expect((await call('reporter', `${path}/discard-autosave`, { session: 'two' })).status).toBe(200);
  expect((await call('editor', `${path}/revise`, typed('desk', 'After nine.'))).body.code).toBe('block-conflict');
  const refused = { session: 'desk', refused: true, text: { put: [{ id: 'p1', html: 'After nine.' }] } };
  expect(await kept('editor')).toMatchObject([refused]);
  await call('reporter', `${path}/discard`, {});
  expect((await call('editor', `${path}/revise`, typed('late', 'After all.'))).body.code).toBe('not-allowed-now');
  expect(await kept('editor')).toMatchObject([{ session: 'late', refused: true }, refused]);
  const nowhere = '/corrections/00000000-0000-4000-8000-000000000000';
  expect(await call('editor', `${nowhere}/autosave`, typed('one', 'x'))).toMatchObject({ status: 404 });
});
