import type { ArticleEvent } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';

type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' }>['data'];

/**
 * What was begun from an article hears that it was killed, and a translation that its original was corrected. It is heard from the
 * article's own log, behind everything that was begun from it; from what is killed, nothing begins.
 */
export const onOriginChanged: Reaction = {
  name: 'on-origin-changed',
  topic: 'drafting',
  on: {
    PublicationRecorded: async ({ data }: Incoming, store: EventStore) => {
      const { articleId, event, state, by } = data as Recorded;
      const killed = event === 'ArticleKilled' && state === 'killed';
      if (!killed && event !== 'ArticleCorrected') return [];
      const { descendants = [] } = (await store.load(articleLog, articleId)).state;
      return descendants
        .filter(({ as }) => killed || as === 'translation-of')
        .map(({ id }) => step(articleLog, id, { type: 'origin-changed', data: { by, killed } }));
    },
  },
};
