import { Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Instant, Person } from '#contracts';
import { Answer, Optional, Problem, QueryNumber, QueryRoute, Roles } from '#platform';
import { Projections, type Snapshot } from '#projections';
import { AfterQuery, ask, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { utc } from '../lists.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';
import { blameOf } from './blame.ts';
import { type Standing, textsOf, versionOf } from './texts.ts';

class BlameQuery extends AfterQuery {
  /** Of this version instead of the text as it stands. */
  @Optional() @QueryNumber({ min: 1, max: 1_000_000 }) version?: number;
}

const strict = { additionalProperties: false } as const;
const Version = Type.Integer({ minimum: 1 });
const BlameAnswer = Type.Object(
  {
    version: Version,
    blocks: Type.Array(
      Type.Object(
        {
          block: Type.String(),
          version: { ...Version, description: 'since which it reads as it does' },
          words: Type.Array(
            Type.Object(
              { text: Type.String(), version: { ...Version, description: 'since which they stand' } },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
    versions: Type.Array(
      Type.Object(
        {
          ...{ version: Version, at: Instant, by: Person },
          published: Type.Union([
            Type.Object(
              {
                item: Type.Integer({ minimum: 1, description: 'the public message that brought it' }),
                at: Instant,
              },
              strict,
            ),
            Type.Null(),
          ]),
        },
        strict,
      ),
      { description: 'those that are named above: by whom, when, and in which publication their words first appeared' },
    ),
  },
  { ...strict, examples: [examples.blame] },
);

interface Published {
  readonly version: number;
  readonly item: number;
  readonly at: string;
}

@Controller('articles')
@Roles(...staff)
export class ArticleBlameController {
  constructor(private readonly models: Projections) {}

  @QueryRoute(':id/blame', BlameAnswer, {
    description: 'Who wrote each block and each word of a text, when, in which version, and since when readers had it.',
  })
  blame(@Param('id') articleId: string, @Query() query: BlameQuery) {
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, articleId);
      const texts = await textsUpTo(snapshot, articleId, query.version);
      const version = texts.at(-1)?.version ?? 0;
      const blocks = blameOf(texts).map(({ block, version, words }) => ({ block: block.id, version, words }));
      const named = new Set(blocks.flatMap(({ version, words }) => [version, ...words.map((run) => run.version)]));
      const published = (await publishedOf(snapshot, articleId)).filter((one) => one.version <= version);
      const versions = texts
        .filter((text) => text.saves && named.has(text.version))
        .map(({ version, at, by }) => ({ version, at, by, published: firstOf(published, version) }));
      return new Answer({ version, blocks, versions }, () => ({ 'Stet-Position': snapshot.position }));
    });
  }
}

async function textsUpTo(snapshot: Snapshot, articleId: string, version?: number): Promise<Standing[]> {
  const of = { articleId, line: 'article' };
  const last = version === undefined ? { position: '9223372036854775807' } : await versionOf(snapshot, of, version);
  const texts = last ? await textsOf(snapshot, of, '0', last.position) : [];
  if (texts.length === 0) throw new Problem('not-found');
  return texts;
}

/** What went out, in order, each by the version of the working line that has it; a correction by the one that it became there. */
const publishedOf = (snapshot: Snapshot, articleId: string) =>
  snapshot.query<Published>(
    `select coalesce(merged.version, (event.details->>'version')::int) as version, (event.details->>'item')::int as item, ${utc('event.happened_at')} as at
       from article_event event left join article_event merged
         on merged.article_id = event.article_id and merged.type = 'CorrectionMerged' and merged.details->>'correctionId' = event.details->>'correctionId'
      where event.article_id = $1 and event.service = 'publication' and event.type in ('ArticlePublished', 'ArticleCorrected')
        and (event.details->>'correctionId' is null or merged.version is not null)
      order by event.position`,
    [articleId],
  );

/** Words of a version stand in each that was published since. */
function firstOf(published: readonly Published[], version: number) {
  const found = published.find((one) => one.version >= version);
  return found ? { item: found.item, at: found.at } : null;
}
