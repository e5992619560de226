import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodePosition } from '#contracts';
import { onThreadClosed } from '../../apps/moderation/src/on-thread-closed.ts';
import { amna, comment, dora, type Moderation, offTopic, openModeration } from './moderation.ts';

let moderation: Moderation;
beforeAll(async () => {
  moderation = await openModeration();
});
afterAll(() => moderation.close());

const threadOf = (articleId: string) => moderation.call('moderator', `/threads/${articleId}`);

test('a thread follows its article from first publication to kill', async () => {
  const articleId = await moderation.published();
  const after = async (type: string, data?: object) => {
    await moderation.told(articleId, type, data);
    return (await threadOf(articleId)).body.state;
  };
  expect(await after('ArticleHeld')).toBe('frozen');
  expect(await after('KillAsked')).toBe('frozen');
  expect(await after('KillDeclined', { state: 'held' })).toBe('frozen');
  expect(await after('HoldReleased')).toBe('open');
  expect(await after('ArticleUnpublished')).toBe('frozen');
  expect(await after('ArticlePublished', { version: 2 })).toBe('open');
  expect(await after('KillAsked')).toBe('frozen');
  expect(await after('KillDeclined', { state: 'published' })).toBe('open');
  expect(await after('ArticleUnpublished')).toBe('frozen');
  expect(await after('KillAsked')).toBe('frozen');
  expect(await after('KillDeclined', { state: 'unpublished' })).toBe('frozen');
  expect(await after('ArticleCorrected', { version: 3 })).toBe('open');
  await after('ArticleHeld');
  expect(await after('ArticleRepeated', { version: 3 })).toBe('open');
  expect(await after('ArticleUpdated', { version: 4 })).toBe('open');
  expect(await after('ArticleKilled')).toBe('closed');
  const { body, headers } = await threadOf(articleId);
  expect(body).toMatchObject({ articleId, mode: 'pre-moderated', versions: [1, 2, 3, 4] });
  expect(headers.get('etag')).toBe('"16"');
  expect((await moderation.events(articleId)).map(({ type }) => type)).toEqual([
    ...['ThreadOpened', 'VersionShown', 'ThreadFrozen', 'ThreadRestored'],
    ...['ThreadFrozen', 'ThreadRestored', 'VersionShown', 'ThreadFrozen'],
    ...['ThreadRestored', 'ThreadFrozen', 'ThreadRestored', 'VersionShown', 'ThreadFrozen'],
    ...['ThreadRestored', 'VersionShown', 'ThreadClosed'],
  ]);
});

test('a comment before its thread: not here yet when the position is known, else not there', async () => {
  const articleId = randomUUID();
  expect(await moderation.submit(articleId)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  const logId = randomUUID();
  const after = encodePosition({ service: 'publication', logId, shard: 0, position: 7n });
  const body = { ...comment(articleId), after };
  const key = { 'idempotency-key': randomUUID() };
  const submit = () => moderation.call('site', '/comments', body, key);
  const early = await submit();
  expect([early.status, early.body.code, early.headers.get('retry-after')]).toEqual([503, 'not-here-yet', '1']);
  const place = { topic: 'publication', partition: 0 };
  await moderation.store.reactions.move(place, undefined, { logId, nextOffset: '7', lastPosition: 7n });
  expect(await submit()).toMatchObject({ status: 404, body: { code: 'not-found' } });
  await moderation.told(articleId, 'ArticlePublished', { version: 1 });
  expect((await submit()).status).toBe(201);
});

test('what nobody gave out is no position', async () => {
  const body = { ...comment(await moderation.published()), after: 'nonsense' };
  const reply = await moderation.call('site', '/comments', body);
  expect(reply).toMatchObject({ status: 400, body: { code: 'bad-position' } });
});

test('the version that a reader saw is believed before it is known, and confirmed after', async () => {
  const articleId = await moderation.published(1);
  const submit = () => moderation.call('site', '/comments', { ...comment(articleId), articleVersion: 2 });
  const id = String((await submit()).body.id);
  expect(await moderation.comment(id)).toMatchObject({ articleVersion: 2, confirmed: false });
  await moderation.told(articleId, 'ArticleCorrected', { version: 2 });
  expect(await moderation.comment(id)).toMatchObject({ articleVersion: 2, confirmed: true });
  expect(await moderation.comment(String((await submit()).body.id))).toMatchObject({ confirmed: true });
});

test('a freeze racing with comments: each is taken before it, or refused', async () => {
  const articleId = await moderation.published();
  const some = () => Array.from({ length: 20 }, () => moderation.submit(articleId));
  const [early, freeze, late] = [some(), moderation.told(articleId, 'ArticleUnpublished'), some()];
  const replies = await Promise.all([...early, ...late]);
  await freeze;
  const order = (await moderation.events(articleId)).map(({ type }) => type);
  expect(order.at(-1)).toBe('ThreadFrozen');
  const taken = replies.filter(({ status }) => status === 201);
  expect(order.filter((type) => type === 'CommentSubmitted')).toHaveLength(taken.length);
  for (const { status, body } of replies.filter((reply) => !taken.includes(reply)))
    expect([status, body.code, body.state]).toEqual([409, 'thread-frozen', 'frozen']);
  expect(await moderation.submit(articleId)).toMatchObject({ status: 409, body: { code: 'thread-frozen' } });
});

test('a kill ends what is pending; what was decided stays so', async () => {
  const articleId = await moderation.published();
  const pending = await moderation.submitted(articleId);
  const kept = await moderation.submitted(articleId);
  const refused = await moderation.submitted(articleId);
  const gone = await moderation.submitted(articleId);
  await moderation.submitted(await moderation.published());
  await moderation.decide(kept, 'approve');
  await moderation.decide(refused, 'reject', offTopic);
  await moderation.decide(gone, 'withdraw', { readerId: amna.id }, 'site');
  await moderation.told(articleId, 'KillAsked');
  expect(await moderation.decide(pending, 'approve')).toMatchObject({ status: 409, body: { code: 'thread-frozen' } });
  await moderation.told(articleId, 'ArticleKilled');
  expect(await moderation.decide(pending, 'approve')).toMatchObject({ status: 409, body: { code: 'thread-closed' } });
  const closed = (await moderation.events(articleId)).at(-1);
  const message = { id: randomUUID(), type: 'ThreadClosed', key: articleId, data: closed?.data };
  await moderation.hear(onThreadClosed, message);
  await moderation.hear(onThreadClosed, message);
  const states = await Promise.all([pending, kept, refused, gone].map((id) => moderation.comment(id)));
  expect(states.map(({ state }) => state)).toEqual(['ended', 'published', 'rejected', 'withdrawn']);
  const ended = (await moderation.events(articleId)).filter(({ type }) => type === 'CommentEnded');
  expect(ended).toMatchObject([{ stream: `comment-${pending}`, data: { by: dora, revision: 1 } }]);
  expect(await moderation.submit(articleId)).toMatchObject({ status: 409, body: { code: 'thread-closed' } });
});
