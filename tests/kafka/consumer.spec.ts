import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { bench, first, second, topic } from './reading.ts';
import { events, positions, until } from './shelf.ts';

const on = bench();

test('what was there before and what comes while it runs is applied once and in order; another run goes on after it', async () => {
  await on.topics.send(topic, 0, ...events(2500));
  const consumer = await on.read();
  await on.topics.send(topic, 1, ...events(3));
  await until(() => on.shelf.read(first).length + on.shelf.read(second).length >= 2503);
  await on.topics.send(topic, 0, {});
  await until(() => on.shelf.read(first).length > 2500);
  expect(consumer.lag()).toBe(0);
  await consumer.stop();
  await on.topics.send(topic, 0, {}, {});
  await on.read();
  await until(() => on.shelf.read(first).length > 2502);
  expect(on.shelf.read(first)).toEqual(positions(2503));
  expect(on.shelf.read(second)).toEqual(positions(3));
});

test('a connection on which nothing waits to be sent is not looked at again and again', async () => {
  await on.read();
  const timers = jest.spyOn(globalThis, 'setTimeout');
  await pause(500);
  const { length } = timers.mock.calls;
  timers.mockRestore();
  expect(length).toBeLessThan(30);
});

test('a relay that repeats, and one that slept and sends again what is long past, are not heard twice', async () => {
  const at = (position: number) => ({ position: BigInt(position), previousPosition: BigInt(position - 1) });
  const told: string[] = [];
  await on.topics.send(topic, 0, at(1), at(2), at(3), at(2), at(3), at(4), at(2), at(3));
  await on.read({ onStopped: (_place, reason) => told.push(reason) });
  await until(() => on.shelf.read(first).length === 4);
  await on.topics.send(topic, 0, at(1), at(2));
  await on.topics.send(topic, 0, at(3), at(4), at(5));
  await on.topics.send(topic, 0, at(5), at(6));
  await until(() => on.shelf.read(first).includes(6n));
  expect(on.shelf.read(first)).toEqual(positions(6));
  expect(told).toEqual([]);
});

const misfits = [
  {
    what: 'a gap',
    send: () => on.topics.send(topic, 0, { position: 9n, previousPosition: 7n }),
    says: /position 9 says that it follows 7, but the last one read is 3.*resend drafting 0 3/,
  },
  {
    what: 'another log',
    send: () => on.topics.send(topic, 0, { logId: randomUUID() }),
    says: /another log begins.*build anew/,
  },
  {
    what: 'another log whose positions look like repeats',
    send: () => on.topics.send(topic, 0, { logId: randomUUID(), position: 1n, previousPosition: 0n }),
    says: /another log begins/,
  },
  {
    what: 'a message that cannot be read',
    send: () => on.topics.sendRaw(topic, 0, 'no event at all'),
    says: /At offset 3 there is a message that cannot be read.*Nobody but the relay/,
  },
];
test.each(misfits)(
  '$what stops its partition loudly after all that came before it; the others go on',
  async (misfit) => {
    const told: string[] = [];
    await on.topics.send(topic, 0, ...events(3));
    await misfit.send();
    await on.topics.send(topic, 0, {});
    const consumer = await on.read({ onStopped: (_place, reason) => told.push(reason) });
    await until(() => consumer.stopped().length > 0);
    await on.topics.send(topic, 1, ...events(5));
    await until(() => on.shelf.read(second).length === 5);
    expect(on.shelf.read(first)).toEqual(positions(3));
    expect(told).toEqual([expect.stringMatching(misfit.says)]);
    expect(consumer.stopped()).toEqual([{ ...first, reason: told[0] }]);
  },
);

test('a batch that fails comes again, for as long as it fails; the other partitions go on meanwhile', async () => {
  let failing = true;
  let attempts = 0;
  await on.read({
    handle(batch) {
      if (batch.partition === 0) attempts += 1;
      return batch.partition === 0 && failing
        ? Promise.reject(new Error('the database is away'))
        : Promise.resolve(on.shelf.apply(batch));
    },
  });
  await on.topics.send(topic, 0, ...events(2));
  await until(() => attempts > 1);
  await on.topics.send(topic, 1, ...events(2));
  await until(() => on.shelf.read(second).length === 2 && attempts > 2);
  failing = false;
  await until(() => on.shelf.read(first).length === 2);
  expect(on.shelf.read(first)).toEqual(positions(2));
});

test('an answer that was lost after the commit is no second application', async () => {
  let lose = true;
  await on.read({
    handle(batch) {
      const outcome = on.shelf.apply(batch);
      if (!lose) return Promise.resolve(outcome);
      lose = false;
      return Promise.reject(new Error('the connection broke'));
    },
  });
  await on.topics.send(topic, 0, ...events(3));
  await until(() => on.shelf.read(first).length === 3);
  await on.topics.send(topic, 0, {});
  await until(() => on.shelf.read(first).length > 3);
  expect(on.shelf.read(first)).toEqual(positions(4));
});

test('checkpoints that cannot be read yet are asked for again', async () => {
  let refusals = 2;
  await on.topics.send(topic, 0, {});
  await on.read({
    checkpoints: {
      load: (name, partition) =>
        refusals-- > 0 ? Promise.reject(new Error('the database starts')) : on.shelf.load(name, partition),
    },
  });
  await until(() => on.shelf.read(first).length === 1);
  expect(refusals).toBeLessThanOrEqual(0);
});

test('a partition whose checkpoint was changed on purpose goes on from there, stopped or not, between two batches', async () => {
  await on.topics.send(topic, 0, ...events(3), { position: 7n, previousPosition: 6n }, {});
  let changed = false;
  const consumer = await on.read({
    between(place) {
      if (changed || place.partition !== 0 || consumer.stopped().length === 0) return Promise.resolve();
      changed = true;
      on.shelf.set(first, { logId: on.topics.logId, nextOffset: '3', lastPosition: 6n });
      consumer.reload(place);
      return Promise.resolve();
    },
  });
  await until(() => on.shelf.read(first).length === 5);
  expect(on.shelf.read(first)).toEqual([1n, 2n, 3n, 7n, 8n]);
  expect(consumer.stopped()).toEqual([]);
});
