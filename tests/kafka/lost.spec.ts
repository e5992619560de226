import { expect, test } from '@jest/globals';
import { bench, first, second, topic } from './reading.ts';
import { events, positions, until } from './shelf.ts';

const on = bench();

/** Somebody's hand in the cluster. */
async function asAdmin(
  work: (admin: ReturnType<typeof on.topics.broker.kafka.admin>, name: string) => Promise<unknown>,
) {
  const { broker } = on.topics;
  const admin = broker.kafka.admin();
  await admin.connect();
  await work(admin, broker.topic(topic));
  await admin.disconnect();
}

const remade = () =>
  asAdmin(async (admin, name) => {
    await admin.deleteTopics({ topics: [name] });
    while (!(await admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }] }).catch(() => false)));
  });
const at = (position: number) => ({ position: BigInt(position), previousPosition: BigInt(position - 1) });

test('records that are deleted before they were read stop their partition, which says what to do, and goes on when that is done', async () => {
  await on.topics.send(topic, 0, ...events(6));
  await on.topics.send(topic, 1, ...events(3));
  on.shelf.set(first, { logId: on.topics.logId, nextOffset: '2', lastPosition: 2n });
  await asAdmin(async (admin, name) => {
    // kafkajs deletes only in topics that it has met.
    await admin.fetchTopicOffsets(name);
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '4' }] });
  });
  const consumer = await on.read();
  await until(() => consumer.stopped().length > 0 && on.shelf.read(second).length === 3);
  expect(consumer.stopped()).toMatchObject([first]);
  expect(consumer.stopped()[0]?.reason).toMatch(
    /position 5 says that it follows 4, but the last one read is 2: messages are missing\. Let the relay send them again \(npm run stet -- resend drafting 0 2\)/,
  );
  expect(on.shelf.read(first)).toEqual([]);
  await on.topics.send(topic, 0, at(3), at(4), at(5), at(6), at(7));
  await until(() => on.shelf.read(first).length === 5);
  expect(on.shelf.read(first)).toEqual([3n, 4n, 5n, 6n, 7n]);
  expect(consumer.stopped()).toEqual([]);
});

test('whoever reads from the beginning of a topic that has lost it goes on where it was sent again', async () => {
  const told: string[] = [];
  await on.topics.send(topic, 0, at(5), at(6), at(7), ...[1, 2, 3, 4, 5, 6, 7].map(at), at(8));
  const consumer = await on.read({ onStopped: (_place, reason) => told.push(reason) });
  await until(() => on.shelf.read(first).length === 8);
  expect(on.shelf.read(first)).toEqual(positions(8));
  expect([told, consumer.stopped()]).toEqual([[], []]);
});

test('a topic that was made anew is read on if nothing is missing; if something is, its partition stops', async () => {
  await on.topics.send(topic, 0, ...events(3));
  await on.topics.send(topic, 1, ...events(3));
  const before = await on.read();
  await until(() => on.shelf.read(first).length === 3 && on.shelf.read(second).length === 3);
  await before.stop();
  await on.topics.send(topic, 1, {});
  await remade();
  await on.topics.send(topic, 0, {});
  await on.topics.send(topic, 1, {});
  const consumer = await on.read();
  await until(() => on.shelf.read(first).length === 4 && consumer.stopped().length > 0);
  expect(on.shelf.read(first)).toEqual(positions(4));
  expect(consumer.stopped()).toMatchObject([second]);
  expect(consumer.stopped()[0]?.reason).toContain('the last one read is 3: messages are missing');
  expect(on.shelf.read(second)).toEqual(positions(3));
});

test('what is missing is found where it lies before the checkpoint, in a topic that was made anew and sent again', async () => {
  // It had repeats, and has none now: what follows lies at a lower offset than what was read.
  await on.topics.send(topic, 0, at(1), at(2), at(1), at(2), at(3));
  const before = await on.read();
  await until(() => on.shelf.read(first).length === 3);
  await before.stop();
  await remade();
  await on.topics.send(topic, 0, ...[1, 2, 3, 4, 5, 6, 7].map(at));
  const consumer = await on.read();
  await until(() => on.shelf.read(first).length === 7);
  expect(on.shelf.read(first)).toEqual(positions(7));
  expect(consumer.stopped()).toEqual([]);
});
