import type { ArticleEvent } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';
import { beginningOf } from './article/lineage.ts';

type Started = Extract<ArticleEvent, { type: 'DescendantStarted' }>['data'];

/** A descendant is begun where whoever asked for it did not live to do so; else it finds it there. */
export const onDescendantStarted: Reaction = {
  name: 'on-descendant-started',
  topic: 'drafting',
  on: {
    DescendantStarted: async ({ data }: Incoming, store: EventStore) => {
      const { articleId, descendantId } = data as Started;
      const { state } = await store.load(articleLog, articleId);
      return [step(articleLog, descendantId, beginningOf(state, descendantId))];
    },
  },
};
