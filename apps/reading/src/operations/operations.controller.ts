import { Body, Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Answer, Example, OneOf, OperationRoute, Optional, Problem, QueryRoute, ReadRoute, Roles } from '#platform';
import { type GenerationProgress, Projections } from '#projections';
import { AfterQuery, ask } from '../asking.ts';
import * as examples from '../examples.ts';
import { readModelNames } from '../read-models.ts';

@Example({ readModel: 'article_page' })
class RebuildBody {
  /** One of them; all without it. */
  @Optional() @OneOf(readModelNames) readModel?: string;
  /** Drops first what there is, and serves what comes: for what was made from a log that is no longer read. */
  @Optional() @OneOf(['yes', 'no']) fromNothing?: string;
}

const strict = { additionalProperties: false } as const;
const Rebuilding = Type.Object(
  {
    rebuilding: Type.Array(
      Type.Object(
        {
          readModel: Type.String(),
          version: Type.Integer({ description: 'of the generation that is built' }),
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
const Compared = Type.Union([
  Type.Object(
    {
      digest: Type.String(),
      position: Type.String(),
      parked: Type.Array(Type.Object({ topic: Type.String(), key: Type.String() }, strict)),
    },
    strict,
  ),
  Type.Null(),
]);
const GenerationList = Type.Object(
  {
    generations: Type.Array(
      Type.Object(
        {
          readModel: Type.String(),
          version: Type.Integer({ description: 'counts the generations' }),
          definition: Type.Integer({ description: 'version in the code that it is folded by' }),
          state: Type.String({ enum: ['building', 'alike', 'failed', 'kept'] }),
          serving: Type.Boolean(),
          done: Type.Integer({ description: 'events read' }),
          of: Type.Integer({ description: 'as many as what serves has read' }),
          perSecond: Type.Union([Type.Number(), Type.Null()], { description: 'events, while it is built' }),
          secondsLeft: Type.Union([Type.Integer(), Type.Null()]),
          expected: Compared,
          found: Compared,
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [{ generations: [examples.generation] }] },
);
const Named = Type.Object(
  { readModel: Type.String(), version: Type.Integer() },
  { ...strict, examples: [{ readModel: 'article_page', version: 1 }] },
);
class NothingSaid {}

const refused = {
  unknown: 'not-found',
  behind: 'generation-behind',
  serves: 'generation-serves',
  'not-compared': 'generation-not-compared',
} as const;

function named(readModel: string, version: string) {
  if (!readModelNames.includes(readModel) || !/^[1-9]\d{0,8}$/.test(version)) throw new Problem('not-found');
  return { readModel, version: Number(version) };
}

function told(row: GenerationProgress) {
  const { projection: readModel, version, definition, state, serving, done, of } = row;
  const building = row.lane === 'own';
  const perSecond = building ? Math.round(row.perSecond) : null;
  const secondsLeft = building && row.perSecond > 0 ? Math.ceil((of - done) / row.perSecond) : null;
  const [expected, found] = [row.expected, row.found].map(
    (one) => one && { digest: one.digest, position: one.position, parked: one.parked },
  );
  return { readModel, version, definition, state, serving, done, of, perSecond, secondsLeft, expected, found };
}

/** What operators see of the read models and do with them. */
@Controller('operations')
@Roles('operator', 'auditor')
export class OperationsController {
  constructor(private readonly models: Projections) {}

  @OperationRoute('rebuild', Rebuilding, 'Builds read models again beside those that serve.')
  @Roles('operator')
  async rebuild(@Body() { readModel, fromNothing }: RebuildBody) {
    const rebuilding = [];
    for (const name of readModel === undefined ? readModelNames : [readModel]) {
      const begin = fromNothing === 'yes' ? this.models.startOver(name) : this.models.rebuild(name);
      rebuilding.push({ readModel: name, version: await begin });
    }
    return { rebuilding };
  }

  @ReadRoute(
    'generations',
    GenerationList,
    'What each read model has in tables: what serves, is built, failed or is kept.',
  )
  async generations() {
    const rows = await this.models.generations();
    return { generations: rows.map(told) };
  }

  @OperationRoute(
    'generations/:readModel/:version/serve',
    Named,
    'Lets it serve: the way back. Never one that is older.',
  )
  @Roles('operator')
  async serve(@Param('readModel') readModel: string, @Param('version') version: string, @Body() _body: NothingSaid) {
    const of = named(readModel, version);
    const served = await this.models.serve(of.readModel, of.version);
    if (served !== 'serves') throw new Problem(refused[served]);
    return of;
  }

  @OperationRoute('generations/:readModel/:version/drop', Named, 'Drops its tables. Never of one that serves.')
  @Roles('operator')
  async drop(@Param('readModel') readModel: string, @Param('version') version: string, @Body() _body: NothingSaid) {
    const of = named(readModel, version);
    const dropped = await this.models.drop(of.readModel, of.version);
    if (dropped !== 'dropped') throw new Problem(refused[dropped]);
    return of;
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
