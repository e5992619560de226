import { cleanBlock, type CommentEvent, type Content, type PublicationEvent } from '#contracts';
import type { Projection } from '#projections';
import { folds } from '../folds.ts';
import { bodyOf, headOf, publishedIn } from './plain-page.ts';

/** The text as it went out: as the page's answer has it, its blocks cleaned once more; and as lines of plain text. */
function shown(version: number, content: Content) {
  const { headline, standfirst, byline, dateline, section, language, keywords } = content;
  const blocks = content.blocks.map(cleanBlock);
  return {
    article: { version, headline, standfirst, byline, dateline, section, language, keywords, blocks },
    head: headOf(content),
    body: bodyOf(content),
  };
}
const nothing = { article: null, release: null, head: null, body: null };

const page = (articleId: string) => ({ article_id: articleId });
const comment = (commentId: string) => ({ comment_id: commentId });
const shownComment = (id: string, said: { reader: { name: string }; text: string }, at: string) =>
  // Empty: its reader was erased, and what says so is on its way.
  said.text === '' ? null : { id, author: said.reader.name, text: said.text, at };

/** Articles as readers see them, in the shape that the page is answered in. `state` is null before the first release; a comment's place is its position in moderation's log. */
export const articlePage: Projection = {
  name: 'article_page',
  version: 3,
  // Corrections are in the order in which they went out, with their class.
  differs: true,
  topics: ['publication', 'moderation'],
  tables: {
    article_page: ['article_id'],
    page_correction: ['article_id', 'item'],
    page_comment: ['comment_id'],
  },
  personal: { page_comment: ['shown'] },
  ddl: `
    create table article_page (
      article_id uuid primary key,
      state text,
      path text,
      article json,
      release json,
      head text,
      body text,
      published_in text,
      changed_at timestamptz
    );
    create index on article_page (path);
    create table page_correction (
      article_id uuid,
      item int,
      shown json not null,
      primary key (article_id, item)
    );
    create table page_comment (
      comment_id uuid primary key,
      article_id uuid,
      position bigint,
      status text,
      shown json
    );
    create index on page_comment (article_id, position) where status = 'published' and shown is not null;`,
  on: folds<PublicationEvent | CommentEvent>({
    ArticlePublished({ data, time }, rows) {
      const { articleId, version, content, path, edition, firstAt: firstPublishedAt, at: publishedAt } = data;
      const published_in = publishedIn(edition);
      rows.set('article_page', page(articleId), {
        ...{ state: 'published', path, changed_at: time, published_in },
        ...shown(version, content),
        release: { path, edition, publishedIn: published_in, firstPublishedAt, publishedAt },
      });
    },
    ArticleCorrected({ data, time }, rows) {
      const { articleId, version, content, class: of, number, note, difference, fields, at, item } = data;
      const changes = { state: 'published', ...shown(version, content), changed_at: time };
      rows.set('article_page', page(articleId), changes);
      const correction = { class: of, number, note, at, difference, fields };
      // What was refiled without a word to readers is none that they are told of.
      if (note !== '') rows.set('page_correction', { article_id: articleId, item }, { shown: correction });
    },
    ArticleUpdated({ data, time }, rows) {
      const changes = { state: 'published', ...shown(data.version, data.content), changed_at: time };
      rows.set('article_page', page(data.articleId), changes);
    },
    ArticleRepeated({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'published', changed_at: time });
    },
    ArticleHeld({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'held', changed_at: time });
    },
    HoldReleased({ data, time }, rows) {
      rows.set('article_page', page(data.articleId), { state: 'published', changed_at: time });
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
      const { articleId, commentId } = data;
      rows.set('page_comment', comment(commentId), {
        article_id: articleId,
        position: String(position),
        status: 'pending',
        shown: shownComment(commentId, data, time),
      });
    },
    CommentApproved({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'published' });
    },
    CommentRejected({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'rejected' });
    },
    CommentWithdrawn({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'withdrawn', shown: null });
    },
    CommentEnded({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'ended', shown: null });
    },
    CommentErased({ data }, rows) {
      rows.set('page_comment', comment(data.commentId), { status: 'erased', shown: null });
    },
  }),
};
