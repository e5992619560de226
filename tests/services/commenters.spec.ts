import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandId, derivedId } from '#event-store';
import { commentLog } from '../../apps/moderation/src/comment/comment.announcements.ts';
import { commenterLog } from '../../apps/moderation/src/commenter/commenter.announcements.ts';
import { onCommenterErased } from '../../apps/moderation/src/on-commenter-erased.ts';
import { comment, type Moderation, openModeration } from './moderation.ts';

let moderation: Moderation;
beforeAll(async () => {
  moderation = await openModeration();
});
afterAll(() => moderation.close());

const pia = { id: 'pia', name: 'Pia', roles: ['privacy-officer'], desks: [] };
/** A reader of their own, who has written these. */
async function reader(...texts: string[]) {
  const [articleId, id] = [await moderation.published(), `reader-${randomUUID()}`];
  const commenterId = moderation.store.keyring.pseudonym(id);
  const said = (text: string) => ({ ...comment(articleId, text), reader: { id, name: 'Amna' } });
  const ids: string[] = [];
  for (const text of texts) ids.push(String((await moderation.call('site', '/comments', said(text))).body.id));
  return { articleId, commenterId, said, ids };
}
const erase = (id: string) => moderation.call('privacy-officer pia', `/commenters/${id}/erase`, {});
/** What the event that says so causes, given as often as it comes. */
const follow = (commenterId: string, message = randomUUID()) =>
  moderation.hear(onCommenterErased, {
    ...{ type: 'CommenterErased', key: commenterId, id: message },
    data: { commenterId, by: { id: pia.id, name: pia.name } },
  });
const typesOf = async (articleId: string) => (await moderation.events(articleId)).map(({ type }) => type);

test('the key is gone when the answer comes; the comments follow, once', async () => {
  const { commenterId, articleId, ids } = await reader('One.', 'Two.');
  const { status, body } = await erase(commenterId);
  expect([status, body.state]).toEqual([200, 'erased']);
  // Nobody can read them any more, though nothing has said so to them yet.
  for (const id of ids)
    expect(await moderation.comment(id)).toMatchObject({ state: 'pending', text: '', reader: { name: '' } });
  const message = randomUUID();
  for (const _ of [1, 2]) await follow(commenterId, message);
  const events = await typesOf(articleId);
  expect(events.filter((type) => type === 'CommentErased')).toHaveLength(2);
  expect(await moderation.comment(ids[0] ?? '')).toMatchObject({ state: 'erased' });
});

test('a process that dies with the event written and the key still there leaves the rest to the event', async () => {
  const { commenterId, ids } = await reader('One.');
  await moderation.store.execute(commenterLog, {
    ...{ id: commenterId, commandId: randomUUID(), trace: { correlationId: 'dies here' } },
    command: { type: 'erase', data: { commenterId, known: true }, actor: pia },
  });
  expect(await moderation.comment(ids[0] ?? '')).toMatchObject({ state: 'pending', text: 'One.' });
  await follow(commenterId);
  expect(await moderation.store.keyring.standing(commenterId)).toBe('erased');
  expect(await moderation.comment(ids[0] ?? '')).toMatchObject({ state: 'erased', text: '' });
});

test('one that dies between the comments goes on with those that are left', async () => {
  const { commenterId, articleId, ids } = await reader('One.', 'Two.', 'Three.');
  await erase(commenterId);
  const message = randomUUID();
  // The first of its steps, as the reaction gives it.
  const [first] = (await moderation.store.keyring.holdings(commenterId)).map(({ stream }) =>
    stream.slice('comment-'.length),
  );
  await moderation.store.execute(commentLog, {
    ...{ id: first ?? '', commandId: commandId('reaction', onCommenterErased.name, message, '0') },
    ...{ trace: { correlationId: 'dies here' } },
    command: {
      ...{ type: 'erase', data: { commentId: first ?? '', articleId, by: { id: pia.id, name: pia.name } } },
      actor: { id: 'reaction', name: 'Stet', roles: ['reaction'], desks: [] },
    },
  });
  await follow(commenterId, message);
  const events = await typesOf(articleId);
  expect(events.filter((type) => type === 'CommentErased')).toHaveLength(3);
  for (const id of ids) expect((await moderation.comment(id)).state).toBe('erased');
});

test('a comment that was sealed and not yet written when its reader was erased comes too late', async () => {
  const { commenterId, articleId, said } = await reader('One.');
  const key = randomUUID();
  const id = derivedId(commandId('site', '/comments', key), 'comment');
  // As far as a slow process has come.
  const event = {
    id: randomUUID(),
    type: 'CommentSubmitted',
    version: 2,
    data: { by: { id: commenterId }, text: 'Two.' },
  };
  await moderation.store.keyring.seal([{ ...event, stream: `comment-${id}`, partitionKey: articleId }]);
  await erase(commenterId);
  await follow(commenterId);
  expect((await moderation.comment(id)).state).toBe('erased');
  const late = moderation.store.execute(commentLog, {
    ...{ id, commandId: randomUUID(), trace: { correlationId: 'late' } },
    guards: { thread: { aggregate: { ...commenterLog, category: 'thread' }, id: articleId } },
    command: {
      ...{ type: 'submit', data: { ...said('Two.'), commentId: id, commenterId, policy: { mayReject: [] } } },
      actor: { id: 'site', name: 'Site', roles: ['site'], desks: [] },
    },
  });
  await expect(late).rejects.toMatchObject({ code: 'not-allowed-now' });
  expect((await moderation.call('site', '/comments', said('Two.'), { 'idempotency-key': key })).body.code).toBe(
    'person-erased',
  );
});

test('submissions and erasure at once: whatever was taken is erased', async () => {
  for (let round = 0; round < 5; round++) {
    const { commenterId, articleId, said } = await reader('First.');
    const sent = Array.from({ length: 20 }, (_, at) => moderation.call('site', '/comments', said(`No. ${at}`)));
    await erase(commenterId);
    await follow(commenterId);
    const replies = await Promise.all(sent);
    const taken = replies.filter(({ status }) => status === 201);
    const refused = replies.filter(({ status }) => status !== 201);
    expect(refused.map(({ status }) => status).every((status) => status === 409)).toBe(true);
    for (const { body } of taken) expect((await moderation.comment(String(body.id))).state).toBe('erased');
    expect(JSON.stringify((await moderation.events(articleId)).map(({ data }) => data))).not.toMatch(/Amna|No\. \d/);
  }
});
