import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Checkpoint } from '#messaging';
import { bench, first, second, topic } from './reading.ts';
import { events, holds, positions, until } from './shelf.ts';

let atEnd: () => void = () => undefined;
// A reader is stopped when what it handles has ended.
const on = bench(() => {
  atEnd();
});

test('a first fetch from the wrong offset is seen, and fetched again from the checkpoint', async () => {
  await on.topics.send(topic, 0, ...events(6));
  let asked = 0;
  const astray: Checkpoint = { logId: on.topics.logId, nextOffset: '4', lastPosition: 2n };
  const right: Checkpoint = { logId: on.topics.logId, nextOffset: '2', lastPosition: 2n };
  on.shelf.set(first, right);
  const consumer = await on.read({
    checkpoints: {
      async load(name, partition) {
        return partition === 0 && asked++ === 0 ? astray : on.shelf.load(name, partition);
      },
    },
  });
  await until(() => on.shelf.read(first).length === 4);
  expect(on.shelf.read(first)).toEqual([3n, 4n, 5n, 6n]);
  expect(consumer.stopped()).toEqual([]);
});

test('what Kafka takes for the offset of the group plays no part', async () => {
  await on.topics.send(topic, 0, ...events(6));
  const { broker } = on.topics;
  const admin = broker.kafka.admin();
  await admin.connect();
  const partitions = [{ partition: 0, offset: '5' }];
  await admin.setOffsets({ groupId: broker.topic('reading'), topic: broker.topic(topic), partitions });
  await admin.disconnect();
  const consumer = await on.read();
  await until(() => on.shelf.read(first).length === 6);
  expect(on.shelf.read(first)).toEqual(positions(6));
  expect(consumer.stopped()).toEqual([]);
});

test('a checkpoint behind the end of its topic stops nothing and skips nothing', async () => {
  await on.topics.send(topic, 0, ...events(3));
  on.shelf.set(first, { logId: on.topics.logId, nextOffset: '40', lastPosition: 2n });
  await on.read();
  await until(() => on.shelf.read(first).length === 1);
  await on.topics.send(topic, 0, {});
  await until(() => on.shelf.read(first).length === 2);
  expect(on.shelf.read(first)).toEqual([3n, 4n]);
});

test('a reader that hangs in a batch is replaced; when it comes to itself, nothing that it does counts', async () => {
  const hanging = Promise.withResolvers<undefined>();
  atEnd = () => {
    hanging.resolve(undefined);
  };
  let late: string | undefined;
  let hung = 0;
  const sleeper = await on.read({
    async handle(batch) {
      if (batch.partition === 0 && hung++ === 0) {
        await hanging.promise;
        return (late = on.shelf.apply(batch));
      }
      return on.shelf.apply(batch);
    },
  });
  await on.topics.send(topic, 0, ...events(4));
  await until(() => hung > 0);
  const other = await on.read();
  await until(() => on.shelf.read(first).length === 4);
  await on.topics.send(topic, 0, {});
  hanging.resolve(undefined);
  await until(() => on.shelf.read(first).length === 5 && late !== undefined);
  await until(() => sleeper.assigned().length === 1 && other.assigned().length === 1);
  await on.topics.send(topic, 0, {});
  await on.topics.send(topic, 1, {});
  await until(() => on.shelf.read(first).length === 6 && on.shelf.read(second).length === 1);
  expect(late).toBe('lost');
  expect(on.shelf.read(first)).toEqual(positions(6));
  expect([...sleeper.stopped(), ...other.stopped()]).toEqual([]);
});

test('readers that come and go while messages arrive lose and double nothing', async () => {
  const steady = await on.read();
  let sent = 0;
  const calm = new AbortController();
  atEnd = () => {
    calm.abort();
  };
  const stormy = () => !calm.signal.aborted || sent < 200;
  const sending = (async () => {
    while (stormy()) {
      await Promise.all([on.topics.send(topic, 0, {}, {}), on.topics.send(topic, 1, {}, {})]);
      sent += 2;
      await pause(5);
    }
  })();
  for (let round = 0; round < 4; round++) {
    const visitor = await on.read();
    await until(() => visitor.assigned().length === 1 && steady.assigned().length === 1);
    await visitor.stop();
    await until(() => steady.assigned().length === 2);
  }
  calm.abort();
  await sending;
  await until(() => on.shelf.read(first).length >= sent && on.shelf.read(second).length >= sent);
  expect(on.shelf.read(first)).toEqual(positions(sent));
  expect(on.shelf.read(second)).toEqual(positions(sent));
  expect(steady.stopped()).toEqual([]);
});

test('a checkpoint that somebody else moves twice in a row stops its partition loudly', async () => {
  await on.topics.send(topic, 0, {});
  const consumer = await on.read({ handle: () => Promise.resolve('lost') });
  await until(() => consumer.stopped().length > 0);
  expect(consumer.stopped()).toMatchObject([first]);
  expect(consumer.stopped()[0]?.reason).toContain('moved by somebody else');
  expect(holds(consumer, first)).toBe(true);
});
