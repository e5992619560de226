import type { ArticleEvent } from '#contracts';
import { commandId, type EventStore, type Executed, type Trace } from '#event-store';
import { articleLog } from './article/article.announcements.ts';
import type { ArticleCommand } from './article/article.ts';
import type { Begin } from './article/lineage.ts';
import { reaction } from './article/reactions.ts';
import type { Article } from './article/state.ts';

const actor = { id: 'reaction', name: 'Stet', roles: [reaction], desks: [] };

/** Begins an article that another stream has told of, for somebody who waits for it; the reaction to the same does it for nobody. */
export function begin(store: EventStore, beginning: Pick<Begin, 'type' | 'data'>, trace: Trace): Promise<Executed> {
  const id = beginning.data.articleId;
  return store.execute<Article, ArticleCommand, ArticleEvent>(articleLog, {
    ...{ id, commandId: commandId('begin', id), trace },
    command: { ...beginning, actor },
  });
}
