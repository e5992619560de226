import { type ArticleEvent, contractOf, draftingUpcasters } from '#contracts';
import { article } from './article.ts';
import type { Article } from './state.ts';
import { timersOf } from './timers.ts';

/** The article as the log knows it. Every event leaves on drafting's own topic as it is; none is for outsiders. */
export const articleLog = {
  category: 'article',
  decider: article,
  partitionKey: ({ id }: Article) => id,
  announce: (_event: ArticleEvent) => ({ internal: 'payload' as const }),
  timers: timersOf,
  versionOf: (type: string) => contractOf(type).version,
  upcasters: draftingUpcasters,
};
