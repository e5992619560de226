import type { ArticleEvent, LinkKind } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';
import { circleFrom } from './circle.ts';

type Linked = Extract<ArticleEvent, { type: 'ArticleLinked' }>['data'];

/** Along the links of one kind, the way from an article to itself that a link to another one closes; empty where there is none. */
export function circleThrough(store: EventStore, { id, as, to }: { id: string; as: LinkKind; to: string }) {
  return circleFrom(id, to, async (of) => {
    const { links = [] } = (await store.load(articleLog, of)).state;
    return links.filter((link) => link.as === as).map(({ articleId }) => articleId);
  });
}

/**
 * Two links may close a circle at once: their articles are in different shards, and neither decision could see the other. Whichever is heard
 * of last finds the circle, and whoever finds it takes the same link back: that of the article with the greatest id. Until then neither can
 * go out, since each waits for the other.
 */
export const onArticleLinked: Reaction = {
  name: 'on-article-linked',
  topic: 'drafting',
  on: {
    ArticleLinked: async ({ data }: Incoming, store: EventStore) => {
      const { articleId: id, as, to, by } = data as Linked;
      if (as !== 'follow-up-of') return [];
      const circle = await circleThrough(store, { id, as, to });
      const last = circle.slice(1).toSorted().at(-1);
      const next = last && circle[circle.indexOf(last) + 1];
      if (last === undefined || next === undefined) return [];
      // It was killed meanwhile.
      const expected = ['not-allowed-now'];
      return [step(articleLog, last, { type: 'break-circle', data: { to: next, linkedBy: by.id } }, expected)];
    },
  },
};
