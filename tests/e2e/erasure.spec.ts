import { hash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EventStore } from '#event-store';
import { readAnchors } from '#messaging';
import { newHome, type Reply } from '../newsroom.ts';
import { type Desk, openDesk, until } from './desk.ts';
import * as secrets from './secret-source.ts';
import { afterErasure, type Mark, tracesInFiles, tracesInTables } from './traces.ts';

/**
 * A reader is erased from a running system; then every place in which anything is kept is searched for what was known of them. The
 * searches are the same before, when they must find it where it is shown.
 */
const planted = [
  'Zyxname Quill',
  'zyxmail@planted.example',
  '203.0.113.77',
  'zyxreader-17',
  'zyxwords unheard of',
] as const;
const [name, email, ip, readerId, words] = planted;
const reader = { id: readerId, name, email, ip };
const marks: Mark[] = planted.map((text) => ({ text, bytes: Buffer.from(text) }));

let desk: Desk;
let store: EventStore;
let commenterId: string;
const articles: string[] = [];
const comments = { published: '', rejected: '', pending: '', late: '' };
let retried: { body: object; key: string; reply: Reply };

const officer = () => desk.newsroom.as('privacy-officer', 'pia');
const home = () => desk.newsroom.stack.home;
const inFiles = (pattern: string) => tracesInFiles(home().path, pattern, marks);
const inTables = async () => (await tracesInTables(desk.admin, planted)).map((name) => name.replace(/_v\d+/, ''));

async function digests(): Promise<Record<string, unknown>> {
  const { body } = await desk.newsroom.as('operator').get('reading', '/operations/digests');
  const all = body.digests as { readModel: string; digest: string; rows: object }[];
  return Object.fromEntries(all.map(({ readModel, digest, rows }) => [readModel, { digest, rows }]));
}
/** What was decided below the first two articles, by kind, as the log has it and as the history shows it; and all of it as one hash. */
async function decisions() {
  const counted = async (from: string, about: string) => {
    const kinds = `('CommentSubmitted', 'CommentApproved', 'CommentRejected', 'CommentWithdrawn')`;
    const { rows } = await desk.admin.query<{ type: string; n: string; hash: string }>(
      `select type, count(*) as n, md5(string_agg(t::text, ' ' order by position)) as hash from ${from} t
        where type in ${kinds} and ${about}::text = any($1) group by 1 order by 1`,
      [articles.slice(0, 2)],
    );
    return rows;
  };
  const [log, history] = await Promise.all([
    counted('moderation.event', 'key'),
    counted('reading.article_event', 'article_id'),
  ]);
  return { log, history };
}
const page = async (articleId: string, after?: string) =>
  (await desk.site.get('reading', `/articles/${articleId}/page${after ? `?after=${after}` : ''}`)).body.comments as {
    count: number;
    items: { author: string; text: string }[];
  };
const queue = async () =>
  (await desk.moderator.get('reading', '/queues/pending')).body.items as { commentId: string }[];
async function published(): Promise<string> {
  const { id } = await desk.published();
  articles.push(id);
  await until(async () => (await desk.moderator.get('moderation', `/threads/${id}`)).status === 200);
  return id;
}
const pidOf = (service: string) =>
  (JSON.parse(readFileSync(`${home().records}/${service}.json`, 'utf8')) as { pid: number }).pid;

beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '3' }, newHome());
  const connectionString = desk.newsroom.stack.adminUrl;
  store = await EventStore.open({ connectionString, service: 'moderation' });
  const [first, second] = [await published(), await published()];
  const { moderator, comment } = desk;
  comments.published = (await comment(first, { reader, text: `First, ${words}.` })).id;
  comments.rejected = (await comment(second, { reader, text: `Second, ${words}!` })).id;
  comments.pending = (await comment(second, { reader, text: `Third, ${words}?` })).id;
  const other = (await comment(first, { text: 'Somebody else.' })).id;
  for (const id of [comments.published, other])
    await moderator.command('moderation', `/comments/${id}/approve`, { revision: 1 });
  const why = { revision: 1, reason: 'off-topic', note: '' };
  await moderator.command('moderation', `/comments/${comments.rejected}/reject`, why);
  const body = { articleId: second, reader, text: `Once more, ${words}.`, articleVersion: 1 };
  const key = randomUUID();
  const reply = await desk.site.post('moderation', '/comments', body, { 'idempotency-key': key });
  retried = { body, key, reply };
  await moderator.command('moderation', `/comments/${String(reply.body.id)}/reject`, why);
  const { reader: seen } = (await moderator.get('moderation', `/comments/${comments.pending}`)).body;
  commenterId = (seen as { id: string }).id;
  const { rows } = await desk.admin.query<{ key: Buffer }>('select key from keyring.person where id = $1', [
    commenterId,
  ]);
  marks.push({ text: 'the wrapped key', bytes: rows[0]?.key ?? Buffer.alloc(0) });
}, 120_000);
afterAll(async () => {
  await store.close();
  await desk.close();
});

describe('before', () => {
  test('what a reader said is shown where it is read, and known to none but those', async () => {
    await until(async () => (await queue()).length === 1);
    await until(async () => (await page(articles[0] ?? '')).count === 2);
    expect((await page(articles[0] ?? '')).items[0]).toMatchObject({ author: name, text: `First, ${words}.` });
    expect(await queue()).toMatchObject([{ author: { id: commenterId, name }, text: `Third, ${words}?` }]);
    expect(await inTables()).toEqual(['article_page.page_comment', 'moderation_queue.queue_comment']);
    expect(inFiles('data/kafka/**')).toEqual([]);
    expect(inFiles('data/postgres/**').length).toBeGreaterThan(0);
  });

  test('where they can be reached is for those who may identify them', async () => {
    const path = `/comments/${comments.pending}`;
    const seen = async (who: string) => (await desk.newsroom.as(who).get('moderation', path)).body.reader;
    expect(await seen('privacy-officer')).toEqual({ id: commenterId, name, email, ip });
    expect(await seen('moderator')).toEqual({ id: commenterId, name });
  });

  test('no fingerprint of what was sent can be found by who guesses it', async () => {
    const sorted = (value: object): object =>
      Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, typeof inner === 'object' ? sorted(inner as object) : inner] as const),
      );
    const known = async (path: string, body: object) => {
      const fingerprint = hash('sha256', `${path}\n${JSON.stringify(sorted(body))}`);
      const found = await desk.admin.query('select from moderation.event where fingerprint = $1', [fingerprint]);
      return found.rowCount;
    };
    expect(await known(`/comments/${comments.published}/approve`, { revision: 1 })).toBe(1);
    expect(await known('/comments', retried.body)).toBe(0);
  });

  test('only the privacy officer erases, and only who is there', async () => {
    const path = `/commenters/${commenterId}/erase`;
    for (const who of ['moderator', 'moderation-lead', 'site'])
      expect((await desk.newsroom.as(who).post('moderation', path)).status).toBe(403);
    expect((await officer().post('moderation', `/commenters/${randomUUID()}/erase`)).status).toBe(404);
  });
});

describe('erased', () => {
  let before: Awaited<ReturnType<typeof decisions>>;
  let digestsBefore: Record<string, unknown>;

  beforeAll(async () => {
    const third = await published();
    await until(async () => (await desk.site.get('reading', `/articles/${third}/page`)).status === 200);
    before = await decisions();
    digestsBefore = await digests();
    // Reading sleeps while one more is written, let stand and erased: it wakes up far behind.
    process.kill(pidOf('reading'), 'SIGSTOP');
    try {
      comments.late = (await desk.comment(third, { reader, text: `Late, ${words}.` })).id;
      await desk.moderator.command('moderation', `/comments/${comments.late}/approve`, { revision: 1 });
      await officer().command('moderation', `/commenters/${commenterId}/erase`);
    } finally {
      process.kill(pidOf('reading'), 'SIGCONT');
    }
    for (const id of Object.values(comments))
      await until(async () => (await desk.eventsOf('moderation', `comment-${id}`)).includes('CommentErased'));
    await until(async () => (await page(articles[0] ?? '')).count === 1);
    await until(
      async () => (await desk.admin.query("select from reading.page_comment where status = 'erased'")).rowCount === 5,
    );
  }, 60_000);

  test('their comments are off page, count and queue; those of others stay', async () => {
    expect(await page(articles[0] ?? '')).toMatchObject({ count: 1, items: [{ text: 'Somebody else.' }] });
    for (const id of articles.slice(1)) expect(await page(id)).toEqual({ count: 0, items: [] });
    expect(await queue()).toEqual([]);
    const { status, body } = await desk.moderator.get('moderation', `/comments/${comments.rejected}`);
    expect([status, body]).toMatchObject([
      200,
      { state: 'erased', text: '', reader: { id: '', name: '' }, decision: { reason: 'off-topic' } },
    ]);
    const { body: commenter } = await officer().get('moderation', `/commenters/${commenterId}`);
    expect(commenter.state).toBe('erased');
    expect(commenter.comments).toHaveLength(5);
  });

  test('what was decided stays, in the log and in the history', async () => {
    expect(before.log.map(({ type, n }) => `${type} ${n}`)).toEqual([
      ...['CommentApproved 2', 'CommentRejected 2', 'CommentSubmitted 5'],
    ]);
    expect(await decisions()).toEqual(before);
    const { newsroom_board, publication_log } = digestsBefore;
    expect(await digests()).toMatchObject({ newsroom_board, publication_log });
  });

  test('nothing of them is in any table, segment, log or anchor', async () => {
    expect(await inTables()).toEqual([]);
    expect(inFiles('data/kafka/**')).toEqual([]);
    expect(inFiles('logs/**')).toEqual([]);
    expect(inFiles('anchors/**')).toEqual([]);
  });

  test('a retry is answered as it was, a new comment is refused, and neither leaves anything', async () => {
    const heads = await store.heads();
    const again = await desk.site.post('moderation', '/comments', retried.body, { 'idempotency-key': retried.key });
    expect([again.status, again.body]).toEqual([201, retried.reply.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const fresh = await desk.site.post('moderation', '/comments', retried.body);
    expect(fresh).toMatchObject({ status: 409, body: { code: 'person-erased' } });
    expect(await store.heads()).toEqual(heads);
    const repeated = await officer().command('moderation', `/commenters/${commenterId}/erase`);
    expect(repeated.state).toBe('erased');
    expect(await store.heads()).toEqual(heads);
    expect(await inTables()).toEqual([]);
  });

  test('nor in the files of the database, once an operator has done what there is to do', async () => {
    await afterErasure(desk.admin);
    expect(inFiles('data/postgres/**')).toEqual([]);
  });

  test('read models that are built anew have nothing of them either, and come to the same', async () => {
    const digestsAfter = await digests();
    await desk.newsroom.as('operator').post('reading', '/operations/rebuild', {});
    await until(async () => {
      const { body } = await desk.newsroom.as('operator').get('reading', '/operations/generations');
      return (body.generations as { state: string }[]).every(({ state }) => state === 'kept');
    });
    await until(async () => JSON.stringify(await digests()) === JSON.stringify(digestsAfter));
    expect(await inTables()).toEqual([]);
  });

  test('no guess at their words can be held against the log', async () => {
    const { rows } = await desk.admin.query('select from keyring.alias where person = $1', [commenterId]);
    expect(rows).toEqual([]);
    // Who says the same again is the first who does.
    const { id } = await desk.comment(articles[1] ?? '', { text: `Second, ${words}!` });
    const { body } = await desk.moderator.get('moderation', `/comments/${id}`);
    expect(body.screening).toEqual({ verdict: 'publish', hits: [] });
  });

  test('the chain holds, with its anchors', async () => {
    const heads = await store.heads();
    const anchors = () => readAnchors(`${home().path}/anchors/moderation.jsonl`);
    await until(async () => {
      const noted = new Set((await anchors()).map(({ hash }) => hash));
      return heads.every(({ hash, position }) => position === 0n || noted.has(hash));
    });
    expect(await store.verify(await anchors())).toEqual({ ok: true });
  });
});

describe('a confidential source', () => {
  let secret: secrets.Secret;
  beforeAll(async () => {
    secret = await secrets.playSecret(desk);
  }, 60_000);

  test('is nowhere, in no table, file, segment, log, metric, answer or archive, where what is printed of it is', async () => {
    expect(await secrets.tracesOfPrinted(desk, secret)).toEqual(expect.arrayContaining([...secrets.placesOfPrinted]));
    expect(await secrets.tracesOfSecret(desk, secret)).toEqual([]);
    expect(await secrets.tracesOfKey(desk, secret)).toEqual(secrets.placesOfKey);
  });

  test('once its key is destroyed nobody can read it anywhere; history, counts and chain stay', async () => {
    const [before, counts] = [await secrets.historyOf(desk, secret), await digests()];
    await secrets.destroyKey(desk, secret);
    await afterErasure(desk.admin);
    const traces = [await secrets.tracesOfKey(desk, secret), await secrets.tracesOfSecret(desk, secret)];
    expect(traces).toEqual([[], []]);
    expect(await secrets.historyOf(desk, secret)).toEqual(before);
    expect(before).toMatchObject({ looks: 1, isRetracted: true, uses: [{ blocks: ['q1'], task: 'open' }] });
    expect(await digests()).toEqual(counts);
    expect(await secrets.chainOf(desk)).toEqual({ ok: true });
  });
});
