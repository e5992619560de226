import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import kafkajs, { type Consumer, Kafka, logLevel } from 'kafkajs';
import { commandId, derivedId, EventStore } from '#event-store';
import {
  type Broker,
  connectKafka,
  ensureTopics,
  fromKafka,
  type Incoming,
  type Relay,
  type RelayOptions,
  startRelay,
  type StuckShard,
  type TopicDeclaration,
} from '#messaging';
import { createTestDatabase, type TestDatabase } from '#testing';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';

const brokers = (process.env.STET_TEST_KAFKA_BROKERS ?? '').split(',');
const topicPrefix = `relay-${randomUUID().slice(0, 8)}`;
const declared = JSON.parse(
  readFileSync(new URL('../../infra/kafka/topics.json', import.meta.url), 'utf8'),
) as TopicDeclaration[];
// Node does not see this one among the names of a CommonJS module.
const { ConfigResourceTypes } = kafkajs;
const shards = 3;
const kafka = new Kafka({ brokers, clientId: 'outside', logLevel: logLevel.NOTHING });
const seen: Incoming[] = [];
let database: TestDatabase;
let store: EventStore;
let broker: Broker;
const admin = kafka.admin();
let outside: Consumer;
let counted = 0;

/** `size`: of the headline, in characters. */
async function start(size = 1): Promise<void> {
  const command = commandId(topicPrefix, String(counted++));
  const articleId = derivedId(command, 'article');
  const content = {
    ...{ slugline: 's', headline: 'h'.repeat(size), standfirst: '', byline: ['b'], dateline: '', section: '' },
    ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
  };
  const actor = { id: 'r', name: 'R', roles: ['reporter'], desks: [] };
  const data = { articleId, desk: 'city', kind: 'story' as const, content };
  const trace = { correlationId: 'test' };
  await store.execute(articleLog, {
    id: articleId,
    command: { type: 'start', data, actor },
    commandId: command,
    trace,
  });
}
/** What a careful reader is left with: of each partition, messages that come after the last it took. */
function kept(): Incoming[] {
  const last = new Map<number, bigint>();
  return seen.filter(({ partition, position }) => {
    if (position <= (last.get(partition) ?? 0n)) return false;
    last.set(partition, position);
    return true;
  });
}
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within a minute: ${String(holds)}`);
    await pause(20);
  }
}
/** What a test that fails leaves running keeps the whole run from ending. */
const begun: Relay[] = [];
function relayOf(from: Broker = broker, of: RelayOptions['store'] = store): Relay {
  const relay = startRelay({ broker: from, store: of });
  begun.push(relay);
  return relay;
}

beforeAll(async () => {
  database = await createTestDatabase({ shards });
  store = await EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  broker = connectKafka({ brokers, clientId: 'stet-test', topicPrefix });
  await ensureTopics(broker, declared, { partitions: shards });
  await admin.connect();
  outside = kafka.consumer({ groupId: topicPrefix });
  await outside.connect();
  await outside.subscribe({ topic: `${topicPrefix}.drafting`, fromBeginning: true });
  await outside.run({
    eachMessage: ({ message, partition }) => {
      seen.push(fromKafka(message, { topic: 'drafting', partition }));
      return Promise.resolve();
    },
  });
});
afterAll(async () => {
  await Promise.all(begun.map((relay) => relay.stop()));
  await outside.disconnect();
  await admin.deleteTopics({ topics: declared.map(({ name }) => `${topicPrefix}.${name}`) });
  await admin.disconnect();
  await store.close();
  await database.drop();
});

test('what the log announces arrives whole and in its order, shard by shard', async () => {
  for (let at = 0; at < 20; at++) await start();
  const relay = relayOf();
  await until(() => kept().length >= 20);
  await start(); // while it runs: NOTIFY wakes it
  await until(() => kept().length >= 21);
  await relay.stop();
  for (let shard = 0; shard < shards; shard++) {
    const rows = await store.readShard(shard, 0n, 1000);
    const own = kept().filter(({ partition }) => partition === shard);
    expect(own.map(({ id, position, data }) => [id, position, data])).toEqual(
      rows.map(({ id, position, data }) => [id, position, data]),
    );
    expect(own.map(({ previousPosition }) => previousPosition)).toEqual(rows.map(({ position }) => position - 1n));
  }
});

test('a relay that died between send and cursor repeats; whoever drops what is not after the last sees the log once', async () => {
  const before = seen.length;
  // The cursor of one who sent everything and could not say so any more.
  const { Client } = (await import('pg')).default;
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query('update drafting.relay_cursor set position = 0');
  await admin.end();
  const relay = relayOf();
  await until(() => seen.length >= before + 21);
  await relay.stop();
  expect(kept()).toHaveLength(21);
});

test('of two relays one sends; when it leaves, the other goes on', async () => {
  const relays = [relayOf(), relayOf()];
  const before = seen.length;
  await start();
  await until(() => seen.length > before);
  await relays[0]?.stop();
  await start();
  await until(() => kept().length >= 23);
  await relays[1]?.stop();
  expect(seen).toHaveLength(before + 2);
});

test('says how much waits and for how long, whether or not it is the one that sends', async () => {
  await start();
  const relay = relayOf();
  expect((await relay.lag()).events).toBeLessThanOrEqual(1);
  await until(() => kept().length >= 24);
  let lag = await relay.lag();
  while (lag.events > 0) lag = await relay.lag();
  expect(lag).toEqual({ events: 0, seconds: 0 });
  await relay.stop();
});

test('an event that Kafka refuses stops its shard alone, is named, and goes out when it is taken', async () => {
  const limit = async (bytes: number) => {
    const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: `${topicPrefix}.drafting`, configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
  };
  await limit(20_000);
  const before = kept().length;
  let stuck: StuckShard | undefined;
  for (let at = 0; at < 20; at++) await start();
  await start(40_000);
  for (let at = 0; at < 20; at++) await start();
  const relay = relayOf();
  await until(() => (stuck = relay.stuck()[0]) !== undefined);
  expect(relay.stuck()).toMatchObject([{ reason: expect.stringMatching(/larger than/) }]);
  for (let at = 0; at < 20; at++) await start();
  const waiting = (await store.readShard(stuck?.shard ?? 0, (stuck?.position ?? 0n) - 1n, 1000)).map(({ id }) => id);
  await until(() => kept().length === before + 61 - waiting.length);
  expect(kept().filter(({ id }) => waiting.includes(id))).toEqual([]);
  expect((await relay.lag()).seconds).toBeGreaterThan(0);
  await limit(8_388_608);
  await until(() => kept().length === before + 61);
  expect(relay.stuck()).toEqual([]);
  await relay.stop();
});

/** What whoever begins now finds on the topic, by shard: each event once, from the first on. */
async function found(isAll: (positions: readonly bigint[][]) => boolean): Promise<void> {
  const reader = kafka.consumer({ groupId: randomUUID() });
  const taken = Array.from({ length: shards }, (): bigint[] => []);
  await reader.connect();
  await reader.subscribe({ topic: `${topicPrefix}.drafting`, fromBeginning: true });
  await reader.run({
    eachMessage: ({ message, partition }) => {
      const { position, previousPosition } = fromKafka(message, { topic: 'drafting', partition });
      if (previousPosition === (taken[partition]?.at(-1) ?? 0n)) taken[partition]?.push(position);
      return Promise.resolve();
    },
  });
  await until(() => isAll(taken)).finally(() => reader.disconnect());
}
const logged = async () =>
  Promise.all([0, 1, 2].map(async (shard) => (await store.readShard(shard, 0n, 1000)).map(({ position }) => position)));

test('a topic that was deleted is told of, with what to do; made anew, it is sent everything from the beginning', async () => {
  const told: string[] = [];
  const log = (level: string, text: string, details: object) => {
    if (level !== 'debug') told.push(`${level} ${text} ${JSON.stringify(details)}`);
  };
  const topic = `${topicPrefix}.drafting`;
  const relay = relayOf({ ...broker, log });
  while ((await relay.lag()).events > 0);
  await admin.deleteTopics({ topics: [topic] });
  await start();
  await until(() => relay.stuck().length > 0);
  expect(relay.stuck()[0]?.reason).toMatch(/was deleted\. Restart a service/);
  await until(() => told.some((line) => /^error relay: a topic that it writes is gone.*Restart a service/.test(line)));
  await ensureTopics(broker, declared, { partitions: shards });
  const all = await logged();
  await found((positions) => JSON.stringify(positions.map(String)) === JSON.stringify(all.map(String)));
  expect(relay.stuck()).toEqual([]);
  // So quickly that nobody sees that it was away, until an event comes to lie where the first one should.
  await admin.deleteTopics({ topics: [topic] });
  await ensureTopics(broker, declared, { partitions: shards });
  await start();
  const more = await logged();
  await found((positions) => JSON.stringify(positions.map(String)) === JSON.stringify(more.map(String)));
  expect(told.filter((line) => /^warn relay.*sent again/.test(line)).length).toBeGreaterThan(shards);
  await relay.stop();
});

// Nobody waits for what is read ahead while the cursor is saved. A rejection that nobody handles ends a service, and turns this red.
test('when the database fails while the cursor is saved, the relay begins again', async () => {
  const { relay: real, service, logId } = store;
  const saved = new Map<number, bigint>();
  let [wasEmpty, isSaving, failures] = [false, false, 0];
  const failing = Object.assign(Object.create(real) as typeof real, {
    async next(...[places, bytes]: Parameters<typeof real.next>) {
      if (wasEmpty && places.some(({ shard, after }) => after > (saved.get(shard) ?? after))) {
        wasEmpty = false;
        await pause(5);
        failures += Number(isSaving);
        throw new Error('Connection terminated');
      }
      const found = await real.next(places, bytes);
      wasEmpty = found.length === 0;
      return found;
    },
    async moveCursor(...[shard, from, to, epoch]: Parameters<typeof real.moveCursor>) {
      isSaving = true;
      await pause(100);
      isSaving = false;
      saved.set(shard, to);
      return real.moveCursor(shard, from, to, epoch);
    },
  });
  relayOf(broker, { relay: failing, service, logId });
  for (const times of [1, 2]) {
    while ((await real.lag()).events > 0) await pause(20);
    for (let waited = 0; failures < times; waited += 2) {
      // A quarter of that later the cursor is saved, if nothing else comes meanwhile.
      if (waited % 400 === 0) await start();
      await pause(2);
    }
    // The test ends here, while it is not handled yet.
  }
});

test('topics that are not as declared are named, with what to do', async () => {
  await expect(ensureTopics(broker, declared, { partitions: 4 })).rejects.toThrow(
    /drafting has 3 partitions, not 4.*STET_SHARDS/,
  );
});
