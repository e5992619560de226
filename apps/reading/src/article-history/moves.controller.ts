import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { Id as IdOf, Instant, Person } from '#contracts';
import { Id, Optional, QueryRoute, Roles, Text } from '#platform';
import { Projections } from '#projections';
import { ask, MomentQuery } from '../asking.ts';
import { move } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';

class MovesQuery extends MomentQuery {
  /** Those that came to this desk or left it. */
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @Id() articleId?: string;
}
const strict = { additionalProperties: false } as const;
const Place = Type.Object({ desk: Type.String(), stage: Type.String() }, strict);
const Move = Type.Object(
  {
    articleId: IdOf,
    at: Instant,
    by: Person,
    from: Place,
    to: Place,
    reason: Type.String(),
    state: Type.String({ description: 'of its working line afterwards' }),
    parked: Type.Boolean({ description: 'something about its article could not be brought up to date' }),
  },
  strict,
);
type Row = Record<'articleId' | 'at' | 'position', string>;

@Controller('moves')
@Roles(...staff)
export class MovesController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(Move, move, counted), {
    description: 'What was moved between desks and their stages: where, by whom and why, newest first.',
    paged: true,
  })
  moves(@Query() query: MovesQuery) {
    const { limit = usualLimit } = query;
    const { desk } = query;
    const asked = where({
      "type = 'ArticleMoved'": true,
      "? in (details->'from'->>'desk', details->'to'->>'desk')": desk,
      ...{ 'article_id = ?': query.articleId, 'happened_at <= ?::timestamptz': query.at },
    });
    const after = placeOf(query, ['time', 'id', 'position']);
    const place = where(
      { '(happened_at, article_id, position) < (?::timestamptz, ?::uuid, ?::bigint)': after },
      asked.values,
    );
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select article_id as "articleId", ${utc('happened_at')} as at, position::text,
                json_build_object('id', by_id, 'name', by_name) as by, details->'from' as from, details->'to' as to,
                details->>'reason' as reason, details->>'state' as state
           from article_event
          where ${asked.text} and ${place.text}
          order by happened_at desc, article_id desc, article_event.position desc
          limit ${limit + 1}`,
        place.values,
      );
      const page = pageOf(rows, limit, ({ at, articleId, position }) => [at, articleId, position]);
      const items = page.items.map(({ position: _, ...item }) => ({
        ...{ ...item, parked: snapshot.parked.has(item.articleId) },
      }));
      return listAnswer({ ...page, items }, snapshot, await countOf(snapshot, 'from article_event', asked));
    });
  }
}
