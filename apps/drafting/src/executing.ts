import type { ArticleEvent, CorrectionEvent } from '#contracts';
import type { Command } from '#decider';
import type { EventStore, Order } from '#event-store';
import type { OrderHeaders } from '#platform';
import { articleLog } from './article/article.announcements.ts';
import type { ArticleCommand } from './article/article.ts';
import { isBehind } from './article/lineage.ts';
import type { Article } from './article/state.ts';
import { correctionLog } from './correction/correction.announcements.ts';
import type { CorrectionCommand } from './correction/correction.ts';
import type { Correction } from './correction/state.ts';
import { deskLog } from './desk/desk.announcements.ts';
import { styleLog } from './style/style.announcements.ts';
import { languageOf, rulesOf } from './style/style.ts';

type Ordered = OrderHeaders & Pick<Order<ArticleCommand>, 'guards'>;
type Sent<C> = C extends Command ? Pick<C, 'type' | 'data'> : never;

/** What a desk has settled, and in which version. */
async function settledBy(store: EventStore, desk: string) {
  const { state, version } = await store.load(deskLog, desk);
  return { ...state, version };
}
/** The rules of house style that hold in a language, and how often editors have changed them. */
export async function styleFor(store: EventStore, tag: string) {
  const language = languageOf(tag);
  const { state, version } = await store.load(styleLog, language);
  return { rules: rulesOf(language, state), version };
}
/** What a text is held against as it stands: what its desk has settled, house style, and the originals that it translates. */
export async function heldAgainst(
  store: EventStore,
  { desk, line, links = [] }: Pick<Article, 'desk' | 'line' | 'links'>,
) {
  const behind = links.map(async (link) =>
    link.as === 'translation-of' && isBehind(link, (await store.load(articleLog, link.articleId)).state)
      ? [link.articleId]
      : [],
  );
  const style = await styleFor(store, line.text?.content.language ?? '');
  return { desk: await settledBy(store, desk), style, behind: (await Promise.all(behind)).flat() };
}
const held: ReadonlySet<string> = new Set([
  ...['submit', 'claim', 'approve', 'open', 'open-next-version', 'move', 'take-approval-steps'],
]);

/** Lets an article decide what somebody sent. */
export function execute(store: EventStore, id: string, { actor, ...order }: Ordered, sent: Sent<ArticleCommand>) {
  const command: Pick<ArticleCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
  const besides = async (state: Article) => ({
    ...(await heldAgainst(store, state)),
    ...(sent.type === 'move' ? { target: await settledBy(store, sent.data.desk ?? state.desk) } : {}),
  });
  const asked = { ...order, id, command, ...(held.has(sent.type) ? { besides } : {}) };
  return store.execute<Article, ArticleCommand, ArticleEvent>(articleLog, asked);
}

/** Lets a correction decide what somebody sent. */
export function executeOfCorrection(
  store: EventStore,
  id: string,
  { actor, ...order }: Ordered,
  sent: Sent<CorrectionCommand>,
) {
  const command: Pick<CorrectionCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
  const besides = async (state: Correction) => {
    if (sent.type !== 'open') return heldAgainst(store, state);
    const { state: article } = await store.load(articleLog, sent.data.articleId);
    return { desk: await settledBy(store, article.desk) };
  };
  const asked = { ...order, id, command, ...(held.has(sent.type) ? { besides } : {}) };
  return store.execute<Correction, CorrectionCommand, CorrectionEvent>(correctionLog, asked);
}
