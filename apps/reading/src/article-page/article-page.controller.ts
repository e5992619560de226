import { Controller, Headers, Param, Query } from '@nestjs/common';
import type { Static } from 'typebox';
import type { Content } from '#contracts';
import { Answer, Problem, QueryRoute, Roles, Text } from '#platform';
import { Projections, type Snapshot } from '#projections';
import { ask, ListQuery, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { linkTo, pageOf, placeOf, usualLimit, utc } from '../lists.ts';
import { readers } from '../roles.ts';
import { ArticlePage, type Correction, type PublishedComment } from './article-page.answers.ts';
import { articlePage } from './article-page.projection.ts';
import { houseRule, plainPage, publishedIn } from './plain-page.ts';
import { prefersText } from './prefers-text.ts';

/** Its comments are a list. */
class PageQuery extends ListQuery {}
class PathQuery extends PageQuery {
  @Text({ max: 500 }) path!: string;
}

interface Row {
  readonly id: string;
  readonly state: 'published' | 'held' | 'unpublished' | 'killed';
  readonly path: string;
  readonly version: number;
  readonly content: Content;
  readonly head: string;
  readonly body: string;
  readonly paper: string;
  readonly date: string;
  readonly firstPublishedAt: string;
  readonly publishedAt: string;
  readonly changedAt: string;
  readonly corrections: Static<typeof Correction>[];
  readonly count: number;
  readonly comments: (Static<typeof PublishedComment> & { readonly position: string })[];
}

/** All of a page in one query. A comment's place is where it came in its shard of moderation's log: the order of submission. */
const pageBy = (column: 'article_id' | 'path') => `
  select article_id as id, state, path, version, content, head, body, paper, edition_date::text as date,
         ${utc('first_published_at')} as "firstPublishedAt", ${utc('published_at')} as "publishedAt",
         ${utc('changed_at')} as "changedAt",
         (select coalesce(json_agg(json_build_object('number', number, 'note', note, 'at', ${utc('corrected_at')},
                                                     'difference', difference) order by number), '[]')
            from page_correction correction where correction.article_id = page.article_id) as corrections,
         (select count(*)::int from page_comment comment
           where comment.article_id = page.article_id and status = 'published') as count,
         (select coalesce(json_agg(json_build_object('id', comment_id, 'author', author, 'text', shown.body,
                                                     'at', ${utc('submitted_at')}, 'position', position::text)
                                   order by position), '[]')
            from (select * from page_comment comment
                   where comment.article_id = page.article_id and status = 'published' and position > $2
                   order by position limit $3) shown) as comments
    from article_page page
   where ${column} = $1 and state is not null
   order by first_published_at limit 1`;

@Controller()
@Roles(...readers)
export class ArticlePageController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('articles/:id/page', ArticlePage, {
    description: 'The page as readers see it; as text with `Accept: text/plain`, then with all its comments.',
    ...{ paged: true, plain: examples.plainPage, gone: true },
  })
  byId(@Param('id') id: string, @Query() query: PageQuery, @Headers('accept') accept?: string) {
    return this.page({ by: 'article_id', value: id }, query, accept);
  }

  @QueryRoute('pages', ArticlePage, {
    description: 'The same, by the path that readers know it by.',
    ...{ paged: true, plain: examples.plainPage, gone: true },
  })
  byPath(@Query() query: PathQuery, @Headers('accept') accept?: string) {
    return this.page({ by: 'path', value: query.path }, query, accept);
  }

  private page(which: { by: 'article_id' | 'path'; value: string }, query: PageQuery, accept?: string) {
    const asText = prefersText(accept);
    const { limit = usualLimit } = query;
    const [from = '0'] = (asText ? undefined : placeOf(query, ['position'])) ?? [];
    return ask(this.models, [articlePage.name], query, async (snapshot) => {
      const values = [which.value, from, asText ? null : limit + 1];
      const [row] = await snapshot.query<Row>(pageBy(which.by), values);
      const shown = shownOrRefused(row, which.value, snapshot);
      const headers = { 'Stet-Position': snapshot.position, Vary: 'Accept' };
      if (asText) {
        const comments = shown.comments.map(({ text }) => text);
        const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
        return new Answer(plainPage({ ...shown, comments }), () => ({ ...headers, ...plain }));
      }
      const { items, next } = pageOf(shown.comments, limit, ({ position }) => [position]);
      const comments = { count: shown.count, items: items.map(({ position: _, ...comment }) => comment) };
      return new Answer(answerOf(shown, comments), ({ url }) => ({ ...headers, ...linkTo(url, next) }));
    });
  }
}

/** What readers may not see is refused with no word of it: withheld for now, or killed for good. */
function shownOrRefused(row: Row | undefined, asked: string, snapshot: Snapshot): Row {
  refuseParked(snapshot, row?.id ?? asked);
  if (!row) throw new Problem('not-found');
  const { state, changedAt } = row;
  if (state === 'killed') throw new Problem('page-killed', { details: { state, label: 'WITHDRAWN', at: changedAt } });
  if (state !== 'published') throw new Problem('page-withheld', { details: { state, at: changedAt } });
  return row;
}

function answerOf(row: Row, comments: Static<typeof ArticlePage>['comments']): Static<typeof ArticlePage> {
  const { id, path, version, paper, date, firstPublishedAt, publishedAt, changedAt, corrections } = row;
  const { headline, standfirst, byline, dateline, section, language, keywords, blocks } = row.content;
  return {
    ...{ id, path, version, headline, standfirst, byline, dateline, section, language, keywords, blocks },
    ...{ edition: { paper, date }, publishedIn: publishedIn(paper, date) },
    ...{ firstPublishedAt, publishedAt, changedAt, corrections, comments, houseRule: [...houseRule] },
  };
}
