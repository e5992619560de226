import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Producer, Transaction } from 'kafkajs';
import { type Follower, startFollower } from '#messaging';
import { createTestTopics, type TestTopics } from '#testing';
import { type Outside, readAsOutsider } from './outside.ts';
import { events, holds, positions, until } from './shelf.ts';

const first = { topic: 'feed', partition: 0 };
let topics: TestTopics;
let articles: Outside;
let followers: Follower[] = [];

/** The feed positions of a partition of `articles`, in its order. */
const written = (partition = 0) =>
  articles.seen
    .filter((one) => one.partition === partition)
    .map(({ attributes }) => BigInt(attributes.feedposition ?? ''));

async function follow(): Promise<Follower> {
  const follower = await startFollower({ broker: topics.broker });
  followers.push(follower);
  return follower;
}
const item = (key: string, text: string) => ({ key, payload: JSON.stringify({ text }) });

beforeEach(async () => {
  topics = await createTestTopics(['feed', 'articles'], { partitions: 2 });
  articles = await readAsOutsider(topics.broker, 'articles');
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  followers = [];
  await articles.close();
  await topics.close();
});

test('each item of the feed is a record under its article, in the order of the feed, saying where in it it stands', async () => {
  await topics.send('feed', 0, item('a', 'one'), { ...item('b', 'پل 🌉'), type: 'ItemCorrected' });
  await follow();
  await topics.send('feed', 1, item('c', 'x'));
  await until(() => articles.seen.length === 3);
  const [one, two] = articles.seen.filter(({ partition }) => partition === 0);
  expect(one).toMatchObject({ key: 'a', data: { text: 'one' }, attributes: { feedposition: '1', feedoffset: '0' } });
  expect(two).toMatchObject({
    ...{ key: 'b', data: { text: 'پل 🌉' } },
    attributes: {
      ...{ type: 'stet.ItemCorrected.v1', position: '2', previousposition: '1', logid: topics.logId },
      ...{ feedposition: '2', feedoffset: '1', partitionkey: 'b', source: '/stet/feed' },
    },
  });
  expect(articles.seen.find(({ partition }) => partition === 1)).toMatchObject({ key: 'c', data: { text: 'x' } });
});

test('repeats in the feed and restarts bring nothing back', async () => {
  const at = (position: number) => ({ position: BigInt(position), previousPosition: BigInt(position - 1) });
  await topics.send('feed', 0, at(1), at(2), at(3));
  const before = await follow();
  await until(() => written().length === 3);
  await before.stop();
  await topics.send('feed', 0, at(1), at(2), at(3), at(4));
  await follow();
  await until(() => written().length === 4);
  await topics.send('feed', 0, at(2), at(3), at(4), at(5));
  await until(() => written().includes(5n));
  expect(written()).toEqual(positions(5));
});

test('many and large items go over whole, in batches that the topic takes', async () => {
  const large = { payload: JSON.stringify({ text: 'x'.repeat(1_500_000) }) };
  for (let at = 0; at < 8; at++) await topics.send('feed', 0, large);
  await topics.send('feed', 0, ...events(1500));
  await follow();
  await until(() => written().length === 1508);
  expect(written()).toEqual(positions(1508));
});

/** The writer of a follower that was stopped in the middle, kept by the test. */
async function sleepingWriter(): Promise<Producer> {
  const writer = topics.broker.kafka.producer({
    ...{ transactionalId: topics.broker.topic('articles-0'), idempotent: true, maxInFlightRequests: 1 },
  });
  await writer.connect();
  return writer;
}

/** Begins what a follower would write for position 2. */
async function begin(writer: Producer): Promise<Transaction> {
  const begun = await writer.transaction();
  const messages = [{ partition: 0, key: 'k', value: '{}', headers: { ce_feedposition: '2' } }];
  await begun.send({ topic: topics.broker.topic('articles'), messages });
  const metadata = JSON.stringify({ logId: topics.logId, lastPosition: '2' });
  const done = [{ topic: topics.broker.topic('feed'), partitions: [{ partition: 0, offset: '2', metadata }] }];
  await begun.sendOffsets({ consumerGroupId: topics.broker.topic('articles'), topics: done });
  return begun;
}
async function writeFirst(): Promise<Follower> {
  const follower = await follow();
  await topics.send('feed', 0, {});
  await until(() => written().length === 1);
  return follower;
}

test('a follower that slept in the middle of its work finds its place taken, and no reader ever sees what it had begun', async () => {
  const before = await writeFirst();
  await before.stop();
  const sleeper = await sleepingWriter();
  const begun = await begin(sleeper);
  await follow();
  await topics.send('feed', 0, { payload: '"new"' });
  await until(() => written().length === 2);
  await expect(begun.commit()).rejects.toThrow(/epoch|fenced/i);
  await topics.send('feed', 0, {});
  await until(() => written().length === 3);
  expect(written()).toEqual(positions(3));
  expect(articles.seen.find(({ attributes }) => attributes.feedposition === '2')?.data).toBe('new');
  await sleeper.disconnect();
});

test('a follower that wakes up when its place is taken and nothing was written since: one of the two writes, not both', async () => {
  const before = await writeFirst();
  await before.stop();
  const sleeper = await sleepingWriter();
  const begun = await begin(sleeper);
  const heir = await follow();
  await until(() => holds(heir, first));
  // Time to ask how far its predecessor came. Whether it is enough changes who writes, not what is written.
  await pause(2000);
  await begun.commit().catch(() => undefined);
  await topics.send('feed', 0, {}, {});
  await until(() => written().includes(3n));
  expect(written()).toEqual(positions(3));
  await sleeper.disconnect();
});

test('a follower whose place was taken while it worked goes on after what the other wrote', async () => {
  const follower = await writeFirst();
  const other = await sleepingWriter();
  await (await begin(other)).commit();
  await topics.send('feed', 0, {}, {});
  await until(() => written().includes(3n));
  expect(written()).toEqual(positions(3));
  expect(follower.stopped()).toEqual([]);
  await other.disconnect();
});

test('followers that come and go while items arrive write each of them once', async () => {
  let sent = 0;
  const send = async () => {
    await Promise.all([topics.send('feed', 0, {}, {}), topics.send('feed', 1, {}, {})]);
    sent += 2;
    await pause(5);
  };
  const steady = await follow();
  for (let round = 0; round < 3; round++) {
    const visitor = await follow();
    while (visitor.assigned().length !== 1 || steady.assigned().length !== 1) await send();
    await visitor.stop();
    while (steady.assigned().length !== 2) await send();
  }
  await send();
  await until(() => written(0).length >= sent && written(1).length >= sent);
  expect(written(0)).toEqual(positions(sent));
  expect(written(1)).toEqual(positions(sent));
  expect(steady.stopped()).toEqual([]);
});

test('a topic that was written, with nobody knowing how far, is not written again from the start', async () => {
  await topics.send('feed', 0, ...events(2));
  const before = await follow();
  await until(() => written().length === 2);
  await before.stop();
  const admin = topics.broker.kafka.admin();
  await admin.connect();
  await admin.deleteGroups([topics.broker.topic('articles')]);
  await admin.disconnect();
  const follower = await follow();
  await until(() => follower.stopped().length > 0);
  await topics.send('feed', 1, {});
  await until(() => written(1).length === 1);
  expect(follower.stopped()).toMatchObject([first]);
  expect(follower.stopped()[0]?.reason).toMatch(/Delete the topic/);
  expect(written()).toEqual(positions(2));
});

test.each(['while it is followed', 'while nobody follows'])(
  'a topic that was deleted and made anew %s is written from the beginning of the feed',
  async (when) => {
    await topics.send('feed', 0, ...events(3));
    const follower = await follow();
    await until(() => written().length === 3);
    if (when !== 'while it is followed') await follower.stop();
    const admin = topics.broker.kafka.admin();
    await admin.connect();
    const topic = topics.broker.topic('articles');
    await admin.deleteTopics({ topics: [topic] });
    while (!(await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] }).catch(() => false)));
    await admin.disconnect();
    await topics.send('feed', 0, {});
    if (when !== 'while it is followed') await follow();
    await articles.close();
    articles = await readAsOutsider(topics.broker, 'articles');
    await until(() => written().length === 4);
    expect(written()).toEqual(positions(4));
  },
);
