import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Consumer, type ConsumerOptions, startConsumer } from '#messaging';
import { createTestTopics, type TestTopics } from '#testing';
import { events, positions, Shelf, until } from './shelf.ts';

const topic = 'drafting';
const first = { topic, partition: 0 };
const second = { topic, partition: 1 };
let topics: TestTopics;
let shelf: Shelf;
let consumers: Consumer[] = [];

async function read(options: Partial<ConsumerOptions> = {}): Promise<Consumer> {
  const consumer = await startConsumer({
    broker: topics.broker,
    group: 'reading',
    topics: [topic],
    checkpoints: shelf,
    handle: (batch) => Promise.resolve(shelf.apply(batch)),
    onStopped: () => undefined,
    ...options,
  });
  consumers.push(consumer);
  return consumer;
}

beforeEach(async () => {
  topics = await createTestTopics([topic], { partitions: 2 });
  shelf = new Shelf();
});
afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  consumers = [];
  await topics.close();
});

test('what was there before and what comes while it runs is applied once and in order; another run goes on after it', async () => {
  await topics.send(topic, 0, ...events(2500));
  const consumer = await read();
  await topics.send(topic, 1, ...events(3));
  await until(() => shelf.read(first).length + shelf.read(second).length >= 2503);
  await topics.send(topic, 0, {});
  await until(() => shelf.read(first).length > 2500);
  expect(consumer.lag()).toBe(0);
  await consumer.stop();
  await topics.send(topic, 0, {}, {});
  await read();
  await until(() => shelf.read(first).length > 2502);
  expect(shelf.read(first)).toEqual(positions(2503));
  expect(shelf.read(second)).toEqual(positions(3));
});
