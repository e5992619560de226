import { Controller, Query } from '@nestjs/common';
import Type, { type TSchema } from 'typebox';
import { Edition, Id as IdOf, Instant, Person } from '#contracts';
import { Id, OneOf, Optional, QueryRoute, Roles } from '#platform';
import { Projections } from '#projections';
import { ask, MomentQuery } from '../asking.ts';
import { logEntry } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { publicationLog } from './publication-log.projection.ts';

const actions = [
  'published',
  'corrected',
  'refiled',
  'updated',
  'repeated',
  'held',
  'released',
  'unpublished',
  'kill-asked',
  'kill-declined',
  'killed',
];

class LogQuery extends MomentQuery {
  @Optional() @Id() articleId?: string;
  @Optional() @OneOf(actions) action?: string;
}

const orNull = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const LogEntry = Type.Object(
  {
    articleId: IdOf,
    position: Type.String({ description: "of the event in publication's log" }),
    action: Type.String({ description: actions.join(', ') }),
    at: Instant,
    by: Person,
    item: Type.Integer({ description: 'number of the public message of this article' }),
    headline: Type.String({ description: 'as it was out then' }),
    slugline: Type.String(),
    version: orNull(Type.Integer()),
    path: orNull(Type.String()),
    edition: orNull(Edition),
    correction: orNull(
      Type.Integer({ description: 'its number, of its class; of an update or a repeat, how many that makes' }),
    ),
    reason: orNull(Type.String({ description: 'why; of a correction, its note to readers' })),
    askedBy: orNull(Type.String({ description: 'who asked for the kill that this one signed' })),
    parked: Type.Boolean({ description: 'something about its article could not be brought up to date' }),
  },
  { additionalProperties: false },
);
type Row = Record<'articleId' | 'position' | 'at', string>;

@Controller('publication-log')
@Roles(...staff)
export class PublicationLogController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(LogEntry, logEntry, counted), {
    description: 'What went out, was held, came down, was corrected or killed: when, by whom and why, newest first.',
    paged: true,
  })
  log(@Query() query: LogQuery) {
    const { limit = usualLimit } = query;
    const asked = where({
      'article_id = ?': query.articleId,
      'action = ?': query.action,
      'happened_at <= ?::timestamptz': query.at,
    });
    const after = placeOf(query, ['time', 'id', 'position']);
    const place = where(
      { '(happened_at, article_id, position) < (?::timestamptz, ?::uuid, ?::bigint)': after },
      asked.values,
    );
    return ask(this.models, [publicationLog.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select article_id as "articleId", position::text, action, ${utc('happened_at')} as at,
                json_build_object('id', by_id, 'name', by_name) as by, item, coalesce(shown.headline, '') as headline,
                coalesce(shown.slugline, '') as slugline, version, path,
                case when paper is not null then json_build_object('paper', paper, 'date', edition_date) end as edition,
                correction, reason, second_name as "askedBy"
           from publication_log entry left join lateral (
             select headline, slugline from publication_log before
              where before.article_id = entry.article_id and before.position <= entry.position and before.headline is not null
              order by before.position desc limit 1) shown on true
          where ${asked.text} and ${place.text}
          order by happened_at desc, article_id desc, entry.position desc
          limit ${limit + 1}`,
        place.values,
      );
      const page = pageOf(rows, limit, ({ at, articleId, position }) => [at, articleId, position]);
      const items = page.items.map((item) => ({ ...item, parked: snapshot.parked.has(item.articleId) }));
      return listAnswer({ ...page, items }, snapshot, await countOf(snapshot, 'from publication_log', asked));
    });
  }
}
