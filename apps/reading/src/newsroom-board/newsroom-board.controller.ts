import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { approvers, Id, Instant } from '#contracts';
import { OneOf, Optional, QueryRoute, Roles, Text } from '#platform';
import { Projections } from '#projections';
import { ask, ListQuery } from '../asking.ts';
import { board } from '../examples.ts';
import { listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

const states = ['draft', 'submitted', 'returned', 'editing', 'approved', 'spiked', 'killed'];
const publicationStates = [
  'none',
  'cleared',
  'scheduled',
  'published',
  'kill-asked',
  'unpublished',
  'stopped',
  'killed',
];

class BoardQuery extends ListQuery {
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @Text({ max: 64 }) stage?: string;
  /** Whose turn it is to approve: editor, legal, duty-editor or chief. */
  @Optional() @OneOf(approvers) awaits?: string;
  @Optional() @OneOf(states) state?: string;
  @Optional() @OneOf(publicationStates) publication?: string;
  /** The id of who has it in hand. */
  @Optional() @Text({ max: 200 }) editor?: string;
}

const strict = { additionalProperties: false } as const;
const orNull = (version: ReturnType<typeof Type.Integer>) => Type.Union([version, Type.Null()]);
const BoardItem = Type.Object(
  {
    articleId: Id,
    desk: Type.String(),
    stage: Type.String({ description: 'of its desk; empty where that has none' }),
    kind: Type.String(),
    state: Type.String({ description: states.join(', ') }),
    slugline: Type.String(),
    headline: Type.String(),
    section: Type.String(),
    urgency: Type.Integer(),
    version: Type.Integer({ description: 'of the text as the working line has it' }),
    approved: orNull(Type.Integer({ description: 'the version approved last' })),
    writer: Type.String({ description: 'who started it' }),
    editor: Type.Union([Type.Object({ id: Type.String(), name: Type.String() }, strict), Type.Null()], {
      description: 'who has it in hand',
    }),
    tasks: Type.Integer({ minimum: 0, description: 'open: what has to be done about it' }),
    awaits: Type.Union(
      [
        Type.Object(
          {
            step: Type.String({ description: 'of its approval; empty when all are settled but the approval itself' }),
            by: Type.String({ description: 'who takes it' }),
            rejected: Type.Optional(Type.Boolean({ description: 'it was rejected: an editor resumes the approval' })),
          },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'whose turn it is, where it is edited and approved in several steps' },
    ),
    publication: Type.Object(
      {
        state: Type.String({ description: publicationStates.join(', ') }),
        pinned: orNull(Type.Integer({ description: 'the version that would go out' })),
        waiting: orNull(Type.Integer({ description: 'a later one that nobody has taken yet' })),
        out: orNull(Type.Integer({ description: 'the version last out' })),
        corrections: Type.Integer({ description: 'approved and not yet out' }),
        scheduled: Type.Union(
          [Type.Object({ due: Instant, zone: Type.String(), overdue: Type.Boolean() }, strict), Type.Null()],
          { description: 'when it goes out by itself; overdue: when it would have, and was kept back' },
        ),
        drift: Type.Union([Type.Number(), Type.Null()], {
          description: 'seconds by which its timer was late when it last came due',
        }),
      },
      strict,
    ),
    updatedAt: Instant,
    parked: Type.Boolean({ description: 'something about it could not be brought up to date' }),
  },
  strict,
);

/** A spike covers the state of the line; what a row does not say has not happened. */
const stateNow = `case when spiked then 'spiked' else state end`;
const awaits = `(case when state = 'editing' and not spiked then coalesce(next_step, first_step) end)`;
const publicationNow = `coalesce(publication_state, 'none')`;
const updated = 'greatest(drafted_at, publication_at)';

/** The rows of the board that a condition asks for, what changed last first. */
export const boardOf = (condition: string, limit: number) => `
  select article_id as "articleId", desk, coalesce(stage, '') as stage, kind, ${stateNow} as state, slugline, headline, section, urgency,
         version, approved_version as approved, writer_name as writer,
         case when editor_id is not null then json_build_object('id', editor_id, 'name', editor_name) end as editor,
         open_tasks as tasks,
         ${awaits} as awaits,
         json_build_object('state', ${publicationNow}, 'pinned', pinned_version, 'waiting', waiting_version,
                           'out', out_version, 'corrections', corrections_waiting, 'drift', schedule_drift, 'scheduled',
                           case when scheduled_at is not null then json_build_object(
                             'due', ${utc('scheduled_at')}, 'zone', scheduled_zone, 'overdue', overdue) end) as publication,
         ${utc(updated)} as "updatedAt"
    from newsroom_board
   where state is not null and ${condition}
   order by ${updated} desc, article_id desc
   limit ${limit}`;

type Row = Record<'articleId' | 'updatedAt', string>;

@Controller('board')
@Roles(...staff)
export class NewsroomBoardController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(BoardItem, board), { description: 'Every article, what changed last first.', paged: true })
  board(@Query() query: BoardQuery) {
    const { limit = usualLimit } = query;
    const asked = where({
      'desk = ?': query.desk,
      'stage = ?': query.stage,
      [`${awaits}->>'by' = ?`]: query.awaits,
      [`${stateNow} = ?`]: query.state,
      [`${publicationNow} = ?`]: query.publication,
      'editor_id = ?': query.editor,
      [`(${updated}, article_id) < (?::timestamptz, ?::uuid)`]: placeOf(query, ['time', 'id']),
    });
    return ask(this.models, [newsroomBoard.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(boardOf(asked.text, limit + 1), asked.values);
      const page = pageOf(rows, limit, ({ updatedAt, articleId }) => [updatedAt, articleId]);
      const items = page.items.map((item) => ({ ...item, parked: snapshot.parked.has(item.articleId) }));
      return listAnswer({ ...page, items }, snapshot);
    });
  }
}
