import 'reflect-metadata';
import { runWriteService } from '#platform';
import { readSettings } from '#settings';
import { onArticleApproved } from './on-article-approved.ts';
import { onClearanceStopped } from './on-clearance-stopped.ts';
import { onCorrectionApproved } from './on-correction-approved.ts';
import { PublicationModule } from './publication.module.ts';
import { Paper } from './publication/paper.ts';

await runWriteService({
  name: 'publication',
  module: PublicationModule,
  title: 'Stet publication',
  description:
    'What goes out, in which edition, corrected or taken down: from the approval to the feed that outsiders read.',
  publicTopic: 'feed',
  reactions: [onArticleApproved, onClearanceStopped, onCorrectionApproved],
  provide: ({ env }) => [{ provide: Paper, useValue: new Paper(readSettings(env, ['PAPER']).PAPER) }],
});
