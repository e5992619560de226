import type { CommentEvent, PublicationEvent, ThreadEvent } from '#contracts';
import type { Projection, Rows } from '#projections';
import { folds } from '../folds.ts';

interface Decided {
  readonly data: { readonly commentId: string };
}
/** No longer in the queue: nobody has to read it here any more. */
const decided = ({ data }: Decided, rows: Rows) => {
  rows.set('queue_comment', { comment_id: data.commentId }, { pending: false, author_name: null, body: null });
};
interface Titled {
  readonly data: { readonly articleId: string; readonly content: { headline: string; slugline: string } };
}
const titled = ({ data: { articleId, content } }: Titled, rows: Rows) => {
  const { headline, slugline } = content;
  rows.set('queue_article', { article_id: articleId }, { headline, slugline });
};
const thread = (state: string) => (event: { readonly data: { readonly articleId: string } }, rows: Rows) => {
  rows.set('queue_article', { article_id: event.data.articleId }, { thread: state });
};

/** Comments that nobody has decided, with what screening found, and the article that each is about. */
export const moderationQueue: Projection = {
  name: 'moderation_queue',
  version: 2,
  topics: ['moderation', 'publication'],
  tables: { queue_comment: ['comment_id'], queue_article: ['article_id'] },
  personal: { queue_comment: ['author_name', 'body'] },
  ddl: `
    create table queue_comment (
      comment_id uuid primary key,
      pending boolean not null default false,
      article_id uuid,
      revision int,
      author_id text,
      author_name text,
      body text,
      article_version int,
      screening json,
      submitted_at timestamptz
    );
    -- The planner's samples would outlive what is forgotten here.
    alter table queue_comment alter column author_name set statistics 0, alter column body set statistics 0;
    create index on queue_comment (submitted_at, comment_id) where pending;
    create table queue_article (
      article_id uuid primary key,
      -- from moderation
      thread text,
      -- from publication
      headline text,
      slugline text
    );`,
  on: folds<CommentEvent | ThreadEvent | PublicationEvent>({
    CommentSubmitted({ data, time }, rows) {
      rows.set(
        'queue_comment',
        { comment_id: data.commentId },
        {
          pending: true,
          article_id: data.articleId,
          revision: data.revision,
          author_id: data.by.id,
          author_name: data.reader.name,
          body: data.text,
          article_version: data.articleVersion,
          screening: data.screening,
          submitted_at: time,
        },
      );
    },
    CommentApproved: decided,
    CommentRejected: decided,
    CommentWithdrawn: decided,
    CommentEnded: decided,
    CommentErased: decided,
    ThreadOpened: thread('open'),
    ThreadFrozen: thread('frozen'),
    ThreadRestored: thread('open'),
    ThreadClosed: thread('closed'),
    ArticlePublished: titled,
    ArticleCorrected: titled,
    ArticleUpdated: titled,
  }),
};
