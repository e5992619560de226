import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { EventStore } from '#event-store';
import { readAnchors, startAnchors } from '#messaging';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '#testing';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';

const home = mkdtempSync(join(tmpdir(), 'stet-anchors-'));
let database: TestDatabase;
let store: EventStore;
let topics: TestTopics;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({ shards: 3 });
  store = await EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  admin = new pg.Client({ connectionString: database.adminUrl, options: '-c search_path=drafting' });
  await admin.connect();
  topics = await createTestTopics(['anchors']);
});
afterAll(async () => {
  await Promise.all([store.close(), topics.close(), admin.end()]);
  await database.drop();
  rmSync(home, { recursive: true });
});

const content = {
  ...{ slugline: 's', headline: 'h', standfirst: '', byline: ['b'], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
async function articles(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const id = randomUUID();
    const actor = { id: 'r', name: 'R', roles: ['reporter'], desks: [] };
    const data = { articleId: id, desk: 'city', kind: 'story' as const, content };
    const command = { type: 'start' as const, data, actor };
    await store.execute(articleLog, { id, command, commandId: randomUUID(), trace: { correlationId: 'test' } });
  }
}
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 30));
}
interface Told {
  readonly shard: number;
  readonly position: string;
  readonly hash: string;
}
/** What an outsider finds on the topic. */
async function onTopic(count: number): Promise<Told[]> {
  const brokers = (process.env.STET_TEST_KAFKA_BROKERS ?? '').split(',');
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: randomUUID() });
  const found: Told[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: topics.broker.topic('anchors'), fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      found.push(JSON.parse(message.value?.toString('utf8') ?? '') as Told);
      return Promise.resolve();
    },
  });
  await until(() => found.length >= count);
  await consumer.disconnect();
  return found;
}

test('heads are noted in a file and on a topic as they move, and show a cut tail and a history that was rewritten whole', async () => {
  const file = join(home, 'deep', 'drafting.jsonl');
  const linesOf = () => readFileSync(file, 'utf8').split('\n').length - 1;
  const anchors = await startAnchors({ broker: topics.broker, store, file, everyMs: 10 });
  await articles(60);
  await until(() => linesOf() > 3);
  await anchors.stop();

  const noted = await readAnchors(file);
  expect(noted).toEqual(expect.arrayContaining(await store.heads()));
  const told = await onTopic(3);
  for (const { logId, shard, position, hash } of await store.heads())
    expect(told).toContainEqual(
      expect.objectContaining({ service: 'drafting', logId, shard, position: String(position), hash }),
    );
  // Whoever has the file alone knows each head that a proof may go by, though the log moved on meanwhile.
  const inFile = new Set(noted.map(({ shard, position, hash }) => `${shard} ${position} ${hash}`));
  expect(told.filter(({ shard, position, hash }) => !inFile.has(`${shard} ${position} ${hash}`))).toEqual([]);
  expect(await store.verify(noted)).toEqual({ ok: true });

  // Somebody cuts the tail of a shard, and makes the head fit.
  const [head] = (await store.heads()).filter(({ position }) => position > 1n);
  if (!head) throw new Error('No shard has two events.');
  await admin.query('alter table event disable trigger append_only');
  const cut = 'delete from event where shard = $1 and position = $2 returning *';
  await admin.query(cut, [head.shard, String(head.position)]);
  await admin.query(
    `update head set (position, hash) = (select position, hash from event e where e.shard = $1 order by position desc limit 1)
      where shard = $1`,
    [head.shard],
  );
  expect(await store.verify()).toEqual({ ok: true });
  const found = { ok: false, shard: head.shard };
  expect(await store.verify(noted)).toMatchObject({ ...found, why: 'the log ends before its anchor' });
  // And writes on as if nothing had been: the chain fits, what was noted does not.
  while ((await store.heads()).some(({ shard, position }) => shard === head.shard && position < head.position))
    await articles(1);
  expect(await store.verify()).toEqual({ ok: true });
  expect(await store.verify(noted)).toMatchObject({
    ...found,
    position: head.position,
    why: 'the history is not the one that was anchored',
  });
});
