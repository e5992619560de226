import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type Backing, freePorts, startBacking, toNobody } from '../../infra/stack/stack.ts';
import { type Newsroom, openNewsroom } from '../newsroom.ts';

/** Servers that are there already, as a real installation has them. */
let servers: Backing;
let newsroom: Newsroom;
const home = mkdtempSync(join(tmpdir(), 'stet-servers-'));

beforeAll(async () => {
  const first = await freePorts(3);
  servers = await startBacking({ home, postgresPort: first, kafkaPort: first + 1, throwaway: true, report: toNobody });
  newsroom = await openNewsroom({
    DATABASE_URL: servers.adminUrl,
    KAFKA_BROKERS: servers.brokers,
    STET_TOPIC_PREFIX: 'paper',
    STET_SHARDS: '3',
  });
}, 120_000);
afterAll(async () => {
  await newsroom.close();
  await servers.stop();
  rmSync(home, { recursive: true, force: true });
});

test('with DATABASE_URL and KAFKA_BROKERS nothing is embedded, and a story goes its whole way on three shards', async () => {
  const { stack } = newsroom;
  expect(existsSync(`${stack.home.data}/postgres`)).toBe(false);
  expect(existsSync(`${stack.home.data}/kafka`)).toBe(false);
  const admin = new Kafka({ brokers: [servers.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['paper.drafting', 'paper.feed', 'paper.articles'] });
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
