import 'reflect-metadata';
import { startFollower } from '#messaging';
import { NotReady, runWriteService } from '#platform';
import { readSettings } from '#settings';
import { onArticleApproved } from './on-article-approved.ts';
import { onClearanceStopped } from './on-clearance-stopped.ts';
import { onCorrectionApproved } from './on-correction-approved.ts';
import { onReleaseConditionsSet } from './on-release-conditions-set.ts';
import { timedPublications } from './originals.ts';
import { PublicationModule } from './publication.module.ts';
import { Paper } from './publication/paper.ts';

await runWriteService({
  name: 'publication',
  module: PublicationModule,
  title: 'Stet publication',
  description:
    'What goes out, in which edition, corrected, held or taken down: from the approval to the feed that outsiders read.',
  publicTopic: 'feed',
  reactions: [onArticleApproved, onClearanceStopped, onCorrectionApproved, onReleaseConditionsSet],
  timed: [timedPublications],
  provide: ({ env }) => [{ provide: Paper, useValue: new Paper(readSettings(env, ['PAPER']).PAPER) }],
  // The compacted topic of the newest items is written here, from the feed as all the world reads it.
  async beside({ broker, operations }) {
    const follower = await startFollower({ broker });
    operations.onStop('follower', () => follower.stop());
    operations.gauge('stet_articles_lag_messages', 'Items of the feed not yet in the topic of the newest.', () =>
      follower.lag(),
    );
    operations.gauge(
      'stet_articles_stopped_partitions',
      'Partitions of the feed that stand still on the way there.',
      () => follower.stopped().length,
    );
    operations.ready('articles', () => {
      const [stopped] = follower.stopped();
      if (stopped) return Promise.reject(new NotReady(`${stopped.topic}/${stopped.partition} ${stopped.reason}`));
      return Promise.resolve({ lag: follower.lag() });
    });
  },
});
