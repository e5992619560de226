import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Broker,
  connectKafka,
  type Departing,
  ensureTopics,
  type Log,
  toKafka,
  type TopicDeclaration,
} from '#messaging';

const declared = JSON.parse(
  readFileSync(new URL('../../../infra/kafka/topics.json', import.meta.url), 'utf8'),
) as TopicDeclaration[];
// What events say of their time may be long ago, and a broker deletes by that.
const kept = { 'retention.ms': '-1' };

export interface TestTopics {
  readonly broker: Broker;
  readonly logId: string;
  /** Sends to one partition, in this order. What is left out of an event is made up; positions go on from the last one sent there. */
  send(topic: string, partition: number, ...events: Partial<Departing>[]): Promise<void>;
  /** Sends something that need not be an event. */
  sendRaw(topic: string, partition: number, value: string | null): Promise<void>;
  /** Removes the topics. */
  close(): Promise<void>;
}

/** Topics of the test's own, set as infra/kafka/topics.json declares those of these names, in the cluster that STET_TEST_KAFKA_BROKERS names. */
export async function createTestTopics(
  names: readonly string[],
  options: { partitions?: number; log?: Log } = {},
): Promise<TestTopics> {
  const { partitions = 1, log } = options;
  const brokers = process.env.STET_TEST_KAFKA_BROKERS;
  if (!brokers) throw new Error('STET_TEST_KAFKA_BROKERS names the Kafka cluster that tests may make topics in.');
  const topicPrefix = `test-${randomUUID().slice(0, 8)}`;
  const broker = connectKafka({ brokers: brokers.split(','), clientId: 'test', topicPrefix, ...(log && { log }) });
  await ensureTopics(
    broker,
    names.map((name) => ({
      ...{ name, partitions },
      config: declared.find((one) => one.name === name)?.config ?? kept,
    })),
    { partitions },
  );
  const producer = broker.kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  await producer.connect();
  const logId = randomUUID();
  const last = new Map<string, bigint>();

  function complete(topic: string, partition: number, given: Partial<Departing>): Departing {
    const lane = `${topic}/${partition}`;
    const previousPosition = given.previousPosition ?? last.get(lane) ?? 0n;
    const position = given.position ?? previousPosition + 1n;
    last.set(lane, position);
    const id = randomUUID();
    return {
      ...{ partition, id, position, previousPosition, logId, key: `key-${partition}`, source: `/stet/${topic}` },
      ...{ type: 'ThingHappened', version: 1, sequence: 1, subject: id, correlationId: id, causationId: undefined },
      ...{ traceparent: undefined, recordedAt: '2026-01-01T00:00:00.000000Z', payload: '{}' },
      ...given,
    };
  }

  return {
    broker,
    logId,
    async send(topic, partition, ...events) {
      const messages = events.map((event) => toKafka(complete(topic, partition, event)));
      await producer.send({ topic: broker.topic(topic), messages });
    },
    async sendRaw(topic, partition, value) {
      await producer.send({ topic: broker.topic(topic), messages: [{ partition, value }] });
    },
    async close() {
      await producer.disconnect();
      const admin = broker.kafka.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: names.map((name) => broker.topic(name)) });
      await admin.disconnect();
    },
  };
}
