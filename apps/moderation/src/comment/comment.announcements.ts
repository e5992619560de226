import { type CommentEvent, commentUpcasters, contractOf } from '#contracts';
import { type Comment, comment } from './comment.ts';

/**
 * The comment as the log knows it, in one order with its thread. Every event leaves as it is, on the internal topic alone: what is about its
 * reader sealed, there as in the log.
 */
export const commentLog = {
  category: 'comment',
  decider: comment,
  partitionKey: ({ articleId }: Comment) => articleId,
  announce: (_event: CommentEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
  upcasters: commentUpcasters,
  personal: true as const,
};
