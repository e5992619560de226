import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { asReader } from '#contracts';
import { Keyring, MasterKey } from '#keyring';
import type { Incoming } from '#messaging';
import { inOrder } from '#testing';
import { opening } from '../../apps/reading/src/open-read-models.ts';
import { content, events, moderator, told } from '../../apps/reading/src/samples.ts';
import { itemsOf, newArticle, newComment, openReading, type Reading } from './reading-alone.ts';

/** Reading with what is sealed, as moderation sends it. */
const masterKey = Buffer.alloc(32, 3);
let reading: Reading;
let keyring: Keyring;
let admin: pg.Client;
beforeAll(async () => {
  reading = await openReading(opening(new MasterKey(masterKey)));
  keyring = await Keyring.open({ connectionString: reading.database.urls.moderation, masterKey });
  admin = new pg.Client({ connectionString: reading.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await Promise.all([keyring.close(), admin.end()]);
  await reading.close();
});

const of = { stream: 'comment', partitionKey: 'article' };
async function sealed(event: Incoming): Promise<Incoming> {
  await keyring.meet((event.data as { by: { id: string } }).by.id, { request: '' });
  const [data] = await keyring.seal([{ ...event, ...of }]);
  return { ...event, data };
}
const by = (person: string, articleId: string) => ({ by: asReader(person), articleId, reader: { name: 'Amna Quill' } });
const queueOf = async (articleId: string, after: string) =>
  itemsOf(await reading.after(after, 'moderator', `/queues/pending?articleId=${articleId}`));
/** Every row that reading keeps, as text. */
async function kept(): Promise<string> {
  const { rows } = await admin.query<{ text: string | null }>(
    `select string_agg(t::text, ' ') as text from (select t::text from reading.page_comment t union all
       select t::text from reading.queue_comment t union all select t::text from reading.article_event t union all
       select t::text from reading.projection_parked t) as t`,
  );
  return rows[0]?.text ?? '';
}

test('what comes sealed is shown opened, and kept so by no read model but those that show it', async () => {
  const { articleId } = newArticle();
  const [person, id] = [randomUUID(), newComment()];
  const event = await sealed(events.submitted(id, 'xqzwv', by(person, articleId)));
  const after = await reading.send(event);
  expect(await queueOf(articleId, after)).toMatchObject([
    { text: 'xqzwv', author: { id: person, name: 'Amna Quill' } },
  ]);
  const { rows } = await admin.query('select by_name, details from reading.article_event where article_id = $1', [
    articleId,
  ]);
  expect(rows).toEqual([{ by_name: 'Reader', details: { commentId: id, revision: 1, articleVersion: 1 } }]);
});

test('what was sent before anything was sealed is read as it was meant', async () => {
  const { articleId } = newArticle();
  const id = newComment();
  const { data, ...event } = events.submitted(id, 'Old words.', { articleId });
  const { reader: _reader, ...rest } = data as { reader: object };
  const old = { ...event, version: 1, data: { ...rest, by: { id: 'r-17', name: 'Amna' } } };
  expect(await queueOf(articleId, await reading.send(old))).toMatchObject([
    { text: 'Old words.', author: { id: 'r-17', name: 'Amna' } },
  ]);
});

test('of somebody who was erased before it was read, nothing is written, and nothing is parked', async () => {
  const { articleId } = newArticle();
  const [person, id] = [randomUUID(), newComment()];
  const seen = await sealed(events.submitted(newComment(), 'seen before', by(person, articleId)));
  const said = await sealed(events.submitted(id, 'never to be seen', by(person, articleId)));
  expect(await queueOf(articleId, await reading.send(seen))).toMatchObject([{ text: 'seen before' }]);
  await keyring.destroy(person);
  const out = events.published(content(), { articleId });
  const after = await reading.send(said, events.let(id, { articleId }), out);
  expect((await reading.after(after, 'site', `/articles/${articleId}/page`)).body.comments).toEqual({
    ...{ count: 0, items: [] },
  });
  expect(await reading.models.parkedKeys()).toBe(0);
  expect(await kept()).not.toContain('never to be seen');
  const erased = await reading.send(told('CommentErased', { commentId: id, articleId, by: moderator }));
  expect((await reading.after(erased, 'site', `/articles/${articleId}/page`)).body.comments).toMatchObject({
    count: 0,
  });
});

test('what was tampered with is parked as it came, sealed; and is as good as erased when it is retried after that', async () => {
  const { articleId } = newArticle();
  const [person, good, bad] = [randomUUID(), newComment(), newComment()];
  const first = await sealed(events.submitted(bad, 'a parked secret', by(person, articleId)));
  const { data } = first as { data: { text: string } };
  const swapped = { ...first, data: { ...data, text: `AAAA${data.text.slice(4)}` } };
  const second = await sealed(events.submitted(good, 'another parked secret', by(person, articleId)));
  const after = await reading.send(swapped, second);
  await reading.after(after, 'moderator', '/queues/pending');
  const parked = (await reading.models.parking.list({ limit: 100 })).filter(({ key }) => key === articleId);
  // Both read models that open it, two events each: the second waits for the first.
  expect(
    parked.map(({ reader, reason }) => `${reader.replace(/_v\d+$/, '')} ${reason.slice(0, 5)}`).toSorted(),
  ).toEqual([...['article_page What ', 'article_page waits', 'moderation_queue What ', 'moderation_queue waits']]);
  expect(await kept()).not.toMatch(/parked secret/);
  await keyring.destroy(person);
  await reading.models.parking.retryAll({ id: 'omar', name: 'Omar' });
  for (const end = Date.now() + 10_000; (await reading.models.parkedKeys()) > 0 && Date.now() < end;)
    await new Promise((later) => setTimeout(later, 50));
  expect(await reading.models.parkedKeys()).toBe(0);
  expect(await kept()).not.toMatch(/parked secret/);
});

describe('a copy without the keyring', () => {
  let copies: Reading[] = [];
  beforeAll(async () => {
    copies = await Promise.all([1, 2].map(() => openReading(opening(new MasterKey(masterKey)))));
  });
  afterAll(() => Promise.all(copies.map((copy) => copy.close())));

  test('comes to the same digests, though it can show nothing of what readers wrote', async () => {
    const { articleId } = newArticle();
    const [person, one, two] = [randomUUID(), newComment(), newComment()];
    const connectionString = copies[0]?.database.urls.moderation ?? '';
    const theirs = await Keyring.open({ connectionString, masterKey });
    await theirs.meet(person, { request: '' });
    const said = [one, two].map((id) => events.submitted(id, `I am ${id}.`, by(person, articleId)));
    const data = await theirs.seal(said.map((event) => ({ ...event, ...of })));
    await theirs.close();
    const messages = inOrder([
      ...said.map((event, at) => ({ ...event, data: data[at] })),
      ...[events.let(one, { articleId }), events.published(content(), { articleId })],
    ]);
    const found = await Promise.all(
      copies.map(async (copy) => {
        const after = await copy.send(...messages);
        const { body } = await copy.after(after, 'site', `/articles/${articleId}/page`);
        await copy.after(after, 'moderator', '/queues/pending');
        const names = ['article_page', 'moderation_queue', 'article_history'];
        const digests = await Promise.all(names.map(async (name) => (await copy.models.digest(name)).digest));
        return { shown: (body.comments as { count: number }).count, digests };
      }),
    );
    expect(found.map(({ shown }) => shown)).toEqual([1, 0]);
    expect(found[1]?.digests).toEqual(found[0]?.digests);
  });
});
