import { Controller, Query } from '@nestjs/common';
import Type, { type TSchema } from 'typebox';
import { Id as IdOf, Instant, Person } from '#contracts';
import { Id, OneOf, Optional, QueryRoute, Roles, Text } from '#platform';
import { Projections } from '#projections';
import { ask, MomentQuery } from '../asking.ts';
import { coverage } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { asOf, oneAsOf } from '../past.ts';
import { staff } from '../roles.ts';
import { coverages } from './coverages.projection.ts';

const states = ['planned', 'assigned', 'accepted', 'declined', 'completed', 'cancelled'];

class CoverageQuery extends MomentQuery {
  @Optional() @Id() planId?: string;
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @OneOf(states) state?: string;
  /** The id of whoever was asked to do it. */
  @Optional() @Text({ max: 200 }) assignee?: string;
  @Optional() @OneOf(['missed', 'met']) deadline?: string;
}

const orNull = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const strict = { additionalProperties: false } as const;
const CoverageItem = Type.Object(
  {
    coverageId: IdOf,
    plan: Type.Object(
      {
        id: IdOf,
        desk: Type.String(),
        name: Type.String(),
        starts: Instant,
        zone: Type.String(),
        place: Type.String(),
      },
      strict,
    ),
    state: Type.String({ description: states.join(', ') }),
    what: Type.String(),
    note: Type.String(),
    due: orNull(Instant),
    minutesMissed: Type.Integer({
      minimum: 0,
      description: 'by which its deadline was missed, or has been until then; 0 where it was not',
    }),
    assignee: orNull(Person),
    articleId: orNull(IdOf),
    completedAt: orNull(Instant),
    parked: Type.Boolean({ description: 'something about its plan could not be brought up to date' }),
  },
  strict,
);

/** What is cancelled misses nothing. */
const missedBy = (instant: string) => `case when state <> 'cancelled' and due < coalesce(completed_at, ${instant})
                     then ceil(extract(epoch from coalesce(completed_at, ${instant}) - due) / 60) else 0 end::int`;
/** What is read, and the instant that it is as of. */
const now = { source: 'planned_event join planned_coverage using (plan_id)', instant: 'now()' };
const then = {
  source: `${asOf('planned_coverage', '$1')}
    join lateral ${oneAsOf('planned_event', 'plan_id = planned_coverage.plan_id', '$1')} using (plan_id)`,
  instant: '$1::timestamptz',
};
type Row = { readonly plan: { readonly id: string; readonly starts: string } } & Record<'coverageId', string>;

@Controller('coverages')
@Roles(...staff)
export class CoverageController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(CoverageItem, coverage, counted), {
    description:
      'Planned coverages, in the order in which what they cover happens, with the minutes by which deadlines were missed; with `at`, as they were planned then.',
    paged: true,
  })
  list(@Query() query: CoverageQuery) {
    const { limit = usualLimit, deadline, at } = query;
    const { source, instant } = at === undefined ? now : then;
    const missed = missedBy(instant);
    const asked = where(
      {
        ...{ 'plan_id = ?': query.planId, 'desk = ?': query.desk, 'state = ?': query.state },
        ...{ 'assignee_id = ?': query.assignee, [`(${missed} > 0) = ?`]: deadline && deadline === 'missed' },
      },
      at === undefined ? [] : [at],
    );
    const place = where(
      { '(starts, coverage_id) > (?::timestamptz, ?::uuid)': placeOf(query, ['time', 'id']) },
      asked.values,
    );
    return ask(this.models, [coverages.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select coverage_id as "coverageId", state, what, note, ${utc('due')} as due, ${missed} as "minutesMissed",
                json_build_object('id', plan_id, 'desk', desk, 'name', name, 'starts', ${utc('starts')}, 'zone', zone,
                                  'place', place) as plan,
                case when assignee_id is not null then json_build_object('id', assignee_id, 'name', assignee_name) end
                  as assignee,
                article_id as "articleId", ${utc('completed_at')} as "completedAt"
           from ${source}
          where ${asked.text} and ${place.text}
          order by starts, coverage_id
          limit ${limit + 1}`,
        place.values,
      );
      const total = await countOf(snapshot, `from ${source}`, asked);
      const page = pageOf(rows, limit, ({ plan, coverageId }) => [plan.starts, coverageId]);
      const items = page.items.map((item) => ({ ...item, parked: snapshot.parked.has(item.plan.id) }));
      return listAnswer({ ...page, items }, snapshot, total);
    });
  }
}
