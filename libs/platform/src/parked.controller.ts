import { Body, Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Instant, Person } from '#contracts';
import type { Actor } from '#decider';
import { type Asking, type Parked, Parking, type Wished } from '#parking';
import { Caller, Roles } from './admission.ts';
import { Answer, linkTo } from './answer.ts';
import { Example, Optional, QueryNumber, Text } from './fields.ts';
import { Problem } from './problem.ts';
import { OperationRoute, ReadRoute } from './routes.ts';

class PageQuery {
  @Optional() @QueryNumber({ min: 1, max: 100 }) limit?: number;
  @Optional() @QueryNumber({ min: 1, max: 999_999_999 }) cursor?: number;
}
class NothingSaid {}
@Example({ reason: 'Sent by mistake; the desk was told.' })
class SkipBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}

const strict = { additionalProperties: false } as const;
const Wish = Type.Union([Type.Literal('retry'), Type.Literal('skip')]);
const outcomes = ['applied', 'skipped', 'failed', 'gone'] as const;
/** A parked message, wherever it is told of. */
const told = {
  number: Type.String(),
  reader: Type.String({ description: '`reactions`, or a read model with its version' }),
  topic: Type.String(),
  partition: Type.Integer(),
  key: Type.String({ description: 'the id of the article' }),
  messageId: Type.String(),
  type: Type.String(),
};
const ParkedMessage = {
  ...told,
  reason: Type.String(),
  parkedAt: Instant,
  wish: Type.Union([Wish, Type.Null()], { description: 'what was wished for it and is not done yet' }),
};
const WishedOne = Type.Object(
  {
    ...told,
    parkedBecause: Type.String(),
    wish: Wish,
    reason: Type.String(),
    by: Person,
    askedAt: Instant,
    doneAt: Type.Union([Instant, Type.Null()]),
    outcome: Type.Union([...outcomes.map((outcome) => Type.Literal(outcome)), Type.Null()], {
      description: '`failed`: it is still parked; `gone`: it was not parked any more',
    }),
    failure: Type.String({ description: 'why it failed again' }),
  },
  strict,
);

const example = {
  ...{ number: '7', reader: 'reactions', topic: 'drafting', partition: 0, type: 'ArticleApproved' },
  ...{ key: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05', messageId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0d' },
};
const parkedExample = {
  ...{ ...example, reason: 'not-found: There is nothing here by that id.', wish: null },
  parkedAt: '2026-03-01T08:00:00.000Z',
};
const wishedExample = {
  ...{ ...example, parkedBecause: parkedExample.reason, wish: 'skip', reason: 'The desk was told.' },
  ...{ by: { id: 'omar', name: 'Omar' }, askedAt: '2026-03-01T08:20:00.000Z', doneAt: '2026-03-01T08:20:01.000Z' },
  ...{ outcome: 'skipped', failure: '' },
};
const pageOf = <T extends Type.TObject>(item: T, shown: object) =>
  Type.Object({ items: Type.Array(item) }, { ...strict, examples: [{ items: [shown] }] });
const ParkedList = pageOf(Type.Object(ParkedMessage, strict), parkedExample);
const WishedList = pageOf(WishedOne, wishedExample);
const ParkedWhole = Type.Object(
  {
    ...ParkedMessage,
    message: Type.Unknown({ description: 'as it came; what is personal in it is sealed' }),
    behind: Type.Integer({ description: 'messages of its key that wait for it' }),
    wishes: Type.Array(WishedOne),
  },
  { ...strict, examples: [{ ...parkedExample, message: { type: 'ArticleApproved' }, behind: 0, wishes: [] }] },
);
const Asked = Type.Object(
  { number: Type.String(), wish: Wish },
  { ...strict, examples: [{ number: '7', wish: 'retry' }] },
);
const AskedAll = Type.Object({ keys: Type.Integer() }, { ...strict, examples: [{ keys: 3 }] });

const shownParked = ({ parkedAt, ...parked }: Parked) => ({ ...parked, parkedAt: parkedAt.toISOString() });
const shownWished = ({ id: _id, askedAt, doneAt, ...wished }: Wished) => ({
  ...{ ...wished, askedAt: askedAt.toISOString(), doneAt: doneAt?.toISOString() ?? null },
});

/** A page, and the address of the next by the number of its last. */
function paged<R, S>(
  rows: readonly R[],
  limit: number,
  { shown, numberOf }: { shown: (row: R) => S; numberOf: (row: R) => string },
) {
  const last = rows.at(limit - 1);
  return new Answer({ items: rows.slice(0, limit).map(shown) }, ({ url }) =>
    linkTo(url, rows.length > limit && last !== undefined ? numberOf(last) : undefined),
  );
}
const usualLimit = 50;
/** Numbers that Postgres can count to; whatever else is asked for is not there. */
const isNumber = (text: string) => /^\d{1,18}$/.test(text);

/** What operators see of messages that could not be applied, and do with them. Everything done is written down with their name. */
@Controller('operations')
@Roles('operator', 'auditor')
export class ParkedController {
  constructor(private readonly parking: Parking) {}

  @ReadRoute('parked', ParkedList, 'Messages that could not be applied, and those that wait for them, oldest first.')
  async parked(@Query() { limit = usualLimit, cursor }: PageQuery) {
    const rows = await this.parking.list({ limit: limit + 1, cursor: String(cursor ?? 0) });
    return paged(rows, limit, { shown: shownParked, numberOf: ({ number }) => number });
  }

  @ReadRoute('parked/:number', ParkedWhole, 'One of them whole.')
  async one(@Param('number') number: string) {
    const found = isNumber(number) ? await this.parking.find(number) : undefined;
    if (!found) throw new Problem('not-found');
    const { message, behind, wishes, ...parked } = found;
    return { ...shownParked(parked), message, behind, wishes: wishes.map(shownWished) };
  }

  @ReadRoute('wishes', WishedList, 'All that was ever wished for parked messages, and what came of it, newest first.')
  async wishes(@Query() { limit = usualLimit, cursor }: PageQuery) {
    const rows = await this.parking.history({
      limit: limit + 1,
      cursor: cursor === undefined ? undefined : String(cursor),
    });
    return paged(rows, limit, { shown: shownWished, numberOf: ({ id }) => id });
  }

  @OperationRoute('parked/retry', AskedAll, 'Has all of them tried again, each key from its first.')
  @Roles('operator')
  async retryAll(@Body() _body: NothingSaid, @Caller() { id, name }: Actor) {
    return { keys: await this.parking.retryAll({ id, name }) };
  }

  @OperationRoute(
    'parked/:number/retry',
    Asked,
    'Has it tried again, from the first of its key up to the next that fails.',
  )
  @Roles('operator')
  retry(@Param('number') number: string, @Body() _body: NothingSaid, @Caller() by: Actor) {
    return this.ask(number, { wish: 'retry', by });
  }

  @OperationRoute('parked/:number/skip', Asked, 'Leaves it out for good, and applies those that wait for it.')
  @Roles('operator')
  skip(@Param('number') number: string, @Body() { reason }: SkipBody, @Caller() by: Actor) {
    return this.ask(number, { wish: 'skip', by, reason });
  }

  private async ask(number: string, asking: Asking) {
    if (!isNumber(number) || !(await this.parking.ask(number, asking))) throw new Problem('not-found');
    return { number, wish: asking.wish };
  }
}
