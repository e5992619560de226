import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fold, wordingOf } from '../../apps/moderation/src/screening/folding.ts';
import { threadLog } from '../../apps/moderation/src/thread/thread.announcements.ts';
import { wordingLog } from '../../apps/moderation/src/wording/wording.announcements.ts';
import { amna, comment, type Moderation, offTopic, openModeration } from './moderation.ts';

let moderation: Moderation;
beforeAll(async () => {
  moderation = await openModeration();
});
afterAll(() => moderation.close());

describe('a comment', () => {
  test('is taken for its reader, and waits for a person who sees what screening found', async () => {
    const articleId = await moderation.published();
    const text = 'Idiots! Read www.example.com 👍';
    const { status, headers, body } = await moderation.submit(articleId, text);
    expect([status, body.state, headers.get('location')]).toEqual([201, 'pending', `/comments/${String(body.id)}`]);
    const event = (await moderation.events(articleId)).at(-1);
    const reader = { id: moderation.store.keyring.pseudonym(amna.id), name: amna.name };
    const by = { id: reader.id, name: 'Reader' };
    expect(event).toMatchObject({ type: 'CommentSubmitted', schemaVersion: 2, data: { by, articleVersion: 1 } });
    expect(JSON.stringify(event?.data)).not.toMatch(/Amna|Idiots|r-17/);
    expect(event?.metadata.actor.id).toBe('site');
    const seen = await moderation.call('moderator', `/comments/${String(body.id)}`);
    expect(seen.body).toMatchObject({ reader, text, revision: 1, confirmed: true });
    const { hits } = seen.body.screening as { hits: { rule: string; from: number; to: number }[] };
    expect(hits.map(({ rule, from, to }) => [rule, text.slice(from, to)])).toEqual([
      ['link', 'www.example.com'],
      ['insult', 'Idiots'],
    ]);
  });

  test('is let stand, refused by a rule of the house, or taken back by its author', async () => {
    const articleId = await moderation.published();
    const id = await moderation.submitted(articleId);
    expect((await moderation.decide(id, 'approve')).body).toMatchObject({ id, state: 'published', version: 2 });
    expect((await moderation.decide(id, 'reject', { ...offTopic, state: 'published' })).body.state).toBe('rejected');
    expect((await moderation.call('site', `/comments/${id}`)).body).toMatchObject({
      state: 'rejected',
      decision: { by: { id: 'mona', name: 'mona' }, ...offTopic, byScreening: false },
    });
    const stranger = await moderation.decide(id, 'withdraw', { readerId: 'r-18' }, 'site');
    expect(stranger).toMatchObject({ status: 403, body: { code: 'not-author' } });
    expect((await moderation.decide(id, 'withdraw', { readerId: amna.id }, 'site')).body.state).toBe('withdrawn');
    const last = (await moderation.events(articleId)).at(-1);
    expect(last).toMatchObject({ type: 'CommentWithdrawn', data: { by: { name: 'Reader' } } });
  });

  test('decided by two at once: one wins, the other is told', async () => {
    const articleId = await moderation.published();
    for (let round = 0; round < 10; round++) {
      const id = await moderation.submitted(articleId);
      const replies = await Promise.all([
        moderation.decide(id, 'approve', {}, 'moderator mona'),
        moderation.decide(id, 'reject', offTopic, 'moderator mick'),
      ]);
      const winner = replies.findIndex(({ status }) => status === 200);
      const loser = replies[1 - winner];
      const state = winner === 0 ? 'published' : 'rejected';
      expect(replies[winner]?.body.state).toBe(state);
      expect(loser?.status).toBe(409);
      expect(loser?.body).toMatchObject({
        code: 'decided-already',
        state,
        decidedBy: { id: ['mona', 'mick'][winner] },
      });
      expect(loser?.body.allowed).toContainEqual({ command: 'withdraw', by: ['site'] });
    }
  });

  test('is decided in the revision that was seen', async () => {
    const id = await moderation.submitted(await moderation.published());
    const stale = await moderation.decide(id, 'approve', { revision: 2 });
    expect(stale).toMatchObject({ status: 412, body: { code: 'revision-seen-stale', seen: 2, revision: 1 } });
    expect((await moderation.decide(id, 'reject', { ...offTopic, revision: 2 })).status).toBe(412);
    expect((await moderation.decide(id, 'withdraw', { readerId: amna.id, revision: 2 }, 'site')).status).toBe(412);
    expect((await moderation.call('moderator', `/comments/${id}`)).body.state).toBe('pending');
  });

  test('what may be done with it is listed, by who asks and how its thread stands', async () => {
    const articleId = await moderation.published();
    const id = await moderation.submitted(articleId);
    const actions = async (who: string) => {
      const { body } = await moderation.call(who, `/comments/${id}/actions`);
      return (body.actions as { command: string }[]).map(({ command }) => command);
    };
    expect(await actions('moderator')).toEqual(['approve', 'reject']);
    expect(await actions('site')).toEqual(['withdraw']);
    expect(await actions('auditor')).toEqual([]);
    await moderation.told(articleId, 'ArticleUnpublished', { reason: 'Doubts.' });
    expect([await actions('moderator'), await actions('site')]).toEqual([[], ['withdraw']]);
    const { body } = await moderation.call('moderator', `/comments/${id}/actions`);
    const { body: thread } = await moderation.call('moderator', `/threads/${articleId}`);
    expect(body.knows).toEqual(thread.knows);
  });
});

describe('once, whatever happens', () => {
  test('fifty at once under one key are one comment', async () => {
    const articleId = await moderation.published();
    const key = { 'idempotency-key': randomUUID() };
    const replies = await Promise.all(Array.from({ length: 50 }, () => moderation.submit(articleId, 'Me too.', key)));
    expect(new Set(replies.map(({ status, body }) => `${status} ${String(body.id)}`)).size).toBe(1);
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(49);
    expect(await moderation.events(articleId)).toHaveLength(4); // the thread's two, the claim, the comment
    const other = await moderation.submit(articleId, 'Me neither.', key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
    expect(await moderation.events(articleId)).toHaveLength(4);
  });

  test('a retry is answered as the first was, though the thread has frozen since', async () => {
    const articleId = await moderation.published();
    const key = { 'idempotency-key': randomUUID() };
    const first = await moderation.submit(articleId, 'Me too.', key);
    await moderation.told(articleId, 'ArticleUnpublished', { reason: 'Doubts.' });
    const again = await moderation.submit(articleId, 'Me too.', key);
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test('of the same words at once, all but one are marked as repeats; in another thread they are new', async () => {
    const articleId = await moderation.published();
    const same = ['Me too.', 'ME TOO.', 'Me \u200btoo.', 'Ｍｅ ｔｏｏ.'];
    const ids = await Promise.all(same.map((text) => moderation.submitted(articleId, text)));
    ids.push(await moderation.submitted(await moderation.published(), 'Me too.'));
    const screenings = await Promise.all(
      ids.map(async (id) => (await moderation.call('moderator', `/comments/${id}`)).body.screening),
    );
    const verdicts = screenings.map((screening) => (screening as { verdict: string }).verdict);
    expect(verdicts.slice(0, same.length).toSorted()).toEqual(['publish', 'review', 'review', 'review']);
    expect(verdicts.at(-1)).toBe('publish');
  });

  test('words that were claimed by a comment that never came are a reason to look, no more', async () => {
    const articleId = await moderation.published();
    const actor = { id: 'site', name: 'Site', roles: ['site'], desks: [] };
    const [text, commentId] = ['So be it.', randomUUID()];
    const { keyring } = moderation.store;
    const said = ['wording', articleId, wordingOf(fold(text))];
    const met = await keyring.meet(keyring.pseudonym('r-18'), { request: '', said });
    await moderation.store.execute(wordingLog, {
      id: met?.alias ?? '',
      command: { type: 'claim', data: { commentId, articleId }, actor },
      ...{ commandId: randomUUID(), trace: { correlationId: 'crashed' } },
      guards: { thread: { aggregate: threadLog, id: articleId } },
    });
    const seen = await moderation.comment(await moderation.submitted(articleId, text));
    expect(seen).toMatchObject({ state: 'pending', screening: { verdict: 'review', hits: [{ rule: 'repeat' }] } });
  });
});

describe('bad requests', () => {
  const article = randomUUID();
  beforeAll(() => moderation.told(article, 'ArticlePublished', { version: 1 }));

  test.each([
    ['no reader', { reader: undefined }, 'invalid-body'],
    ['a reader without a name', { reader: { id: 'r' } }, 'invalid-body'],
    ['an unknown field', { state: 'published' }, 'invalid-body'],
    ['a blank', { text: ' \n ' }, 'invalid-body'],
    ['NUL', { text: 'a\u0000b' }, 'invalid-body'],
    ['an escape', { text: 'a\u001b[31mb' }, 'invalid-body'],
    ['a whole book', { text: 'x'.repeat(10_001) }, 'invalid-body'],
    ['an article that is no id', { articleId: 'bridge' }, 'invalid-body'],
    ['version nought', { articleVersion: 0 }, 'invalid-body'],
    ['a number for text', { text: 7 }, 'invalid-body'],
    ['a list for a reader', { reader: [] }, 'invalid-body'],
  ])('%s is no comment', async (_what, more, code) => {
    const before = await moderation.store.heads();
    const reply = await moderation.call('site', '/comments', { ...comment(article), ...more });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(await moderation.store.heads()).toEqual(before);
  });

  test('half a surrogate pair, no key, and a version of what is not there', async () => {
    const half = JSON.stringify(comment(article)).replace('Amna', 'a\\ud800');
    expect(await moderation.call('site', '/comments', half)).toMatchObject({
      status: 400,
      body: { code: 'invalid-body' },
    });
    const keyless = await moderation.call('site', '/comments', comment(article), { 'idempotency-key': '' });
    expect(keyless.status).toBe(400);
    const before = await moderation.store.heads();
    const matched = await moderation.submit(article, 'Me first.', { 'if-match': '"1"' });
    expect(matched).toMatchObject({ status: 412, body: { code: 'stale-if-match' } });
    expect(await moderation.store.heads()).toEqual(before);
  });

  test('a rejection without a reason, or with one that the house does not know', async () => {
    const id = await moderation.submitted(article);
    expect((await moderation.decide(id, 'reject')).body).toMatchObject({
      code: 'invalid-body',
      errors: [{ pointer: '/reason' }],
    });
    expect((await moderation.decide(id, 'reject', { reason: 'boring' })).status).toBe(400);
    expect((await moderation.decide(id, 'approve', { state: 'published' })).status).toBe(400);
  });

  test('roles too low, and comments that are not there', async () => {
    const id = await moderation.submitted(article);
    for (const who of ['moderator', 'reporter', 'subscriber', 'chief'])
      expect(await moderation.call(who, '/comments', comment(article))).toMatchObject({
        status: 403,
        body: { code: 'role-required' },
      });
    for (const who of ['site', 'chief', 'moderation-lead'])
      expect((await moderation.decide(id, 'approve', {}, who)).body).toMatchObject({
        code: 'role-required',
        by: ['moderator'],
      });
    expect((await moderation.call('subscriber', `/comments/${id}`)).status).toBe(403);
    const nobody = randomUUID();
    expect((await moderation.decide(nobody, 'approve')).status).toBe(404);
    expect((await moderation.call('moderator', `/comments/${nobody}`)).status).toBe(404);
    expect((await moderation.call('moderator', `/threads/${nobody}`)).status).toBe(404);
    expect((await moderation.call('moderator', '/threads/nonsense')).body.code).toBe('bad-id');
  });

  test('what a reader wrote is in no log line and in no refusal', async () => {
    const secret = 'xqzwv unheard of';
    const id = await moderation.submitted(article, secret);
    const refused = [
      await moderation.call('site', '/comments', { ...comment(article, secret), articleVersion: 0 }),
      await moderation.call('moderator', '/comments', comment(article, secret)),
      await moderation.decide(id, 'approve', { revision: 9 }),
    ];
    expect(JSON.stringify(refused.map(({ body }) => body))).not.toContain('xqzwv');
    expect(moderation.lines.length).toBeGreaterThan(0);
    expect(moderation.lines.join('\n')).not.toContain('xqzwv');
  });
});
