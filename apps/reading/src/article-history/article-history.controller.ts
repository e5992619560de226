import { Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import {
  BlockDifference,
  blockDifferences,
  type Content,
  FieldDifference,
  fieldDifferences,
  Id as IdOf,
  Instant,
  Person,
} from '#contracts';
import { Answer, Id, OneOf, Optional, Problem, QueryNumber, QueryRoute, Roles } from '#platform';
import { Projections, type Snapshot } from '#projections';
import { AfterQuery, ask, MomentQuery, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, utc, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';
import { type Standing, textsOf, versionOf } from './texts.ts';

class HistoryQuery extends MomentQuery {
  @Optional() @OneOf(articleHistory.topics) service?: string;
}
class CompareQuery extends AfterQuery {
  @QueryNumber({ min: 1, max: 1_000_000 }) from!: number;
  @QueryNumber({ min: 1, max: 1_000_000 }) to!: number;
  /** Versions of this correction instead of the article's own. */
  @Optional() @Id() correction?: string;
}

const strict = { additionalProperties: false } as const;
const DifferenceAnswer = Type.Object(
  {
    from: Type.Integer({ minimum: 1, description: 'the version that it is a difference to' }),
    fields: Type.Array(FieldDifference),
    blocks: Type.Array(BlockDifference),
  },
  { ...strict, examples: [examples.difference] },
);
const HistoryEntry = Type.Object(
  {
    id: Type.String({ description: 'of the event' }),
    service: Type.String({ description: articleHistory.topics.join(', ') }),
    position: Type.String({ description: "in that service's log" }),
    type: Type.String({ description: 'the event, as in ArticleApproved' }),
    at: Instant,
    by: Person,
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: 'what else the event says; never the words of a text or a comment',
    }),
    version: Type.Union([Type.Integer(), Type.Null()], { description: 'of the text that it brought, if it did' }),
    correction: Type.Union([IdOf, Type.Null()], { description: 'whose text that is, if not the article’s own' }),
    difference: Type.Union([DifferenceAnswer, Type.Null()], {
      description: 'how that text differs from what stood before it in the same line of work',
    }),
  },
  strict,
);

interface Row {
  readonly service: string;
  readonly position: string;
  readonly at: string;
  readonly line: string | null;
}
/** Texts come with them, two for an entry. */
const usualLimit = 25;

@Controller('articles')
@Roles(...staff)
export class ArticleHistoryController {
  constructor(private readonly models: Projections) {}

  @QueryRoute(':id/history', listOf(HistoryEntry, examples.history, counted), {
    description: 'Everything that happened to it, in all services, oldest first: who did what, and what it changed.',
    paged: true,
  })
  history(@Param('id') id: string, @Query() query: HistoryQuery) {
    const { limit = usualLimit } = query;
    const asked = where({
      'article_id = ?': id,
      'service = ?': query.service,
      'happened_at <= ?::timestamptz': query.at,
    });
    const after = placeOf(query, ['time', 'word', 'position']);
    const place = where(
      { '(happened_at, service, position) > (?::timestamptz, ?::text, ?::bigint)': after },
      asked.values,
    );
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, id);
      const rows = await snapshot.query<Row>(
        `select event_id as id, service, position::text, type, ${utc('happened_at')} as at,
                json_build_object('id', by_id, 'name', by_name) as by, details, version, nullif(line, 'article') as correction, line
           from article_event
          where ${asked.text} and ${place.text}
          order by happened_at, service, article_event.position
          limit ${limit + 1}`,
        place.values,
      );
      if (rows.length === 0 && query.cursor === undefined) await refuseUnknown(snapshot, id);
      const page = pageOf(rows, limit, ({ at, service, position }) => [at, service, position]);
      const differences = await differencesOn(snapshot, id, page.items);
      const items = page.items.map(({ line, ...entry }) => ({
        ...entry,
        difference: (line && differences.get(entry.position)) ?? null,
      }));
      return listAnswer({ ...page, items }, snapshot, await countOf(snapshot, 'from article_event', asked));
    });
  }

  @QueryRoute(':id/difference', DifferenceAnswer, { description: 'How any two versions of its text differ.' })
  difference(@Param('id') id: string, @Query() query: CompareQuery) {
    const { from, to, correction = 'article' } = query;
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, id);
      const of = { articleId: id, line: correction };
      const [before, after] = [await versionOf(snapshot, of, from), await versionOf(snapshot, of, to)];
      if (!before || !after) throw new Problem('not-found', { detail: 'There is no such version of it.' });
      return new Answer(differenceOf(before, after.content), () => ({ 'Stet-Position': snapshot.position }));
    });
  }
}

/** How a text differs from an earlier one. */
const differenceOf = ({ version: from, content: before }: Pick<Standing, 'version' | 'content'>, after: Content) => ({
  from,
  fields: fieldDifferences(before, after),
  blocks: blockDifferences(before.blocks, after.blocks),
});

/** What each save among these events changed, by its position: of every line on the page, told from the texts in a row. */
async function differencesOn(snapshot: Snapshot, articleId: string, rows: readonly Row[]) {
  const found = new Map<string, ReturnType<typeof differenceOf>>();
  for (const [line, on] of Map.groupBy(rows, ({ line }) => line)) {
    const [first, last] = [on.at(0), on.at(-1)];
    if (line === null || !first || !last) continue;
    const shown = new Set(on.map(({ position }) => position));
    const texts = await textsOf(snapshot, { articleId, line }, String(BigInt(first.position) - 1n), last.position);
    texts.forEach(({ position, content }, at) => {
      const before = texts[at - 1];
      if (before && shown.has(position)) found.set(position, differenceOf(before, content));
    });
  }
  return found;
}

async function refuseUnknown(snapshot: Snapshot, id: string): Promise<void> {
  const known = await snapshot.query('select from article_event where article_id = $1 limit 1', [id]);
  if (known.length === 0) throw new Problem('not-found');
}
