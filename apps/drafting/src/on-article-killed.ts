import type { ArticleEvent } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { correctionLog } from './correction/correction.announcements.ts';
import { packageLog } from './package/package.announcements.ts';
import { packagesWith } from './package-parts.ts';

type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' }>['data'];

/**
 * A kill ends the corrections of its article too, and no package that leads to it can be shown as it is. It is heard from the article's own log: since that says it is killed, no
 * correction of it can be opened, so these are all there will ever be.
 */
export const onArticleKilled: Reaction = {
  name: 'on-article-killed',
  topic: 'drafting',
  on: {
    PublicationRecorded: async ({ data }: Incoming, store: EventStore) => {
      const { articleId, event, state, by } = data as Recorded;
      if (state !== 'killed') return [];
      const corrections = await store.idsOf('correction', articleId);
      // What is recorded of it afterwards says that it is killed as well.
      const packages = event === 'ArticleKilled' ? await packagesWith(store, articleId) : [];
      // They were approved or discarded before.
      const expected = ['not-allowed-now'];
      return [
        ...corrections.map((id) => step(correctionLog, id, { type: 'end', data: { by } }, expected)),
        ...packages.map((id) =>
          step(packageLog, id, { type: 'part-killed', data: { article: articleId, by } }, expected),
        ),
      ];
    },
  },
};
