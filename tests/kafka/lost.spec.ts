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

test('records that are deleted before they were read stop their partition, which says what to do; nothing is skipped', async () => {
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
    /position 5 says that it follows 4, but the last one read is 2: messages are missing\. Let the relay send them again \(npm run stet -- resend drafting 0 2\), .* restart this reader/,
  );
  expect(on.shelf.read(first)).toEqual([]);
});

test('a topic that was made anew is read on if nothing is missing; if something is, its partition stops', async () => {
  await on.topics.send(topic, 0, ...events(3));
  await on.topics.send(topic, 1, ...events(3));
  const before = await on.read();
  await until(() => on.shelf.read(first).length === 3 && on.shelf.read(second).length === 3);
  await before.stop();
  await on.topics.send(topic, 1, {});
  await asAdmin(async (admin, name) => {
    await admin.deleteTopics({ topics: [name] });
    while (!(await admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }] }).catch(() => false)));
  });
  await on.topics.send(topic, 0, {});
  await on.topics.send(topic, 1, {});
  const consumer = await on.read();
  await until(() => on.shelf.read(first).length === 4 && consumer.stopped().length > 0);
  expect(on.shelf.read(first)).toEqual(positions(4));
  expect(consumer.stopped()).toMatchObject([second]);
  expect(consumer.stopped()[0]?.reason).toContain('the last one read is 3: messages are missing');
  expect(on.shelf.read(second)).toEqual(positions(3));
});
