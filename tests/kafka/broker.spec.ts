import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandId, derivedId, EventStore } from '#event-store';
import {
  type Broker,
  connectKafka,
  startAnchors,
  type Consumer,
  ensureTopics,
  type Relay,
  startConsumer,
  startRelay,
} from '#messaging';
import { createTestDatabase, type TestDatabase } from '#testing';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import { enter, type Ground, kafkaRuntime, ownKafka } from '../../infra/stack/backing.ts';
import type { Kafka, Runtime } from '../../infra/stack/kafka.ts';
import { freePorts, toNobody } from '../../infra/stack/stack.ts';
import { positions, Shelf, until } from './shelf.ts';

const first = { topic: 'drafting', partition: 0 };
const home = fileURLToPath(new URL(`../../.stet/test-broker-${process.pid}`, import.meta.url));
const shelf = new Shelf();
const said: string[] = [];
let broker: Broker;
let ground: Ground;
let how: Runtime & { port: number };
let kafka: Kafka;
let database: TestDatabase;
let store: EventStore;
let relay: Relay;
let consumer: Consumer;
let written = 0;

async function write(): Promise<void> {
  const id = commandId('broker', String(written++));
  const articleId = derivedId(id, 'article');
  const content = {
    ...{ slugline: 's', headline: 'h', standfirst: '', byline: ['b'], dateline: '', section: '' },
    ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
  };
  const command = {
    type: 'start' as const,
    data: { articleId, desk: 'city', kind: 'story' as const, content },
    actor: { id: 'r', name: 'R', roles: ['reporter'], desks: [] },
  };
  await store.execute(articleLog, { id: articleId, command, commandId: id, trace: { correlationId: 'test' } });
}

beforeAll(async () => {
  ground = await enter(home, toNobody);
  how = { ...(await kafkaRuntime(ground)), port: await freePorts(2) };
  kafka = await ownKafka(ground, how);
  database = await createTestDatabase();
  store = await EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  const log = (_level: string, text: string) => said.push(text);
  broker = connectKafka({ brokers: [kafka.brokers], clientId: 'test', topicPrefix: 'broker', log });
  const kept = { partitions: 1, config: { 'retention.ms': '-1' } };
  await ensureTopics(
    broker,
    ['drafting', 'anchors'].map((name) => ({ name, ...kept })),
    kept,
  );
  relay = startRelay({ broker, store, leaseMs: 2000 });
  consumer = await startConsumer({
    ...{ broker, group: 'reading', topics: ['drafting'], checkpoints: shelf },
    handle: (batch) => Promise.resolve(shelf.apply(batch)),
    onStopped: () => undefined,
  });
});
afterAll(async () => {
  await Promise.all([consumer.stop(), relay.stop()]);
  await store.close();
  await database.drop();
  await ground.leave();
  rmSync(home, { recursive: true, force: true });
});

test('a broker that is killed, stays away and comes back interrupts relay and consumer, and neither needs help', async () => {
  for (let at = 0; at < 5; at++) await write();
  await until(() => shelf.read(first).length === 5);
  process.kill(kafka.process.pid, 'SIGKILL');
  await kafka.process.ended;
  for (let at = 0; at < 5; at++) await write();
  // Long enough for kafkajs to give up for good.
  await until(() => consumer.assigned().length === 0);
  kafka = await ownKafka(ground, how);
  await write();
  await until(() => shelf.read(first).length === 11);
  expect(shelf.read(first)).toEqual(positions(11));
  expect(consumer.stopped()).toEqual([]);
}, 120_000);

test('a broker that froze takes, when it wakes up, what the relay gave up long before: the topic repeats, its readers do not', async () => {
  const before = shelf.read(first).length;
  const givenUp = () => said.filter((text) => text.startsWith('relay: begins again')).length;
  const soFar = givenUp();
  process.kill(kafka.process.pid, 'SIGSTOP');
  for (let at = 0; at < 5; at++) await write();
  await until(() => givenUp() > soFar);
  process.kill(kafka.process.pid, 'SIGCONT');
  await until(() => shelf.read(first).length === before + 5);
  await write();
  await until(() => shelf.read(first).length === before + 6);
  const admin = broker.kafka.admin();
  await admin.connect();
  const [end] = await admin.fetchTopicOffsets(broker.topic('drafting'));
  await admin.disconnect();
  expect(Number(end?.high)).toBeGreaterThan(before + 6);
  expect(shelf.read(first)).toEqual(positions(before + 6));
  expect(consumer.stopped()).toEqual([]);
}, 120_000);

test('whoever is stopped while the broker is away is gone within a few seconds', async () => {
  const anchors = await startAnchors({ broker, store, file: `${home}/anchors.jsonl`, everyMs: 200 });
  process.kill(kafka.process.pid, 'SIGKILL');
  await kafka.process.ended;
  for (let at = 0; at < 5; at++) await write();
  await pause(1000);
  const begun = performance.now();
  for (const one of [consumer, anchors, relay]) await one.stop();
  expect(performance.now() - begun).toBeLessThan(7000);
  const noted = readFileSync(`${home}/anchors.jsonl`, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(noted)).toMatchObject({ position: String((await store.heads())[0]?.position) });
  kafka = await ownKafka(ground, how);
}, 120_000);
