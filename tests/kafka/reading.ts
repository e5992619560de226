import { afterEach, beforeEach } from '@jest/globals';
import { type Consumer, type ConsumerOptions, startConsumer } from '#messaging';
import { createTestTopics, type TestTopics } from '#testing';
import { Shelf } from './shelf.ts';

export const topic = 'drafting';
export const first = { topic, partition: 0 };
export const second = { topic, partition: 1 };

export interface Bench {
  readonly topics: TestTopics;
  readonly shelf: Shelf;
  /** Starts a consumer that writes to the shelf, of one group unless told; it is stopped behind the test. */
  read(options?: Partial<ConsumerOptions>): Promise<Consumer>;
}

/** For each test of a file a topic of two partitions, and somewhere to write what is read. `release` lets go of what a failed test holds. */
export function bench(release: () => void = () => undefined): Bench {
  let made: { topics: TestTopics; shelf: Shelf } | undefined;
  let consumers: Consumer[] = [];
  const current = () => {
    if (!made) throw new Error('There is a bench within a test only.');
    return made;
  };
  beforeEach(async () => {
    made = { topics: await createTestTopics([topic], { partitions: 2 }), shelf: new Shelf() };
  });
  afterEach(async () => {
    release();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    consumers = [];
    await current().topics.close();
  });
  return {
    get topics() {
      return current().topics;
    },
    get shelf() {
      return current().shelf;
    },
    async read(options) {
      const { topics, shelf } = current();
      const consumer = await startConsumer({
        ...{ broker: topics.broker, group: 'reading', topics: [topic], checkpoints: shelf },
        handle: (batch) => Promise.resolve(shelf.apply(batch)),
        onStopped: () => undefined,
        ...options,
      });
      consumers.push(consumer);
      return consumer;
    },
  };
}
