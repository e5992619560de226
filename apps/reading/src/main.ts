import 'reflect-metadata';
import { runService } from '#platform';
import { openReadModels } from './open-read-models.ts';
import { ReadingModule } from './reading.module.ts';

await runService({
  name: 'reading',
  module: ReadingModule,
  title: 'Stet reading',
  description: 'Pages, boards, queues and histories, each computed from events, and as new as a query asks for.',
  open: openReadModels,
});
