import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, content, events, id, moderator, told } from '../samples.ts';
import { moderationQueue } from './moderation-queue.projection.ts';

let queue: Projecting;
beforeAll(async () => {
  queue = await projecting(moderationQueue);
});
afterAll(() => queue.close());

test('a comment is pending until somebody decides, and its words are no longer here then', async () => {
  const screening = { verdict: 'review', hits: [{ rule: 'links', version: 1, verdict: 'review', from: 4, to: 9 }] };
  const said = [11, 12, 13, 14, 15, 16].map((number) => events.submitted(id(number), 'See x', { screening }));
  const by = { by: moderator, revision: 1 };
  await queue
    .given(
      ...said,
      ...[events.let(id(12)), events.rejected(id(13)), told('CommentWithdrawn', { commentId: id(14), ...by })],
      told('CommentEnded', { commentId: id(15), ...by }),
      told('CommentErased', { commentId: id(16), by: moderator }),
    )
    .then({
      queue_comment: [
        { comment_id: id(11), pending: true, body: 'See x', screening, author_name: 'Amna', revision: 1 },
        ...[12, 13, 14, 15, 16].map((number) => ({
          ...{ comment_id: id(number), pending: false, body: null, author_name: null },
        })),
      ],
    });
});

test('its article has the headline that is out and a thread', async () => {
  const next = content({ headline: 'Bridge shut' });
  await queue
    .given(events.published(), events.thread('ThreadOpened'), events.corrected(1, next), events.thread('ThreadFrozen'))
    .then({ queue_article: [{ article_id: articleId, headline: 'Bridge shut', thread: 'frozen' }] });
  await queue
    .given(events.thread('ThreadOpened'), events.thread('ThreadFrozen'), events.thread('ThreadRestored'))
    .then({ queue_article: [{ thread: 'open', headline: null }] });
  await queue.given(events.thread('ThreadClosed')).then({ queue_article: [{ thread: 'closed' }] });
});
