import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { Id } from '#contracts';
import { OneOf, Optional, QueryRoute, Roles, Text } from '#platform';
import { Projections } from '#projections';
import { ask, ListQuery } from '../asking.ts';
import { found as example } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, where } from '../lists.ts';
import { stateNow } from '../newsroom-board/board.sql.ts';
import { states } from '../newsroom-board/newsroom-board.controller.ts';
import { newsroomBoard } from '../newsroom-board/newsroom-board.projection.ts';
import { staff } from '../roles.ts';
import { articleSearch, configurations } from './article-search.projection.ts';
import { cut, seam } from './words.ts';

class SearchQuery extends ListQuery {
  /** Words; "in a row"; either or other; -without. */
  @Text({ max: 300 }) q!: string;
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @OneOf(states) state?: string;
  /** BCP 47, with or without its region. */
  @Optional() @Text({ max: 35 }) language?: string;
}

const Found = Type.Object(
  {
    articleId: Id,
    desk: Type.String(),
    state: Type.String({ description: states.join(', ') }),
    slugline: Type.String(),
    headline: Type.String(),
    byline: Type.String(),
    language: Type.String(),
    version: Type.Integer({ description: 'of the text that was searched' }),
    excerpt: Type.String({ description: 'where the words stand in its text' }),
    rank: Type.Number({ description: 'how well it fits' }),
    parked: Type.Boolean({ description: 'something about it could not be brought up to date' }),
  },
  { additionalProperties: false },
);
interface Row {
  readonly articleId: string;
  readonly rank: number;
  readonly place: string;
}

/** In each language by its own stems; an index can be asked only for words that are known before. */
const matches = [...new Set([...Object.values(configurations), 'simple'])]
  .map((name) => `configuration = '${name}' and words @@ websearch_to_tsquery('${name}', $1)`)
  .map((condition) => `(${condition})`)
  .join(' or ');
const asked = 'websearch_to_tsquery(configuration::regconfig, $1)';
/** As it was written. */
const uncut = (column: string) => `replace(${column}, '${seam}', '')`;
/** Of the text, as much as is looked at for an excerpt: reading all of a long one takes longer than finding it. */
const excerpt = `ts_headline(configuration::regconfig, left(body, 10000), ${asked}, 'StartSel="", StopSel="", MaxWords=30, MinWords=12')`;
const source = `(
  select text.*, ts_rank(words, ${asked}) as rank, board.desk, ${stateNow} as state
    from article_search text join newsroom_board board using (article_id) where (${matches}) and board.state is not null) found`;

/** Finds articles by their words. */
@Controller('search')
@Roles(...staff)
export class ArticleSearchController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(Found, example, counted), {
    description:
      'Articles with these words in headline, slugline, byline, keywords or text as they stand, what fits best first. Only that is indexed: of a past instant, ask the board and `/articles/{id}/moment`.',
    paged: true,
  })
  search(@Query() query: SearchQuery) {
    const { q, limit = usualLimit, language } = query;
    const filters = where(
      {
        ...{ 'desk = ?': query.desk, 'state = ?': query.state },
        "(lower(language) = ? or split_part(lower(language), '-', 1) = ?)":
          language === undefined ? undefined : [language.toLowerCase(), language.toLowerCase()],
      },
      [cut(q)],
    );
    const place = where(
      { '(rank, article_id) < (?::real, ?::uuid)': placeOf(query, ['number', 'id']) },
      filters.values,
    );
    return ask(this.models, [articleSearch.name, newsroomBoard.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select article_id as "articleId", desk, state, ${uncut('slugline')} as slugline, ${uncut('headline')} as headline,
                ${uncut('byline')} as byline, language, version, rank, rank::text as place, ${uncut(excerpt)} as excerpt
           from (select * from ${source} where ${filters.text} and ${place.text}
                  order by rank desc, article_id desc limit ${limit + 1}) page
          order by rank desc, article_id desc`,
        place.values,
      );
      const total = await countOf(snapshot, `from ${source}`, filters);
      const page = pageOf(rows, limit, (row) => [row.place, row.articleId]);
      const items = page.items.map(({ place: _, ...item }) => ({
        ...item,
        parked: snapshot.parked.has(item.articleId),
      }));
      return listAnswer({ ...page, items }, snapshot, total);
    });
  }
}
