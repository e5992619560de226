import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { Id as IdOf, Instant } from '#contracts';
import { Id, OneOf, Optional, QueryRoute, Roles, Text } from '#platform';
import { Projections } from '#projections';
import { ask, MomentQuery } from '../asking.ts';
import { pack as example } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { publicationNow } from '../newsroom-board/board.sql.ts';
import { boardAt, boardPast } from '../newsroom-board/board-past.projection.ts';
import { newsroomBoard } from '../newsroom-board/newsroom-board.projection.ts';
import { asOf } from '../past.ts';
import { staff } from '../roles.ts';
import { packages } from './packages.projection.ts';

const states = ['open', 'ready', 'discarded'];

class PackageQuery extends MomentQuery {
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @OneOf(['package', 'list']) kind?: string;
  /** Without it, all that are not discarded. */
  @Optional() @OneOf(states) state?: string;
  /** The id of an article or a package that is a part of it. */
  @Optional() @Id() part?: string;
  /** Whether all of it can be shown. */
  @Optional() @OneOf(['yes', 'no']) fit?: string;
}

const strict = { additionalProperties: false } as const;
const PackageItem = Type.Object(
  {
    ...{ packageId: IdOf, desk: Type.String(), kind: Type.String({ description: 'package or list' }) },
    ...{ name: Type.String(), state: Type.String({ description: states.join(', ') }) },
    parts: Type.Array(
      Type.Object(
        {
          ...{ is: Type.String({ description: 'article or package' }), id: IdOf },
          name: Type.String({ description: 'headline of the article, name of the package; empty where there is none' }),
          state: Type.String({ description: 'of the publication of the article, of the package; else unknown' }),
        },
        strict,
      ),
      { description: 'in order' },
    ),
    unfit: Type.Integer({
      minimum: 0,
      description: 'parts, of itself and of packages in it, that cannot be shown; 1 where one of those is empty',
    }),
    updatedAt: Instant,
    parked: Type.Boolean({ description: 'something about it could not be brought up to date' }),
  },
  strict,
);

/** What is read; as of an instant, what goes by these names is made of that once. */
const now = { models: [packages.name, newsroomBoard.name], before: '' };
const then = {
  models: [packages.name, boardPast.name],
  before: `with package as materialized (select * from ${asOf('package', '$1')}),
    newsroom_board as materialized (
      select newsroom_board.* from (select distinct (part->>'id')::uuid as id from package, jsonb_array_elements(parts) part) part
       cross join lateral ${boardAt('$1').one('part.id')})`,
};
const listed = '(select * from package where desk is not null) outermost';
/** How many parts there are in it, however deep, that cannot be shown. No package holds itself, so that this ends. */
const unfit = `(
  with recursive inside (kind, id) as (
    select 'package', outermost.package_id
    union
    select part->>'is', (part->>'id')::uuid
      from inside join package on inside.kind = 'package' and package_id = inside.id, jsonb_array_elements(parts) part
  )
  select count(*)::int from inside
    left join package on inside.kind = 'package' and package_id = inside.id
    left join newsroom_board on inside.kind = 'article' and article_id = inside.id
   where case inside.kind
           when 'article' then ${publicationNow} <> 'published'
           else inside.id <> outermost.package_id and coalesce(package.state, 'discarded') = 'discarded' or package.parts = '[]'
         end)`;
const partsOf = `(
  select coalesce(json_agg(json_build_object(
           'is', part->>'is', 'id', part->>'id', 'name', coalesce(headline, package.name, ''),
           'state', case part->>'is' when 'article' then case when newsroom_board.state is null then 'unknown' else ${publicationNow} end
                                     else coalesce(package.state, 'unknown') end) order by place), '[]')
    from jsonb_array_elements(outermost.parts) with ordinality as within (part, place)
    left join newsroom_board on part->>'is' = 'article' and article_id = (part->>'id')::uuid
    left join package on part->>'is' = 'package' and package_id = (part->>'id')::uuid)`;

interface Row {
  readonly packageId: string;
  readonly updatedAt: string;
  readonly key: string;
}

/** Packages and lists of articles, with what is in them. */
@Controller('packages')
@Roles(...staff)
export class PackagesController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('', listOf(PackageItem, example, counted), {
    description:
      'Packages and curated lists with their parts in order, and whether all of them can be shown; what changed last first. With `at`, as they were then.',
    paged: true,
  })
  list(@Query() query: PackageQuery) {
    const { limit = usualLimit, at, state, part, fit } = query;
    const { models, before } = at === undefined ? now : then;
    const asked = where(
      {
        ...{ 'desk = ?': query.desk, 'kind = ?': query.kind, 'state = ?': state },
        'state <> ?': state === undefined ? 'discarded' : undefined,
        'parts @> ?::jsonb': part && JSON.stringify([{ id: part }]),
        [`(${unfit} = 0) = ?`]: fit && fit === 'yes',
      },
      at === undefined ? [] : [at],
    );
    const place = where(
      { '(changed_at, package_id) < (?::timestamptz, ?::uuid)': placeOf(query, ['time', 'id']) },
      asked.values,
    );
    return ask(this.models, models, query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `${before} select package_id as "packageId", desk, kind, name, state, ${partsOf} as parts, ${unfit} as unfit,
                ${utc('changed_at')} as "updatedAt", log_key as key
           from ${listed}
          where ${asked.text} and ${place.text}
          order by changed_at desc, package_id desc
          limit ${limit + 1}`,
        place.values,
      );
      const total = await countOf(snapshot, `from ${listed}`, asked, before);
      const page = pageOf(rows, limit, ({ updatedAt, packageId }) => [updatedAt, packageId]);
      const items = page.items.map(({ key, ...item }) => ({ ...item, parked: snapshot.parked.has(key) }));
      return listAnswer({ ...page, items }, snapshot, total);
    });
  }
}
