import type { ArticleEvent } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { correctionLog } from './correction/correction.announcements.ts';

type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' }>['data'];

/**
 * A kill ends the corrections of its article too. It is heard from the article's own log: since that says it is killed, no
 * correction of it can be opened, so these are all there will ever be.
 */
export const onArticleKilled: Reaction = {
  name: 'on-article-killed',
  topic: 'drafting',
  on: {
    PublicationRecorded: async ({ data }: Incoming, store: EventStore) => {
      const { articleId, state, by } = data as Recorded;
      const corrections = state === 'killed' ? await store.idsOf('correction', articleId) : [];
      // They were approved or discarded before.
      const expected = ['not-allowed-now'];
      return corrections.map((id) => step(correctionLog, id, { type: 'end', data: { by } }, expected));
    },
  },
};
