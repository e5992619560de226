import { cleanHtml, type CommentEvent, type Content, type PublicationEvent } from '#contracts';
import type { Projection } from '#projections';
import { folds } from '../folds.ts';
import { bodyOf, headOf } from './plain-page.ts';

/** The page's own text: as it went out, its HTML cleaned once more, and the same as lines of plain text. */
const shown = (content: Content) => ({
  content: { ...content, blocks: content.blocks.map((block) => ({ ...block, html: cleanHtml(block.html) })) },
  head: headOf(content),
  body: bodyOf(content),
});
const nothing = { content: null, head: null, body: null };

const page = (articleId: string) => ({ article_id: articleId });
const comment = (commentId: string) => ({ comment_id: commentId });

/** Articles as readers see them. `state` is null before the first release; a comment's place is its position in moderation's log. */
export const articlePage: Projection = {
  name: 'article_page',
  version: 1,
  topics: ['publication', 'moderation'],
  tables: {
    article_page: ['article_id'],
    page_correction: ['article_id', 'number'],
    page_comment: ['comment_id'],
  },
  ddl: `
    create table article_page (
      article_id uuid primary key,
      state text,
      version int,
      path text,
      paper text,
      edition_date date,
      content json,
      head text,
      body text,
      first_published_at timestamptz,
      published_at timestamptz,
      changed_at timestamptz
    );
    create index on article_page (path);
    create table page_correction (
      article_id uuid,
      number int,
      note text not null,
      difference json not null,
      corrected_at timestamptz not null,
      primary key (article_id, number)
    );
    create table page_comment (
      comment_id uuid primary key,
      article_id uuid,
      position bigint,
      status text,
      author text,
      body text,
      submitted_at timestamptz
    );
    create index on page_comment (article_id, position) where status = 'published';`,
  on: folds<PublicationEvent | CommentEvent>({
    ArticlePublished({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), {
        state: 'published',
        version: data.version,
        path: data.path,
        paper: data.edition.paper,
        edition_date: data.edition.date,
        ...shown(data.content),
        first_published_at: data.firstAt,
        published_at: data.at,
        changed_at: time,
      });
    },
    ArticleCorrected({ data, time }, rows) {
      const { articleId, version, number, note, difference, at } = data;
      rows.set('article_page', page(articleId), {
        state: 'published',
        version,
        ...shown(data.content),
        changed_at: time,
      });
      rows.set('page_correction', { article_id: articleId, number }, { note, difference, corrected_at: at });
    },
    ArticleUnpublished({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'unpublished', changed_at: time });
    },
    KillAsked({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'held', changed_at: time });
    },
    KillDeclined({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: data.state, changed_at: time });
    },
    ArticleKilled({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'killed', ...nothing, changed_at: time });
    },
    CommentSubmitted({ data, position, time }, rows) {
      rows.set('page_comment', comment(data.commentId), {
        article_id: data.articleId,
        position: String(position),
        status: 'pending',
        author: data.by.name,
        body: data.text,
        submitted_at: time,
      });
    },
    CommentApproved({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'published' });
    },
    CommentRejected({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'rejected' });
    },
    CommentWithdrawn({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'withdrawn' });
    },
    CommentEnded({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'ended' });
    },
  }),
};
