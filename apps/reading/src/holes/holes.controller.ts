import { Controller } from '@nestjs/common';
import Type from 'typebox';
import { ReadRoute, Roles } from '#platform';
import * as examples from '../examples.ts';
import { Checker } from './checker.ts';

const strict = { additionalProperties: false } as const;
const Hole = Type.Object(
  {
    why: Type.String({
      enum: ['missing', 'differs', 'late', 'ahead'],
      description:
        '`missing`: whoever had to take it has gone past it; `differs`: something else is there; `late`: nobody has come that far, for longer than some seconds; `ahead`: a reader stands past the end',
    }),
    where: Type.String({ description: '`topic feed`, `reactions of publication`, `relay`, or a read model' }),
    service: Type.String({ description: 'in whose log the event stands' }),
    shard: Type.Integer(),
    position: Type.String(),
    article: Type.String({ description: 'its id; empty where it is not known' }),
    type: Type.String(),
    detail: Type.String(),
    since: Type.String({ format: 'date-time' }),
  },
  strict,
);
const Holes = Type.Object(
  {
    checkedSecondsAgo: Type.Number(),
    roundSeconds: Type.Number({ description: 'how long it takes to look at all that is old once more' }),
    holes: Type.Array(Hole),
    parked: Type.Array(Type.Object({ ...Hole.properties, why: Type.Literal('parked') }, strict), {
      description: 'not where it should be, and an operator knows: GET /operations/parked',
    }),
  },
  { ...strict, examples: [examples.holes] },
);

/** What is published, corrected or killed, and has not come to where it should be. */
@Controller('operations')
@Roles('operator', 'auditor')
export class HolesController {
  constructor(private readonly checker: Checker) {}

  @ReadRoute(
    'holes',
    Holes,
    'Events that did not come to where they should be: on topics, in other services, in read models.',
  )
  holes() {
    const { age, round } = this.checker;
    const told = this.checker.holes.map(({ since, ...hole }) => ({ ...hole, since: since.toISOString() }));
    return {
      ...{ checkedSecondsAgo: age, roundSeconds: round },
      holes: told.filter(({ why }) => why !== 'parked'),
      parked: told.filter(({ why }) => why === 'parked'),
    };
  }
}
