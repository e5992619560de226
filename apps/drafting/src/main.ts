import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { EventStore } from '#event-store';
import { connectKafka, ensureTopics, startRelay, type TopicDeclaration } from '#messaging';
import { runService } from '#platform';
import { kafkaConnection, readSettings } from '#settings';
import { DraftingModule } from './drafting.module.ts';

const topics = new URL('../../../infra/kafka/topics.json', import.meta.url);

await runService({
  name: 'drafting',
  module: DraftingModule,
  title: 'Stet drafting',
  description: 'Articles, from the first word to their approval.',
  async open({ env, log, operations }) {
    const { DATABASE_URL: connectionString } = readSettings(env, ['DATABASE_URL']);
    const store = await EventStore.open({ connectionString, service: 'drafting' });
    operations.onStop('log', () => store.close());
    operations.ready('postgres', () => store.ready());
    operations.gauge('stet_command_queue', 'Commands that wait for the log or are in it.', () => store.queueDepth);
    const { tls, ...kafka } = kafkaConnection(env);
    const broker = connectKafka({
      ...kafka,
      clientId: 'stet-drafting',
      ...(tls && { tls: tls.ca === undefined ? true : { ca: tls.ca } }),
      log: (level, text, details) => {
        log[level](details, text);
      },
    });
    const declared = JSON.parse(readFileSync(topics, 'utf8')) as TopicDeclaration[];
    await ensureTopics(broker, declared, { partitions: store.shards });
    const relay = startRelay({ broker, store });
    operations.onStop('relay', () => relay.stop());
    return [{ provide: EventStore, useValue: store }];
  },
});
