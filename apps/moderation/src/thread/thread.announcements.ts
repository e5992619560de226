import { contractOf, type ThreadEvent, threadUpcasters } from '#contracts';
import { type Thread, thread } from './thread.ts';

/** The thread as the log knows it: one for each article, under the article's id. Every event leaves as it is. */
export const threadLog = {
  category: 'thread',
  decider: thread,
  partitionKey: ({ id }: Thread) => id,
  announce: (_event: ThreadEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
  upcasters: threadUpcasters,
};
