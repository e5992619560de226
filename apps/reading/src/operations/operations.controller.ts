import { Body, Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { Answer, Example, OneOf, OperationRoute, Optional, QueryRoute, Roles } from '#platform';
import { Projections } from '#projections';
import { AfterQuery, ask } from '../asking.ts';
import * as examples from '../examples.ts';
import { readModelNames } from '../read-models.ts';

@Example({ readModel: 'article_page' })
class RebuildBody {
  /** One of them; all without it. */
  @Optional() @OneOf(readModelNames) readModel?: string;
}

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
}
