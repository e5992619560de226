import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Follower, startFollower } from '#messaging';
import { createTestTopics, type TestTopics } from '#testing';
import { type Outside, readAsOutsider, type Seen } from './outside.ts';
import { until } from './shelf.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
let topics: TestTopics;
let follower: Follower;
const outside: Outside[] = [];

beforeAll(async () => {
  topics = await createTestTopics(['feed', 'articles']);
  follower = await startFollower({ broker: topics.broker });
});
afterAll(async () => {
  await follower.stop();
  await Promise.all(outside.map((one) => one.close()));
  await topics.close();
});

async function read(topic: string): Promise<Outside> {
  const reader = await readAsOutsider(topics.broker, topic);
  outside.push(reader);
  return reader;
}

test('whoever reads articles to its end at any moment and goes on in the feed has the newest item of each and misses none', async () => {
  let sent = 0;
  const send = async (count: number) => {
    for (let at = 0; at < count; at++) {
      const key = ids[sent % ids.length] ?? '';
      await topics.send('feed', 0, { key, payload: JSON.stringify({ number: (sent += 1) }) });
      await pause(2);
    }
  };
  await send(60);
  const sending = send(150);
  // The end of the topic as it is now; the feed is ahead of it, and both go on.
  const articles = await read('articles');
  await until(() => articles.seen.length >= 60);
  const snapshot = [...articles.seen];
  const from = Math.max(...snapshot.map(({ attributes }) => Number(attributes.feedoffset))) + 1;
  const feed = await read('feed');
  await sending;
  const followed = () => feed.seen.filter(({ offset }) => offset >= from);
  await until(() => followed().some(({ data }) => (data as { number: number }).number === sent));

  const numbers = (seen: readonly Seen[]) => seen.map(({ data }) => (data as { number: number }).number);
  expect(numbers(followed())[0]).toBe(Math.max(...numbers(snapshot)) + 1);
  const newest = new Map<string, number>();
  for (const { key, data } of [...snapshot, ...followed()]) newest.set(key, (data as { number: number }).number);
  expect([...newest.values()].toSorted((a, b) => a - b)).toEqual([206, 207, 208, 209, 210]);
  expect([...numbers(snapshot), ...numbers(followed())]).toEqual(Array.from({ length: sent }, (_, at) => at + 1));
});
