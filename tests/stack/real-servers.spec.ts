import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type Newsroom, openNewsroom } from '../newsroom.ts';

/** On servers that are there already, as a real installation has them. */
let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await openNewsroom({ STET_SHARDS: '3' });
}, 120_000);
afterAll(() => newsroom.close());

test('with DATABASE_URL and KAFKA_BROKERS nothing is embedded, and a story goes its whole way on three shards', async () => {
  const { stack, topic } = newsroom;
  expect(existsSync(`${stack.home.data}/postgres`)).toBe(false);
  expect(existsSync(`${stack.home.data}/kafka`)).toBe(false);
  const admin = new Kafka({ brokers: [stack.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['drafting', 'feed', 'articles'].map(topic) });
  await admin.disconnect();
  expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 3, 3]);

  const [reporter, editor, duty] = [newsroom.as('reporter'), newsroom.as('editor'), newsroom.as('duty-editor')];
  const blocks = [{ id: 'p1', kind: 'paragraph', html: 'It is open.' }];
  const fields = { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Iqbal'] };
  // Several, so that more than one shard has some.
  for (let at = 0; at < 5; at++) {
    const story = { desk: 'city', kind: 'story', fields, blocks };
    const { id } = await reporter.command('drafting', '/articles', story);
    await reporter.command('drafting', `/articles/${id}/submit`);
    await editor.command('drafting', `/articles/${id}/claim`);
    const { position } = await editor.command('drafting', `/articles/${id}/approve`, { version: 1 });
    const out = await duty.command('publication', `/publications/${id}/publish`, { version: 1, after: position });
    const page = await newsroom.as('site').get('reading', `/articles/${id}/page?after=${out.position}`);
    expect(page).toMatchObject({ status: 200, body: { headline: 'Bridge opens' } });
  }
  const board = await editor.get('reading', '/board');
  expect(board.body.items).toHaveLength(5);
});
