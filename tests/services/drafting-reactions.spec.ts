import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodePosition } from '#contracts';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { onCorrectionApproved } from '../../apps/drafting/src/on-correction-approved.ts';
import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html, attributions: [] });
const blocks = [paragraph('p1', 'It is open.'), paragraph('p2', 'At last.')];
const fields = { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] };
const dora = { id: 'dora', name: 'dora' };

async function approved(): Promise<string> {
  const { body } = await call('reporter', '/articles', { desk: 'city', kind: 'story', fields, blocks });
  const id = String(body.id);
  await call('reporter', `/articles/${id}/submit`, {});
  await call('editor', `/articles/${id}/claim`, {});
  await call('editor', `/articles/${id}/approve`, { version: 1 });
  return id;
}
const contentOf = async (id: string) => (await call('editor', `/articles/${id}`)).body.content;
/** What publication tells of this article, one event after the other. */
async function told(articleId: string, type: string, data: object, id: string = randomUUID()): Promise<void> {
  const message = { id, type, key: articleId, data: { articleId, by: dora, ...data } };
  await drafting.hear(onPublicationDecided, message);
}
async function published(id: string): Promise<void> {
  await told(id, 'ArticlePublished', { version: 1, content: await contentOf(id), item: 1 });
}
async function eventsOf(id: string) {
  const rows = await drafting.store.readShard(0, 0n, 10_000);
  return rows.filter(({ stream }) => stream === `article-${id}`);
}

test('what publication did is known here, with the position that it is known to', async () => {
  const id = await approved();
  await published(id);
  const article = await call('editor', `/articles/${id}`);
  expect(article.body.publication).toEqual({ state: 'published', version: 1 });
  const { body } = await call('editor', `/articles/${id}/actions`);
  expect(body.actions).not.toContainEqual(expect.objectContaining({ command: 'spike' }));
  const { publication } = body.knows as { publication: string };
  expect(decodePosition(publication)).toMatchObject({ service: 'publication', shard: 0 });
  const [last] = (await eventsOf(id)).slice(-1);
  expect(last).toMatchObject({ type: 'PublicationRecorded', data: { by: dora, event: 'ArticlePublished' } });
});

test('heard twice, it is recorded once', async () => {
  const id = await approved();
  const message = randomUUID();
  const data = { version: 1, why: 'Wrong.', stops: 1, from: 'publication' };
  await told(id, 'PublicationStopped', data, message);
  await told(id, 'PublicationStopped', data, message);
  expect((await eventsOf(id)).filter(({ type }) => type === 'PublicationRecorded')).toHaveLength(1);
});

test('what changes nothing here gives no step', async () => {
  const id = await approved();
  const before = await eventsOf(id);
  await told(id, 'VersionWaiting', { version: 2 });
  expect(await eventsOf(id)).toEqual(before);
});

test('a spike that came too late is taken back, and says so', async () => {
  const id = await approved();
  const spiked = await call('editor', `/articles/${id}/spike`, { reason: 'Wrong.' });
  expect(spiked.body.state).toBe('spiked');
  await published(id);
  expect((await eventsOf(id)).map(({ type }) => type).slice(-4)).toEqual([
    ...['ArticleSpiked', 'ClearanceStopped', 'PublicationRecorded', 'SpikeTakenBack'],
  ]);
  expect((await call('editor', `/articles/${id}`)).body.state).toBe('approved');
});

test('a withdrawal waits for the answer to its own request, and for no other', async () => {
  const id = await approved();
  await call('editor', `/articles/${id}/withdraw-approval`, { version: 1, reason: 'Wrong.', ifOut: 'hold' });
  const { withdrawal } = (await call('editor', `/articles/${id}`)).body as { withdrawal: { stopId: string } };
  const asked = { stopId: withdrawal.stopId, hold: 'version' };
  expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'ClearanceStopped', data: asked });
  const late = (stopId: string) =>
    told(id, 'StopTooLate', { version: 1, why: 'Wrong.', state: 'published', position: 'p', stopId });
  await late('another');
  expect((await call('editor', `/articles/${id}`)).body).toMatchObject({ state: 'editing', withdrawal });
  await late(withdrawal.stopId);
  expect((await call('editor', `/articles/${id}`)).body).toMatchObject({ state: 'approved', withdrawal: null });
  expect((await eventsOf(id)).at(-1)?.type).toBe('WithdrawalTooLate');
});

test('an approved correction enters the working line, once', async () => {
  const id = await approved();
  await published(id);
  const ancestor = (await contentOf(id)) as { blocks: object[] };
  const content = { ...ancestor, blocks: [blocks[0], paragraph('p2', 'After ten years.')] };
  const correctionId = randomUUID();
  const data = { articleId: id, correctionId, by: dora, base: 1, version: 2, content, ancestor, changed: ['p2'] };
  const message = { type: 'CorrectionApproved', key: id, data, id: randomUUID() };
  await drafting.hear(onCorrectionApproved, message);
  await drafting.hear(onCorrectionApproved, message);
  expect((await call('editor', `/articles/${id}`)).body).toMatchObject({ content, state: 'approved', version: 2 });
  expect((await eventsOf(id)).filter(({ type }) => type === 'CorrectionMerged')).toHaveLength(1);
});

test('where both changed the same text, whoever approves next sees both, what they come from, and what could be saved', async () => {
  const articleId = await approved();
  await published(articleId);
  const article = `/articles/${articleId}`;
  const id = String((await call('reporter', '/corrections', { articleId })).body.id);
  await call('reporter', `/corrections/${id}/revise`, { base: 1, put: [paragraph('p2', 'At long last.')] });
  await call('editor', `${article}/open-next-version`, {});
  await call('editor', `${article}/revise`, { base: 1, put: [paragraph('p2', 'At last, in May.')] });
  await call('editor', `/corrections/${id}/approve`, { version: 2 });
  const approval = (await drafting.store.readShard(0, 0n, 10_000)).at(-1);
  await drafting.hear(onCorrectionApproved, { type: 'CorrectionApproved', key: articleId, data: approval?.data });
  const conflict = {
    ...{ gate: 'correction-conflict', correctionId: id, block: 'p2', current: paragraph('p2', 'At last, in May.') },
    ...{ corrected: paragraph('p2', 'At long last.'), ancestor: paragraph('p2', 'At last.') },
    ...{ proposal: paragraph('p2', 'At long last, in May.'), clear: true },
  };
  expect((await call('editor', article)).body.conflicts).toEqual([conflict]);
  expect((await call('editor', `/corrections/${id}`)).body.conflicts).toEqual([conflict]);
  const { body } = await call('editor emil', `${article}/approve`, { version: 2 });
  expect(body.gates).toMatchObject([{ ...conflict, severity: 'error' }]);
  await call('editor emil', `${article}/revise`, { base: 2, put: [conflict.proposal] });
  for (const path of [article, `/corrections/${id}`]) expect((await call('editor', path)).body.conflicts).toEqual([]);
});

test('a correction of a story that was killed meanwhile is refused in a way that was expected', async () => {
  const id = await approved();
  await published(id);
  await told(id, 'ArticleKilled', { reason: 'Untrue.', askedBy: dora, item: 2 });
  const content = await contentOf(id);
  const data = { articleId: id, correctionId: randomUUID(), by: dora, ancestor: content, content };
  const refused = await drafting.hear(onCorrectionApproved, { type: 'CorrectionApproved', key: id, data });
  expect(refused).toEqual(['not-allowed-now']);
});
