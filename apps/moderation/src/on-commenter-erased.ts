import type { CommenterEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { commentLog } from './comment/comment.announcements.ts';

/** When a reader was erased, so is each comment of theirs. The key is gone first: none is added after that. */
export const onCommenterErased: Reaction = {
  name: 'on-commenter-erased',
  topic: 'moderation',
  on: {
    async CommenterErased({ data }: Incoming, { keyring }) {
      const { commenterId, by } = data as CommenterEvent['data'];
      await keyring.destroy(commenterId);
      const held = await keyring.holdings(commenterId);
      return held.map(({ stream, partitionKey: articleId }) => {
        const commentId = stream.slice(`${commentLog.category}-`.length);
        return step(commentLog, commentId, { type: 'erase', data: { commentId, articleId, by } });
      });
    },
  },
};
