import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { approvers, Id, Instant, Person } from '#contracts';
import { Caller, linkTo, OneOf, Optional, QueryRoute, Roles, Text, written } from '#platform';
import { Projections } from '#projections';
import { askRow, MomentQuery } from '../asking.ts';
import { board } from '../examples.ts';
import { counted, cursorOf, listOf, placeOf, usualLimit, where } from '../lists.ts';
import { staff } from '../roles.ts';
import {
  awaits,
  boardNow,
  type BoardPage,
  boardPage,
  legalNow,
  missedBy,
  mineNow,
  publicationNow,
  stateNow,
  turnNames,
  turns,
  withCorrection,
} from './board.sql.ts';
import { boardAt, boardPast } from './board-past.projection.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

export const states = ['draft', 'submitted', 'returned', 'editing', 'approved', 'spiked', 'killed'];
const publicationStates = [
  'none',
  'cleared',
  'scheduled',
  'published',
  'held',
  'kill-asked',
  'unpublished',
  'stopped',
  'killed',
];

const secondLooks = ['owed', 'overdue'];
const legalStates = ['required', 'changes-wanted', 'passed', 'waived', 'refused'];

class BoardQuery extends MomentQuery {
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @Text({ max: 64 }) stage?: string;
  /** Whose turn it is to approve: editor, legal, duty-editor or chief. */
  @Optional() @OneOf(approvers) awaits?: string;
  @Optional() @OneOf(states) state?: string;
  @Optional() @OneOf(publicationStates) publication?: string;
  /** The id of who has it in hand. */
  @Optional() @Text({ max: 200 }) editor?: string;
  /** The id of whom it is assigned to. */
  @Optional() @Text({ max: 200 }) assignee?: string;
  /** The id of who started it. */
  @Optional() @Text({ max: 200 }) writer?: string;
  /** How its legal check stands, or that of an open correction. */
  @Optional() @OneOf(legalStates) legal?: string;
  /** Over, and the text not approved. */
  @Optional() @OneOf(['missed']) deadline?: string;
  /** Owed of what one person approved alone; overdue after an hour. */
  @Optional() @OneOf(secondLooks) secondLook?: string;
  /** Who must act next. */
  @Optional() @OneOf(turnNames) next?: keyof typeof turns;
}

const strict = { additionalProperties: false } as const;
const orNull = (version: ReturnType<typeof Type.Integer>) => Type.Union([version, Type.Null()]);
const Awaits = Type.Union([
  Type.Object(
    {
      step: Type.String({ description: 'of its approval; empty when all are settled but the approval itself' }),
      by: Type.String({ description: 'who takes it' }),
      rejected: Type.Optional(Type.Boolean({ description: 'it was rejected: an editor resumes the approval' })),
    },
    strict,
  ),
  Type.Null(),
]);
export const BoardItem = Type.Object(
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
    assignee: Type.Union([Person, Type.Null()], { description: 'whom it is assigned to' }),
    editor: Type.Union([Type.Object({ id: Type.String(), name: Type.String() }, strict), Type.Null()], {
      description: 'who has it in hand',
    }),
    deadline: Type.Union(
      [Type.Object({ at: Instant, zone: Type.String(), missed: Type.Boolean() }, strict), Type.Null()],
      { description: 'missed: it is over, and the text not approved' },
    ),
    secondLook: Type.Union([Type.String({ description: secondLooks.join(', ') }), Type.Null()], {
      description: 'at what one person approved alone',
    }),
    tasks: Type.Integer({ minimum: 0, description: 'open: what has to be done about it' }),
    awaits: { ...Awaits, description: 'whose turn it is, where it is edited and approved in several steps' },
    legal: Type.Union([Type.String({ description: legalStates.join(', ') }), Type.Null()], {
      description:
        'how its legal check stands; what was changed since is required again; null before one was asked for',
    }),
    corrections: Type.Array(
      Type.Object(
        {
          correctionId: Id,
          legal: Type.Union([Type.String(), Type.Null()], { description: 'how its check stands' }),
          awaits: { ...Awaits, description: 'whose turn it is, where it is approved in several steps' },
        },
        strict,
      ),
      { description: 'that are worked on' },
    ),
    notForPublication: Type.Boolean(),
    next: Type.Array(Type.String(), { description: `who must act next: ${turnNames.join(', ')}` }),
    publication: Type.Object(
      {
        state: Type.String({ description: publicationStates.join(', ') }),
        pinned: orNull(Type.Integer({ description: 'the version that would go out' })),
        waiting: orNull(Type.Integer({ description: 'a later one that nobody has taken or scheduled yet' })),
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

interface Who {
  readonly id: string;
  readonly roles: readonly string[];
  readonly desks: readonly string[];
}
@Controller()
@Roles(...staff)
export class NewsroomBoardController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('board', listOf(BoardItem, board, counted), {
    description: 'Every article, what changed last first; with `at`, as the board was then.',
    paged: true,
  })
  board(@Query() query: BoardQuery) {
    return this.find(query, {
      ...{ 'desk = ?': query.desk, 'stage = ?': query.stage, [`${stateNow} = ?`]: query.state },
      ...{ [`${publicationNow} = ?`]: query.publication, 'editor_id = ?': query.editor, 'writer_id = ?': query.writer },
      'assignee_id = ?': query.assignee,
      [`(${legalNow} = ? or ${withCorrection(`${legalNow} = ?`)})`]: query.legal && [query.legal, query.legal],
      [`(${query.next && turns[query.next]})`]: query.next,
      [`(${awaits}->>'by' = ? or ${withCorrection(`next_step->>'by' = ?`)})`]: query.awaits && [
        query.awaits,
        query.awaits,
      ],
      'second_look = ?': query.secondLook,
      [`${missedBy(readOf(query).instant)} = ?`]: query.deadline && true,
    });
  }

  @QueryRoute('my-work', listOf(BoardItem, board, counted), {
    description:
      'What the caller has to do something about: what they write or have in hand, what waits for their desk or their role. With `at`, as it was then.',
    paged: true,
  })
  mine(@Caller() { id, roles, desks }: Who, @Query() query: MomentQuery) {
    return this.find(query, { [mineNow]: [id, id, id, roles, desks, roles, roles, roles, roles, roles].map(one) });
  }

  private async find(query: MomentQuery, filters: Readonly<Record<string, unknown>>) {
    const { at, limit = usualLimit } = query;
    const [model, read] = [at === undefined ? newsroomBoard : boardPast, readOf(query)];
    const asked = where(filters, at === undefined ? [] : [at]);
    const after = { '(updated, article_id) < (?::timestamptz, ?::uuid)': placeOf(query, ['time', 'id']) };
    const place = where(after, asked.values);
    const values = [...place.values, limit];
    const text = boardPage({ condition: asked.text, place: place.text, limit: `$${values.length}` }, read);
    const { row, parked, position } = await askRow<BoardPage>(this.models, [model.name], query, { text, values });
    const { count = 0, left = 0, items = '[]', last } = row ?? {};
    const next = last && left > limit ? cursorOf(last) : undefined;
    const json = `{"items":${marked(items, parked)},"parked":${parked.size},"count":${count}}`;
    return written(json, ({ url }) => ({ 'Stet-Position': position, ...linkTo(url, next) }));
  }
}

/** Items are read and written again only where something is set aside. */
function marked(items: string, parked: ReadonlySet<string>): string {
  if (parked.size === 0) return items;
  const listed = JSON.parse(items) as { articleId: string }[];
  return JSON.stringify(listed.map((item) => ({ ...item, parked: parked.has(item.articleId) })));
}

/** As it is now, or as it was. */
const readOf = ({ at }: MomentQuery) => (at === undefined ? boardNow : boardAt('$1'));

/** A list goes as one value. */
const one = (value: string | readonly string[]) =>
  typeof value === 'string' ? value : `{${value.map((text) => JSON.stringify(text)).join()}}`;
