import { Body, Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Instant } from '#contracts';
import { Answer, Example, OneOf, OperationRoute, Optional, Problem, QueryRoute, ReadRoute, Roles } from '#platform';
import { Projections } from '#projections';
import { AfterQuery, ask } from '../asking.ts';
import * as examples from '../examples.ts';
import { readModelNames } from '../read-models.ts';

@Example({ readModel: 'article_page' })
class RebuildBody {
  /** One of them; all without it. */
  @Optional() @OneOf(readModelNames) readModel?: string;
}

class NothingSaid {}

const strict = { additionalProperties: false } as const;
const Rebuilding = Type.Object(
  {
    rebuilding: Type.Array(
      Type.Object(
        {
          readModel: Type.String(),
          position: Type.String({
            description: 'where it stood: with `?after=` of this, a query waits for it to be back',
          }),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.rebuilding] },
);
const Digests = Type.Object(
  {
    digests: Type.Array(
      Type.Object(
        {
          readModel: Type.String(),
          version: Type.Integer(),
          digest: Type.String({ description: 'of all rows: equal logs give equal digests, on every machine' }),
          rows: Type.Record(Type.String(), Type.Integer(), { description: 'how many in each table' }),
          position: Type.String({ description: 'up to which events were applied' }),
          parked: Type.Array(Type.Object({ topic: Type.String(), key: Type.String() }, strict), {
            description: 'what is missing in it',
          }),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.digests] },
);
const ParkedEvent = Type.Object(
  {
    number: Type.String(),
    readModel: Type.String(),
    version: Type.Integer(),
    topic: Type.String(),
    partition: Type.Integer(),
    key: Type.String({ description: 'the id of the article' }),
    type: Type.String(),
    reason: Type.String(),
    wish: Type.Union([Type.Literal('retry'), Type.Literal('skip'), Type.Null()]),
    parkedAt: Instant,
  },
  strict,
);
const ParkedEvents = Type.Object({ parked: Type.Array(ParkedEvent) }, { ...strict, examples: [examples.parked] });
const Wished = Type.Object(
  { number: Type.String(), wish: Type.Union([Type.Literal('retry'), Type.Literal('skip')]) },
  { ...strict, examples: [examples.wished] },
);

/** What operators see of the read models and do with them. */
@Controller('operations')
@Roles('operator', 'auditor')
export class OperationsController {
  constructor(private readonly models: Projections) {}

  @OperationRoute('rebuild', Rebuilding, 'Drops read models and reads the topics from their start.')
  @Roles('operator')
  async rebuild(@Body() { readModel }: RebuildBody) {
    const rebuilding = [];
    for (const name of readModel === undefined ? readModelNames : [readModel])
      rebuilding.push({ readModel: name, position: await this.models.rebuild(name) });
    return { rebuilding };
  }

  @QueryRoute('digests', Digests, { description: 'What all rows of each read model come to.' })
  async digests(@Query() query: AfterQuery) {
    const position = await ask(this.models, readModelNames, query, (snapshot) => Promise.resolve(snapshot.position));
    const digests = [];
    for (const name of readModelNames) {
      const { projection: readModel, ...digest } = await this.models.digest(name);
      digests.push({ readModel, ...digest });
    }
    return new Answer({ digests }, () => ({ 'Stet-Position': position }));
  }

  @ReadRoute('parked', ParkedEvents, 'Events that could not be applied, and those that wait for them.')
  async parked() {
    const parked = await this.models.allParked();
    return {
      parked: parked.map(({ id: number, projection: readModel, parkedAt, ...event }) => {
        return { number, readModel, ...event, parkedAt: parkedAt.toISOString() };
      }),
    };
  }

  @OperationRoute('parked/:number/retry', Wished, 'Has it tried again, and then those that wait for it.')
  @Roles('operator')
  retry(@Param('number') number: string, @Body() _body: NothingSaid) {
    return this.wish(number, 'retry');
  }

  @OperationRoute('parked/:number/skip', Wished, 'Leaves it out for good, and applies those that wait for it.')
  @Roles('operator')
  skip(@Param('number') number: string, @Body() _body: NothingSaid) {
    return this.wish(number, 'skip');
  }

  private async wish(number: string, wish: 'retry' | 'skip') {
    const parked = await this.models.allParked();
    if (!parked.some(({ id }) => id === number)) throw new Problem('not-found');
    await this.models.ask(number, wish);
    return { number, wish };
  }
}
