import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Content, decodePosition, encodePosition, type NewsItem } from '#contracts';
import { onArticleApproved } from '../../apps/publication/src/on-article-approved.ts';
import { onClearanceStopped } from '../../apps/publication/src/on-clearance-stopped.ts';
import { onCorrectionApproved } from '../../apps/publication/src/on-correction-approved.ts';
import { onReleaseConditionsSet } from '../../apps/publication/src/on-release-conditions-set.ts';
import { PublicationModule } from '../../apps/publication/src/publication.module.ts';
import { Paper } from '../../apps/publication/src/publication/paper.ts';
import { type Alone, openAlone } from './alone.ts';

let publication: Alone;
const call: Alone['call'] = (...asked) => publication.call(...asked);
beforeAll(async () => {
  const provide = [{ provide: Paper, useValue: new Paper('The Harbour Post') }];
  publication = await openAlone({ name: 'publication', module: PublicationModule, provide });
});
afterAll(() => publication.close());

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph' as const, html, attributions: [] });
const text = (...html: string[]): Content => ({
  ...{ slugline: 'bridge', headline: 'Bridge opens', standfirst: '', byline: ['R. Porter'], dateline: '' },
  ...{ section: 'city', language: 'en', urgency: 4, keywords: [] },
  blocks: html.map((one, at) => paragraph(`p${at + 1}`, one)),
});
const content = text('It is open.', 'At last.');
const edna = { id: 'edna', name: 'Edna' };
const logId = randomUUID();

/** What drafting tells of this article. */
const approve = (articleId: string, version = 1, of = content, more: object = {}) =>
  publication.hear(onArticleApproved, {
    ...{ type: 'ArticleApproved', key: articleId, logId },
    data: { articleId, by: edna, version, desk: 'city', kind: 'story', content: of, knownStops: 0, ...more },
  });
const stop = (articleId: string, hold?: 'version') =>
  publication.hear(onClearanceStopped, {
    ...{ type: 'ClearanceStopped', key: articleId, logId },
    data: { articleId, by: edna, version: 1, why: 'Wrong.', stopId: 'one', hold },
  });
const correct = (articleId: string, correctionId: string, of: Content, ancestor = content) =>
  publication.hear(onCorrectionApproved, {
    ...{ type: 'CorrectionApproved', key: articleId, logId },
    data: { articleId, by: edna, correctionId, base: 1, version: 2, content: of, ancestor, changed: ['p1'] },
  });
async function approved(): Promise<string> {
  const articleId = randomUUID();
  await approve(articleId);
  return articleId;
}
async function published(): Promise<string> {
  const articleId = await approved();
  const { status } = await call('duty-editor', `/publications/${articleId}/publish`, { version: 1 });
  expect(status).toBe(200);
  return articleId;
}
async function eventsOf(articleId: string) {
  const rows = await publication.store.readShard(0, 0n, 100_000);
  return rows.filter(({ stream }) => stream === `publication-${articleId}`);
}
/** What of this article is on its way to the feed. */
async function feedOf(articleId: string) {
  const [run] = await publication.store.relay.next([{ shard: 0, after: 0n, rows: 100_000 }], 100_000_000);
  const messages = run?.messages.filter(({ slot, key }) => slot === 'public' && key === articleId) ?? [];
  return messages.map(({ type, payload }) => ({ type, ...(JSON.parse(payload) as { item: NewsItem }) }));
}
const typesOf = async (articleId: string) => (await eventsOf(articleId)).map(({ type }) => type);

test('a story goes from its approval to its kill, each step an event, and outsiders are told what concerns them', async () => {
  const id = await approved();
  const at = `/publications/${id}`;
  expect((await call('duty-editor', at)).body).toMatchObject({ state: 'cleared', item: 0, pinned: { version: 1 } });
  expect(await feedOf(id)).toEqual([]);
  const out = await call('duty-editor', `${at}/publish`, { version: 1 });
  expect(out).toMatchObject({ status: 200, body: { id, state: 'published', version: 2 } });
  expect(decodePosition(String(out.body.position))).toMatchObject({ service: 'publication', shard: 0 });
  const correctionId = randomUUID();
  await correct(id, correctionId, text('It is <em>closed</em>.', 'At last.'));
  const note = 'It is closed.';
  expect((await call('duty-editor', `${at}/correct`, { correctionId, note })).body.state).toBe('published');
  expect((await call('legal', `${at}/hold`, { reason: 'In doubt.' })).body.state).toBe('held');
  const twice = await call('duty-editor', `${at}/hold`, { reason: 'In doubt.' });
  expect(twice).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'held' } });
  expect((await call('duty-editor', `${at}/release`, { reason: 'It is right.' })).body.state).toBe('published');
  expect((await call('duty-editor', `${at}/unpublish`, { reason: 'Rights.' })).body.state).toBe('unpublished');
  expect((await call('duty-editor', `${at}/publish`, { version: 1 })).body.state).toBe('published');
  expect((await call('editor', `${at}/ask-kill`, { reason: 'Untrue.' })).body.state).toBe('kill-asked');
  expect((await call('chief', `${at}/sign-kill`, {})).body.state).toBe('killed');
  const { body, headers } = await call('auditor', at);
  expect(headers.get('etag')).toBe('"10"');
  expect(body).toMatchObject({ state: 'killed', kill: { by: { id: 'editor' }, reason: 'Untrue.' }, item: 8 });
  expect(await typesOf(id)).toEqual([
    ...['PublicationOpened', 'ArticlePublished', 'CorrectionReady', 'ArticleCorrected'],
    ...['ArticleHeld', 'HoldReleased', 'ArticleUnpublished', 'ArticlePublished', 'KillAsked', 'ArticleKilled'],
  ]);
  const feed = await feedOf(id);
  expect(feed.map(({ type, item }) => `${type} ${item.version} ${item.pubStatus}`)).toEqual([
    ...['ItemReleased 1 usable', 'ItemCorrected 2 usable', 'ItemWithheld 3 withheld', 'ItemReleased 4 usable'],
    ...['ItemWithheld 5 withheld', 'ItemReleased 6 usable', 'ItemWithheld 7 withheld', 'ItemCanceled 8 canceled'],
  ]);
  expect(feed[1]?.item.bodies?.[0]?.value).toBe('<p>It is <em>closed</em>.</p>\n<p>At last.</p>');
});

test('it appears in the house’s own paper of today, or in the edition that is named', async () => {
  const editionOf = async (id: string) =>
    ((await call('auditor', `/publications/${id}`)).body.out as { edition: object }).edition;
  const before = new Date().toISOString().slice(0, 10);
  const today = (await editionOf(await published())) as { paper: string; date: string };
  expect(today.paper).toBe('The Harbour Post');
  expect([before, new Date().toISOString().slice(0, 10)]).toContain(today.date);
  const id = await approved();
  const edition = { paper: 'The Express Tribune', date: '2011-07-15' };
  await call('duty-editor', `/publications/${id}/publish`, { version: 1, edition });
  expect(await editionOf(id)).toEqual(edition);
});

test.each(['2011-02-30', '2011-7-15', 'today', '0000-01-01', '2011-07-15T00:00:00Z', '+02011-07-15'])(
  '%s is no day that a paper appears on',
  async (date) => {
    const id = await approved();
    const refused = await call('duty-editor', `/publications/${id}/publish`, { version: 1, edition: { date } });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid-body', errors: [{ pointer: '/edition/date', code: 'not-a-day' }] },
    });
  },
);

test('a later approval waits until it is taken; each decision names the text that was seen', async () => {
  const id = await approved();
  await approve(id, 2, text('It is open.', 'Again.'));
  const seen = (command: string, version: number) => call('duty-editor', `/publications/${id}/${command}`, { version });
  expect(await seen('publish', 2)).toMatchObject({ status: 412, body: { code: 'version-seen-stale', version: 1 } });
  expect(await seen('take-version', 1)).toMatchObject({
    status: 412,
    body: { code: 'version-seen-stale', version: 2 },
  });
  expect((await seen('take-version', 2)).body.state).toBe('cleared');
  expect((await seen('publish', 2)).body.state).toBe('published');
  await approve(id, 3, text('It is open.', 'At long last.'));
  const note = 'It took long.';
  const correction = (body: object) => call('duty-editor', `/publications/${id}/correct`, { note, ...body });
  expect(await correction({})).toMatchObject({ status: 422, body: { code: 'text-not-named' } });
  expect(await correction({ version: 2 })).toMatchObject({ status: 412, body: { code: 'version-seen-stale' } });
  expect((await correction({ version: 3 })).status).toBe(200);
  expect((await eventsOf(id)).at(-1)?.data).toMatchObject({
    difference: [{ block: 'p2', change: 'changed' }],
    ...{ number: 1, note, fields: [] },
  });
});

test('a stop and what drafting is told of it, in either order', async () => {
  const [early, late, held] = [await approved(), await published(), await published()];
  await Promise.all([stop(early), stop(late), stop(held, 'version')]);
  const answer = async (id: string) => (await eventsOf(id)).at(-1);
  expect(await answer(early)).toMatchObject({ type: 'PublicationStopped', data: { stopId: 'one' } });
  expect(await answer(late)).toMatchObject({ type: 'StopTooLate', data: { stopId: 'one' } });
  expect((await typesOf(held)).slice(-2)).toEqual(['ArticleHeld', 'StopTooLate']);
  const refused = await call('duty-editor', `/publications/${early}/publish`, { version: 1 });
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'stopped', allowed: [] } });
  await approve(early, 1, content, { knownStops: 1 });
  expect((await call('duty-editor', `/publications/${early}/publish`, { version: 1 })).status).toBe(200);
  const events = [...(await eventsOf(early)), ...(await eventsOf(late))];
  const caused = events.filter(({ metadata }) => metadata.command.startsWith('receive-'));
  expect(caused).toHaveLength(5);
  for (const { data, metadata } of caused) {
    expect(metadata.actor).toEqual({ id: 'reaction', name: 'Stet' });
    expect(data).toMatchObject({ by: edna });
  }
});

test('an approval for a killed story is recorded as ignored', async () => {
  const id = await published();
  await call('legal', `/publications/${id}/ask-kill`, { reason: 'Untrue.' });
  expect(await call('legal', `/publications/${id}/sign-kill`, {})).toMatchObject({
    status: 403,
    body: { code: 'second-person' },
  });
  await call('duty-editor', `/publications/${id}/sign-kill`, {});
  await approve(id, 2, text('New.'));
  expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'ApprovalIgnored', data: { version: 2, why: 'killed' } });
});

test('what actions lists succeeds, and says which of drafting’s decisions it knows', async () => {
  const id = await published();
  const { body } = await call('duty-editor', `/publications/${id}/actions`);
  const alone = (command: string) => ({ command, by: ['duty-editor'] });
  expect(body.actions).toEqual([
    ...[alone('repeat'), { command: 'hold', by: ['legal', 'duty-editor'] }, alone('unpublish')],
    { command: 'ask-kill', by: ['editor', 'legal', 'duty-editor', 'chief'] },
  ]);
  const known = (body.knows as { drafting: string }).drafting;
  expect(decodePosition(known)).toMatchObject({ service: 'drafting', logId, shard: 0 });
  const refused = await call('duty-editor', `/publications/${id}/stop`, { reason: 'Wrong.' });
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'not-allowed-now', allowed: expect.arrayContaining(body.actions as []) as unknown },
  });
  expect((await call('reporter', `/publications/${id}/actions`)).body.actions).toEqual([]);
});

test('before an approval has arrived there is nothing; outsiders see nothing at all', async () => {
  const nobody = randomUUID();
  const missing = { status: 404, body: { code: 'not-found' } };
  expect(await call('duty-editor', `/publications/${nobody}`)).toMatchObject(missing);
  expect(await call('duty-editor', `/publications/${nobody}/publish`, { version: 1 })).toMatchObject({ status: 404 });
  const id = await approved();
  for (const who of ['subscriber', 'site', 'moderator'])
    expect(await call(who, `/publications/${id}`)).toMatchObject({ status: 403, body: { code: 'role-required' } });
});

describe('a command that follows an approval', () => {
  const publish = (id: string, after: string) =>
    call('duty-editor', `/publications/${id}/publish`, { version: 1, after });
  const place = { topic: 'drafting', partition: 0 };
  const reached = (position: bigint) => ({ logId, nextOffset: String(position), lastPosition: position });
  const token = (position: bigint, of = logId) =>
    encodePosition({ service: 'drafting', logId: of, shard: 0, position });

  test('waits until the approval is here', async () => {
    const id = randomUUID();
    const { reactions } = publication.store;
    expect(await reactions.move(place, undefined, reached(1000n))).toBe(true);
    const answer = publish(id, token(1001n));
    await approve(id);
    expect(await reactions.move(place, reached(1000n), reached(1001n))).toBe(true);
    expect(await answer).toMatchObject({ status: 200, body: { state: 'published' } });
  });

  test('is refused when it does not come in time, or comes of another log', async () => {
    const id = await approved();
    const refused = { status: 409, body: { code: 'approval-not-arrived' } };
    expect(await Promise.all([publish(id, token(1002n)), publish(id, token(1n, randomUUID()))])).toMatchObject([
      refused,
      refused,
    ]);
    expect(await typesOf(id)).toEqual(['PublicationOpened']);
    const correct = { note: 'N', version: 2, after: token(1002n) };
    expect(await call('duty-editor', `/publications/${id}/correct`, correct)).toMatchObject(refused);
  });

  test('may name positions of other services as well, and nothing that is none', async () => {
    const id = await approved();
    expect(await publish(id, 'bm9uZQ')).toMatchObject({ status: 400, body: { code: 'bad-position' } });
    const elsewhere = encodePosition({ service: 'moderation', logId: randomUUID(), shard: 0, position: 5n });
    expect((await publish(id, elsewhere)).status).toBe(200);
  });
});

test('a follow-up goes out after its original, and not before the embargo', async () => {
  const [original, followUp, later] = [await approved(), randomUUID(), randomUUID()];
  const approveOn = (articleId: string, conditions: object) => approve(articleId, 1, content, { conditions });
  const publish = async (id: string) => {
    const { status, body } = await call('duty-editor', `/publications/${id}/publish`, { version: 1 });
    return `${status} ${String(body.code)}`;
  };
  await approveOn(followUp, { embargo: null, follows: [original] });
  await approveOn(later, { embargo: '2096-01-01T00:00:00.000000Z', follows: [] });
  expect([await publish(later), await publish(followUp)]).toEqual(['409 under-embargo', '409 original-not-out']);
  expect((await call('duty-editor', `/publications/${followUp}`)).body.conditions).toMatchObject({
    follows: [original],
  });
  await publish(original);
  expect(await publish(followUp)).toBe('200 undefined');
  const data = { articleId: later, by: edna, conditions: { embargo: null, follows: [] } };
  await publication.hear(onReleaseConditionsSet, { type: 'ReleaseConditionsSet', key: later, logId, data });
  expect(await publish(later)).toBe('200 undefined');
});
