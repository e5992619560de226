import { readFileSync } from 'node:fs';
import { type Broker, connectKafka, ensureTopics, type TopicDeclaration } from '#messaging';
import { kafkaConnection } from '#settings';
import { NotReady } from './operations.ts';
import type { Ground } from './service.ts';

const declared = new URL('../../../infra/kafka/topics.json', import.meta.url);

/** The cluster that the settings name, with all topics as infra/kafka/topics.json declares them. The service is ready while it has them. */
export async function openKafka({ env, log, operations }: Ground, client: string, shards: number): Promise<Broker> {
  const { tls, ...connection } = kafkaConnection(env);
  const broker = connectKafka({
    ...connection,
    clientId: `stet-${client}`,
    ...(tls && { tls: tls.ca === undefined ? true : { ca: tls.ca } }),
    log: (level, text, details) => {
      log[level](details, text);
    },
  });
  const topics = JSON.parse(readFileSync(declared, 'utf8')) as TopicDeclaration[];
  await ensureTopics(broker, topics, { partitions: shards });
  const names = topics.map(({ name }) => broker.topic(name));
  operations.ready('kafka', async () => {
    // A client of its own each time: one that has lost its cluster may wait for ever, or believe for minutes that nobody is there.
    const admin = broker.kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      const there = new Set(await admin.listTopics());
      const missing = names.filter((name) => !there.has(name));
      if (missing.length > 0)
        throw new NotReady(
          `${missing.join(', ')}: deleted. Restart a service: it makes what is missing anew, and the relays send again what was there.`,
        );
    } finally {
      void admin.disconnect().catch(() => undefined);
    }
  });
  return broker;
}
