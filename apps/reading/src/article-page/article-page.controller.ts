import { Controller, Headers, Param, Query } from '@nestjs/common';
import type { Static } from 'typebox';
import { Answer, linkTo, Problem, QueryRoute, Roles, Text, written } from '#platform';
import { Projections, type RowFound } from '#projections';
import { askRow, ListQuery, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { cursorOf, placeOf, usualLimit, utc } from '../lists.ts';
import { readers } from '../roles.ts';
import { ArticlePage } from './article-page.answers.ts';
import { articlePage } from './article-page.projection.ts';
import { houseRule, plainPage } from './plain-page.ts';
import { prefersText } from './prefers-text.ts';

/** Its comments are a list. */
class PageQuery extends ListQuery {}
class PathQuery extends PageQuery {
  @Text({ max: 500 }) path!: string;
}

/** What is kept as JSON comes as its text. */
interface Row {
  readonly id: string;
  readonly state: 'published' | 'held' | 'unpublished' | 'killed';
  readonly article: string;
  readonly release: string;
  readonly head: string;
  readonly body: string;
  readonly publishedIn: string;
  readonly changedAt: string;
  readonly corrections: string;
  readonly count: number;
  readonly comments: string;
  readonly last: string | null;
  readonly more: boolean;
}
type Page = Static<typeof ArticlePage>;

const published = `comment.article_id = page.article_id and status = 'published' and shown is not null`;
/** All of a page in one query. A comment's place is where it came in its shard of moderation's log: the order of submission. */
export const pageBy = (column: 'article_id' | 'path') => `
  select article_id as id, state, article::text, release::text, head, body, published_in as "publishedIn", ${utc('changed_at')} as "changedAt",
         (select coalesce(json_agg(shown order by item)::text, '[]')
            from page_correction correction where correction.article_id = page.article_id) as corrections,
         (select count(*)::int from page_comment comment where ${published}) as count,
         coalesce(comments::text, '[]') as comments, last::text,
         exists (select from page_comment comment where ${published} and position > last) as more
    from article_page page, lateral (
      select json_agg(shown order by position) as comments, max(position) as last
        from (select shown, position from page_comment comment
               where ${published} and position > $2 order by position limit $3) listed) comments
   where ${column} = $1 and state is not null`;

const valueTypes = { article_id: ['uuid', 'bigint', 'bigint'], path: ['text', 'bigint', 'bigint'] };

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

  private async page(which: { by: 'article_id' | 'path'; value: string }, query: PageQuery, accept?: string) {
    const asText = prefersText(accept);
    const [from = '0'] = (asText ? undefined : placeOf(query, ['position'])) ?? [];
    const values = [which.value, from, asText ? null : (query.limit ?? usualLimit)];
    // A page is read with others that are asked for at the same time; a whole thread by itself.
    const sql = { text: pageBy(which.by), values, types: asText ? undefined : valueTypes[which.by] };
    const found = await askRow<Row>(this.models, [articlePage.name], query, sql);
    const row = shownOrRefused(found, which.value);
    const headers = { 'Stet-Position': found.position, Vary: 'Accept' };
    if (asText) {
      const plain = { 'Content-Type': 'text/plain; charset=utf-8' };
      return new Answer(textOf(row), () => ({ ...headers, ...plain }));
    }
    const next = row.more && row.last !== null ? cursorOf([row.last]) : undefined;
    return written(answerOf(row), ({ url }) => ({ ...headers, ...linkTo(url, next) }));
  }
}

/** What readers may not see is refused with no word of it: withheld for now, or killed for good. */
function shownOrRefused({ row, parked }: RowFound<Row>, asked: string): Row {
  refuseParked(parked, row?.id ?? asked);
  if (!row) throw new Problem('not-found');
  const { state, changedAt } = row;
  if (state === 'killed') throw new Problem('page-killed', { details: { state, label: 'WITHDRAWN', at: changedAt } });
  if (state !== 'published') throw new Problem('page-withheld', { details: { state, at: changedAt } });
  return row;
}

function textOf(row: Row): string {
  const comments = JSON.parse(row.comments) as Page['comments']['items'];
  const corrections = JSON.parse(row.corrections) as Page['corrections'];
  return plainPage({ ...row, corrections, comments: comments.map(({ text }) => text) });
}

const rule = JSON.stringify(houseRule);
const membersOf = (object: string) => object.slice(1, -1);
/** A Page. What is kept in the shape that it is answered in goes out as it is: to read it and write it again would take longer than all else. */
const answerOf = ({ id, article, release, changedAt, corrections, count, comments }: Row): string =>
  `{"id":"${id}",${membersOf(release)},${membersOf(article)},"changedAt":"${changedAt}","corrections":${corrections},` +
  `"comments":{"count":${count},"items":${comments}},"houseRule":${rule}}`;
