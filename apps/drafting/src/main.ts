import 'reflect-metadata';
import { EventStore } from '#event-store';
import { runService } from '#platform';
import { readSettings } from '#settings';
import { DraftingModule } from './drafting.module.ts';

await runService({
  name: 'drafting',
  module: DraftingModule,
  title: 'Stet drafting',
  description: 'Articles, from the first word to their approval.',
  async open({ env, operations }) {
    const { DATABASE_URL: connectionString } = readSettings(env, ['DATABASE_URL']);
    const store = await EventStore.open({ connectionString, service: 'drafting' });
    operations.onStop('log', () => store.close());
    operations.ready('postgres', () => store.ready());
    operations.gauge('stet_command_queue', 'Commands that wait for the log or are in it.', () => store.queueDepth);
    return [{ provide: EventStore, useValue: store }];
  },
});
