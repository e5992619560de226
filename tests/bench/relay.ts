import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type ProducerBatch } from 'kafkajs';
import pg from 'pg';
import type { EventStore } from '#event-store';
import { type Broker, connectKafka, ensureTopics, startRelay } from '#messaging';
import { withOwnLog } from './database.ts';
import { type Figure, held, inTurns, type Scale } from './figures.ts';
import { each } from './load.ts';
import { drafted, write } from './seeding.ts';
import type { System } from './system.ts';

const eventsOfAnArticle = 20;

interface Sent {
  readonly batch: ProducerBatch;
  readonly at: number;
}
/** The same cluster, which tells what was sent through it, as soon as it is acknowledged. */
function overheard(broker: Broker, acknowledged: (sent: Sent) => void): Broker {
  return {
    ...broker,
    client(limits) {
      const kafka = broker.client(limits);
      const producer: Kafka['producer'] = (config) => {
        const made = kafka.producer(config);
        return {
          ...made,
          async sendBatch(batch) {
            const answer = await made.sendBatch(batch);
            acknowledged({ batch, at: performance.now() });
            return answer;
          },
        };
      };
      return Object.assign(Object.create(kafka) as Kafka, { producer });
    },
  };
}

const messagesIn = (sent: readonly ProducerBatch[]) =>
  sent.flatMap(({ topicMessages = [] }) => topicMessages).reduce((sum, { messages }) => sum + messages.length, 0);
/** From the acknowledgement of the first batch to that of the last: with neither connecting nor waiting in it. */
const perSecond = (all: readonly Sent[]) => {
  const [first, last] = [all[0]?.at ?? 0, all.at(-1)?.at ?? 0];
  return (messagesIn(all.slice(1).map(({ batch }) => batch)) * 1000) / (last - first);
};

async function fromTheStart(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query('update drafting.relay_cursor set position = 0');
  await admin.end();
}

/** The whole log, from its start, through the relay of a service. */
async function relayed(store: EventStore, broker: Broker, events: number): Promise<Sent[]> {
  const all: Sent[] = [];
  const done = Promise.withResolvers<undefined>();
  const relay = startRelay({
    store,
    broker: overheard(broker, (sent) => {
      all.push(sent);
      if (messagesIn(all.map(({ batch }) => batch)) >= events) done.resolve(undefined);
    }),
  });
  await done.promise;
  await relay.stop();
  return all;
}

/** The very batches, one after the other, through a producer as kafkajs makes it. */
async function produced(kafka: Kafka, topic: string, batches: readonly ProducerBatch[]): Promise<Sent[]> {
  const producer = kafka.producer();
  await producer.connect();
  const all: Sent[] = [];
  for (const batch of batches) {
    const topicMessages = (batch.topicMessages ?? []).map(({ messages }) => ({ topic, messages }));
    await producer.sendBatch({ topicMessages, acks: -1 });
    all.push({ batch, at: performance.now() });
  }
  await producer.disconnect();
  return all;
}

export const relay = ({ stack }: System, scale: Scale): Promise<Figure[]> =>
  withOwnLog(stack.adminUrl, async ({ store, url }) => {
    const topicPrefix = `bench-${randomUUID()}`;
    const broker = connectKafka({ brokers: stack.brokers.split(','), clientId: 'bench', topicPrefix });
    const config = { 'max.message.bytes': '8388608' };
    const topics = ['drafting', 'bare'].map((name) => ({ name, partitions: 1, config }));
    await ensureTopics(broker, topics, { partitions: 1 });
    const articles = Math.ceil((50_000 * scale.share) / eventsOfAnArticle);
    await each(20, Array.from({ length: articles }), () => write(store, drafted));
    const kafka = new Kafka({ brokers: stack.brokers.split(','), logLevel: logLevel.NOTHING });
    let batches: ProducerBatch[] = [];
    const measured = await inTurns(scale, {
      own: async () => {
        await fromTheStart(url);
        const sent = await relayed(store, broker, articles * eventsOfAnArticle);
        batches = sent.map(({ batch }) => batch);
        return perSecond(sent);
      },
      bare: async () => perSecond(await produced(kafka, broker.topic('bare'), batches)),
    });
    const name = 'relay; beside a kafkajs producer sending the same batches';
    return [{ name, unit: 'events/s', ...held(measured.own, measured.bare), aims: { ratio: { least: 0.7 } } }];
  });
