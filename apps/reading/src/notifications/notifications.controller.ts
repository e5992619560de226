import { Body, Controller, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { Id, Instant, Person } from '#contracts';
import {
  Caller,
  EventStreams,
  Example,
  LastEventId,
  OneOf,
  Optional,
  OwnRoute,
  PositionToken,
  QueryRoute,
  Roles,
  StreamRoute,
} from '#platform';
import { Projections, type Snapshot } from '#projections';
import { ask, MomentQuery, positionsOf } from '../asking.ts';
import * as examples from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { newsroomBoard } from '../newsroom-board/newsroom-board.projection.ts';
import { staff } from '../roles.ts';
import { kinds, notifications } from './notifications.projection.ts';
import { Tail } from './tail.ts';

class NotificationsQuery extends MomentQuery {
  @Optional() @OneOf(kinds) kind?: string;
  /** Only what the caller has not seen yet, or only what they have. */
  @Optional() @OneOf(['yes', 'no']) seen?: 'yes' | 'no';
}
/** The Stet-Position of the answer that they have looked at. */
@Example({ position: examples.position })
class SeenBody {
  @PositionToken() position!: string;
}

const strict = { additionalProperties: false } as const;
const Notification = Type.Object(
  {
    articleId: Type.Union([Id, Type.Null()], { description: 'null where it is about a planned coverage or a package' }),
    position: Type.String({ description: "of the event in drafting's log" }),
    kind: Type.String({ description: kinds.join(', ') }),
    at: Instant,
    by: Person,
    said: Type.String({ description: 'words that were said with it: a note, a reason; empty when there were none' }),
    about: Type.Record(Type.String(), Type.Unknown(), {
      description: 'the note, suggestion, block, version, task, deadline, planned coverage, or package',
    }),
    headline: Type.String({ description: 'of the article, as it is now; empty where it is about none' }),
    slugline: Type.String(),
    seen: Type.Boolean(),
    parked: Type.Boolean({ description: 'something about its article could not be brought up to date' }),
  },
  strict,
);
const unseen = { unseen: Type.Integer({ minimum: 0, description: 'how many the caller has not seen, of all kinds' }) };
const countedUnseen = { properties: { ...counted.properties, ...unseen }, example: { ...counted.example, unseen: 1 } };
const Seen = Type.Object(unseen, { ...strict, examples: [{ unseen: 0 }] });

interface Who {
  readonly id: string;
  readonly roles: readonly string[];
}
const columns =
  'n.subject, n.article_id, n.position, n.shard, n.kind, n.by_id, n.by_name, n.happened_at, n.said, n.about';
/**
 * What somebody ($1) was told as themselves or in a role ($2), and in a part that they had in an article when it happened. What they did
 * themselves is no news to them.
 */
const told = `
  select mine.*, coalesce(mine.position <= mark.position, false) as seen from (
    select ${columns} from notification n where n.recipient = any($2)
    union
    select ${columns} from part_had had join notification n
        on n.subject = had.subject and n.recipient = 'part ' || had.part and n.position > had.position
     where had.person_id = $1 and not exists (
       select from part_had later where later.subject = had.subject and later.part = had.part and later.place = had.place
          and later.position > had.position and later.position < n.position)
  ) mine left join seen_mark mark on mark.person = $1 and mark.topic = 'drafting' and mark.shard = mine.shard
  where mine.by_id <> $1`;
const mine = ({ id, roles }: Who) => [id, [`person ${id}`, ...roles.map((role) => `role ${role}`)]];

interface Row {
  readonly subject: string;
  readonly position: string;
  readonly at: string;
}
const models = [notifications.name, newsroomBoard.name];

/** What the caller has to know of. */
@Controller('notifications')
@Roles(...staff)
export class NotificationsController {
  constructor(
    private readonly models: Projections,
    private readonly streams: EventStreams,
    private readonly tail: Tail,
  ) {}

  @QueryRoute('', listOf(Notification, examples.notification, countedUnseen), {
    description:
      'What the caller was told, newest first: mentions, decisions, what became of their work, what they are asked to do.',
    paged: true,
  })
  notifications(@Caller() caller: Who, @Query() query: NotificationsQuery) {
    const { limit = usualLimit, kind, seen } = query;
    const asked = where(
      { 'kind = ?': kind, 'seen = ?': seen && seen === 'yes', 'happened_at <= ?::timestamptz': query.at },
      mine(caller),
    );
    const after = placeOf(query, ['time', 'id', 'position']);
    const place = where(
      { '(happened_at, subject, position) < (?::timestamptz, ?::uuid, ?::bigint)': after },
      asked.values,
    );
    return ask(this.models, models, query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select told.article_id as "articleId", told.subject, told.position::text, told.kind, ${utc('happened_at')} as at,
                json_build_object('id', by_id, 'name', by_name) as by, said, about, coalesce(headline, '') as headline,
                coalesce(slugline, '') as slugline, seen
           from (select * from (${told}) all_told where ${asked.text} and ${place.text}
                  order by happened_at desc, subject desc, position desc limit ${limit + 1}) told
           left join newsroom_board board using (article_id)
          order by happened_at desc, told.subject desc, told.position desc`,
        place.values,
      );
      const page = pageOf(rows, limit, ({ at, subject, position }) => [at, subject, position]);
      const items = page.items.map(({ subject, ...item }) => ({ ...item, parked: snapshot.parked.has(subject) }));
      const total = await countOf(snapshot, `from (${told}) all_told`, asked);
      return listAnswer({ ...page, items }, snapshot, { ...total, ...(await unseenOf(snapshot, caller)) });
    });
  }

  @StreamRoute(
    'events',
    'The same as it is told: `notification`. Its `id` is a position for `?after=` of any query.',
    `event: notification\nid: ${examples.position}\ndata: ${JSON.stringify(examples.toldOne)}\n\n`,
  )
  async listen(@Caller() caller: Who, @LastEventId() last: string | undefined, @Res() reply: FastifyReply) {
    const now = last ?? (await this.models.position([notifications.name]));
    const after = positionsOf({ after: now }).filter(({ service }) => service === 'drafting');
    const stream = this.streams.open(reply, caller.id);
    const told = (notification: object, id: string) => {
      stream.send('notification', notification, id);
    };
    stream.onEnd(this.tail.follow({ id: caller.id, roles: caller.roles, after, tell: told }));
  }

  @OwnRoute('seen', Seen, 'Marks as seen what an answer of this position, and any before it, told the caller.')
  async see(@Caller() caller: Who, @Body() { position }: SeenBody) {
    await this.models.seen.mark(caller.id, positionsOf({ after: position }));
    return ask(this.models, models, {}, (snapshot) => unseenOf(snapshot, caller));
  }
}

async function unseenOf(snapshot: Snapshot, caller: Who) {
  const [row] = await snapshot.query<{ unseen: number }>(
    `select count(*)::int as unseen from (${told}) all_told where not seen`,
    mine(caller),
  );
  return { unseen: row?.unseen ?? 0 };
}
