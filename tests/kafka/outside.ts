import { randomUUID } from 'node:crypto';
import type { Broker } from '#messaging';

export interface Seen {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: unknown;
}
export interface Outside {
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** Somebody else's reader: nothing but kafkajs and the headers. It sees committed records only, as is Kafka's and kafkajs' default. */
export async function readAsOutsider(broker: Broker, topic: string): Promise<Outside> {
  const seen: Seen[] = [];
  const consumer = broker.kafka.consumer({ groupId: `outside-${randomUUID()}`, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: [broker.topic(topic)], fromBeginning: true });
  await consumer.run({
    eachMessage({ partition, message }) {
      const headers = Object.entries(message.headers ?? {}).filter(([name]) => name.startsWith('ce_'));
      seen.push({
        ...{ partition, offset: Number(message.offset), key: String(message.key) },
        attributes: Object.fromEntries(headers.map(([name, value]) => [name.slice(3), String(value)])),
        data: JSON.parse(String(message.value)) as unknown,
      });
      return Promise.resolve();
    },
  });
  return { seen, close: () => consumer.disconnect() };
}
