import type { ThreadEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { commentLog } from './comment/comment.announcements.ts';

/** When a thread has closed, nobody decides its pending comments any more. All of them are there: a closed thread takes none. */
export const onThreadClosed: Reaction = {
  name: 'on-thread-closed',
  topic: 'moderation',
  on: {
    async ThreadClosed({ data }: Incoming, store) {
      const { articleId, by } = data as ThreadEvent['data'];
      const comments = await store.idsOf('comment', articleId);
      return comments.map((id) => step(commentLog, id, { type: 'end', data: { by } }));
    },
  },
};
