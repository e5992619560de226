import type { ArticleEvent } from '#contracts';
import type { EventStore, Order } from '#event-store';
import type { OrderHeaders } from '#platform';
import { articleLog } from './article/article.announcements.ts';
import type { ArticleCommand } from './article/article.ts';
import type { Article } from './article/state.ts';

type Ordered = OrderHeaders & Pick<Order<ArticleCommand>, 'guards'>;
type Sent<C> = C extends ArticleCommand ? Pick<C, 'type' | 'data'> : never;

/** Lets an article decide what somebody sent. */
export function execute(store: EventStore, id: string, { actor, ...order }: Ordered, sent: Sent<ArticleCommand>) {
  const command: Pick<ArticleCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
  return store.execute<Article, ArticleCommand, ArticleEvent>(articleLog, { ...order, id, command });
}
