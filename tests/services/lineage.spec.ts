import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { execute } from '../../apps/drafting/src/executing.ts';
import { onDescendantStarted } from '../../apps/drafting/src/on-descendant-started.ts';
import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import { onArticleLinked } from '../../apps/drafting/src/on-article-linked.ts';
import { onOriginChanged } from '../../apps/drafting/src/on-origin-changed.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
const fields = { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] };
async function started(): Promise<string> {
  const blocks = [paragraph('p1', 'It is open.')];
  return String((await call('reporter', '/articles', { desk: 'city', kind: 'story', fields, blocks })).body.id);
}
const read = async (id: string) => (await call('reporter', `/articles/${id}`)).body;
const eventsOf = async (id: string) =>
  (await drafting.store.readShard(0, 0n, 10_000)).filter(({ stream }) => stream === `article-${id}`);

test('a translation is begun from its original, and says when it falls behind', async () => {
  const id = await started();
  const embargo = { at: '2096-03-01T06:00', zone: 'Asia/Karachi', reason: 'Agreed.' };
  await call('editor', `/articles/${id}/set-embargo`, embargo);
  const made = await call('reporter tess', `/articles/${id}/translate`, { language: 'de' });
  const translation = String(made.body.id);
  expect([made.status, made.headers.get('location')]).toEqual([201, `/articles/${translation}`]);
  expect(await read(translation)).toMatchObject({
    ...{ state: 'draft', writers: ['tess'], content: { language: 'de', headline: 'Bridge opens' } },
    links: [{ as: 'translation-of', articleId: id, version: 1, behind: false }],
    embargo: { until: '2096-03-01T01:00:00.000000Z', zone: 'Asia/Karachi' },
  });
  expect((await read(id)).descendants).toMatchObject([{ as: 'translation-of', articleId: translation, version: 1 }]);
  await call('reporter', `/articles/${id}/revise`, { base: 1, put: [paragraph('p1', 'It is shut.')] });
  expect((await read(translation)).links).toMatchObject([{ version: 1, behind: true }]);
  await call('reporter tess', `/articles/${translation}/submit`, {});
  await call('editor', `/articles/${translation}/claim`, {});
  const refused = await call('editor', `/articles/${translation}/approve`, { version: 1 });
  expect(refused.body.gates).toMatchObject([{ gate: 'translation-behind', severity: 'warning' }]);
  await call('editor', `/articles/${translation}/link`, { as: 'translation-of', to: id });
  expect((await read(translation)).links).toMatchObject([{ version: 2, behind: false }]);
});

test('one descendant for one key; begun by the reaction too, it is there once', async () => {
  const id = await started();
  const key = { 'idempotency-key': 'once' };
  const first = await call('reporter', `/articles/${id}/duplicate`, {}, key);
  expect((await call('reporter', `/articles/${id}/duplicate`, {}, key)).body).toEqual(first.body);
  const [, begun] = await eventsOf(id);
  expect(begun?.type).toBe('DescendantStarted');
  await drafting.hear(onDescendantStarted, { type: 'DescendantStarted', key: id, data: begun?.data });
  expect((await eventsOf(String(first.body.id))).map(({ type }) => type)).toEqual(['ArticleStarted', 'ArticleLinked']);
});

test('whoever asked for it may die before it is begun: the reaction begins it', async () => {
  const id = await started();
  const descendantId = randomUUID();
  const actor = { id: 'rana', name: 'Rana', roles: ['reporter'], desks: [] };
  const order = { actor, commandId: randomUUID(), fingerprint: '', trace: { correlationId: 'test' } };
  await execute(drafting.store, id, order, { type: 'start-follow-up', data: { descendantId } });
  expect((await call('reporter', `/articles/${descendantId}`)).status).toBe(404);
  const [, told] = await eventsOf(id);
  await drafting.hear(onDescendantStarted, { type: 'DescendantStarted', key: id, data: told?.data });
  expect(await read(descendantId)).toMatchObject({ writers: ['rana'], content: { slugline: 'bridge', blocks: [] } });
});

test('what was begun from it hears that it was killed, and a translation alone that it was corrected', async () => {
  const id = await started();
  const of = async (way: string, body: object = {}) =>
    String((await call('reporter', `/articles/${id}/${way}`, body)).body.id);
  const [translation, duplicate] = [await of('translate', { language: 'de' }), await of('duplicate')];
  const tasksOf = async (article: string) =>
    (await eventsOf(article)).flatMap(({ type, data }) =>
      type === 'TaskOpened' ? [(data as { task: string }).task] : [],
    );
  const told = (event: string, state: string) =>
    drafting.hear(onOriginChanged, {
      ...{ type: 'PublicationRecorded', key: id },
      data: { articleId: id, by: { id: 'dora', name: 'Dora' }, event, state, version: 1, stops: 0, position: 'p' },
    });
  const both = async () => [await tasksOf(translation), await tasksOf(duplicate)];
  // Nobody reads the translation yet: it is held against its original when it is approved.
  await told('ArticleCorrected', 'published');
  expect(await both()).toEqual([[], []]);
  for (const out of [translation, duplicate]) {
    const data = { articleId: out, by: { id: 'dora', name: 'Dora' }, version: 1, content: (await read(out)).content };
    await drafting.hear(onPublicationDecided, { type: 'ArticlePublished', key: out, data });
  }
  await told('ArticleCorrected', 'published');
  expect(await both()).toEqual([['original-corrected'], []]);
  await told('ArticleUnpublished', 'unpublished');
  await told('ArticleKilled', 'killed');
  expect(await both()).toEqual([['original-corrected', 'origin-killed'], ['origin-killed']]);
});

test('follow-ups of one another are refused, with the circle; so are links to what is not there', async () => {
  const [first, second, third] = [await started(), await started(), await started()];
  const link = (from: string, to: string, as = 'follow-up-of') => call('editor', `/articles/${from}/link`, { as, to });
  await link(second, first);
  await link(third, second);
  const cycle = [first, third, second, first];
  expect(await link(first, third)).toMatchObject({ status: 422, body: { code: 'goes-in-a-circle', cycle } });
  expect((await link(first, third, 'related-to')).status).toBe(200);
  expect(await link(first, randomUUID())).toMatchObject({ status: 422, body: { code: 'link-invalid' } });
  expect(await link(randomUUID(), first)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  await call('editor', `/articles/${third}/unlink`, { as: 'follow-up-of', to: second });
  expect((await link(first, third)).status).toBe(200);
});

test('links that close a circle at the same moment: one of them is taken back, the same whoever hears of it, and who made it is told', async () => {
  const [one, other] = [await started(), await started()].toSorted() as [string, string];
  const actor = { id: 'edna', name: 'Edna', roles: ['editor'], desks: ['city'] };
  // Each was decided before the other was there.
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const)
    await execute(
      drafting.store,
      from,
      { actor, commandId: randomUUID(), fingerprint: '', trace: { correlationId: 'test' } },
      { type: 'link', data: { as: 'follow-up-of', to, target: { latest: 1, cycle: [] } } },
    );
  const hear = async (id: string) => {
    const linked = (await eventsOf(id)).find(({ type }) => type === 'ArticleLinked');
    await drafting.hear(onArticleLinked, { type: 'ArticleLinked', key: id, data: linked?.data });
  };
  for (const id of [one, other, one]) await hear(id);
  expect((await eventsOf(one)).map(({ type }) => type)).toEqual(['ArticleStarted', 'ArticleLinked']);
  const after = (await eventsOf(other)).slice(2);
  expect(after.map(({ type }) => type)).toEqual(['ArticleUnlinked', 'NoteAdded']);
  expect(after[1]?.data).toMatchObject({ blocking: false, mentions: ['edna'] });
  expect((await read(other)).links).toEqual([]);
});
