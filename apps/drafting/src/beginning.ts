import type { ArticleEvent } from '#contracts';
import { commandId, type EventStore, type Executed, type Trace } from '#event-store';
import { articleLog } from './article/article.announcements.ts';
import type { ArticleCommand } from './article/article.ts';
import { beginningOf } from './article/lineage.ts';
import { reaction } from './article/reactions.ts';
import type { Article } from './article/state.ts';

const actor = { id: 'reaction', name: 'Stet', roles: [reaction], desks: [] };
interface Descent {
  /** Its origin. */
  readonly id: string;
  readonly descendantId: string;
}

/** Begins a descendant that its origin tells of, for somebody who waits for it; the reaction to the same does it for nobody. */
export async function begin(store: EventStore, { id, descendantId }: Descent, trace: Trace): Promise<Executed> {
  const { state } = await store.load(articleLog, id);
  return store.execute<Article, ArticleCommand, ArticleEvent>(articleLog, {
    ...{ id: descendantId, commandId: commandId('begin', descendantId), trace },
    command: { ...beginningOf(state, descendantId), actor },
  });
}
