import { Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Id, Instant, Person } from '#contracts';
import { Answer, Optional, Problem, QueryNumber, QueryRoute, Roles } from '#platform';
import { Projections, type Snapshot } from '#projections';
import { AfterQuery, ask, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { utc } from '../lists.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';
import { type Blamed, blameOf, type Corrections, type Since } from './blame.ts';
import { type Standing, textsOf, versionOf } from './texts.ts';

class BlameQuery extends AfterQuery {
  /** Of this version instead of the text as it stands. */
  @Optional() @QueryNumber({ min: 1, max: 1_000_000 }) version?: number;
}

const strict = { additionalProperties: false } as const;
const Version = Type.Integer({ minimum: 1 });
const since = (what: string) => ({
  version: { ...Version, description: what },
  corrected: Type.Optional({
    ...Version,
    description: 'where a correction came in with that version, the version of the correction in which it was written',
  }),
});
const BlameAnswer = Type.Object(
  {
    version: Version,
    blocks: Type.Array(
      Type.Object(
        {
          block: Type.String(),
          ...since('since which it reads as it does'),
          words: Type.Array(Type.Object({ text: Type.String(), ...since('since which they stand') }, strict)),
        },
        strict,
      ),
    ),
    versions: Type.Array(
      Type.Object(
        {
          ...{ version: Version, at: Instant, by: Person },
          correction: Type.Union([Type.Object({ id: Id, version: Version }, strict), Type.Null()], {
            description: 'in which this was written before it came in with that version; `by` did, `at` this time',
          }),
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
  /** It put this correction out, and nothing else of that version. */
  readonly correction: string | null;
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
      const corrections = await correctionsIn(snapshot, articleId, texts);
      const blamed = blameOf(texts, corrections);
      const blocks = blamed.map(({ block, ...rest }) => ({ block: block.id, ...rest }));
      const published = (await publishedOf(snapshot, articleId)).filter((one) => one.version <= version);
      const versions = savesOf(blamed, texts, corrections).map((save) => ({
        ...save,
        published: firstOf(published, save),
      }));
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

/** Each correction that came into these texts, as it stood until then. */
async function correctionsIn(snapshot: Snapshot, articleId: string, texts: readonly Standing[]): Promise<Corrections> {
  const corrections = new Map<string, readonly Standing[]>();
  for (const { correction: line, position } of texts)
    if (line !== null) corrections.set(line, await textsOf(snapshot, { articleId, line }, '0', position));
  return corrections;
}

/** Each save that blocks or words stand since, in the order of the versions that they came in with. */
function savesOf(blamed: readonly Blamed[], texts: readonly Standing[], corrections: Corrections) {
  const named = blamed.flatMap(({ words, ...since }): Since[] => [since, ...words]);
  const isNamed = (version: number, corrected?: number) =>
    named.some((since) => since.version === version && since.corrected === corrected);
  return texts
    .filter(({ saves }) => saves)
    .flatMap(({ version, correction, at, by }) => {
      const [, ...own] = corrections.get(correction ?? '') ?? [];
      const written = own
        .filter((one) => isNamed(version, one.version))
        .map((one) => ({
          ...{ version, at: one.at, by: one.by },
          correction: { id: correction ?? '', version: one.version },
        }));
      return [...written, ...(isNamed(version) ? [{ version, at, by, correction: null }] : [])];
    });
}

/** What went out, in order. A correction is in the text of the version with which it came into the working line. */
const publishedOf = (snapshot: Snapshot, articleId: string) =>
  snapshot.query<Published>(
    `select coalesce(merged.version, (event.details->>'version')::int) as version, event.details->>'correctionId' as correction,
            (event.details->>'item')::int as item, ${utc('event.happened_at')} as at
       from article_event event left join article_event merged
         on merged.article_id = event.article_id and merged.type = 'CorrectionMerged' and merged.details->>'correctionId' = event.details->>'correctionId'
      where event.article_id = $1 and event.service = 'publication' and event.type in ('ArticlePublished', 'ArticleCorrected', 'ArticleUpdated')
        and (event.details->>'correctionId' is null or merged.version is not null)
      order by event.position`,
    [articleId],
  );

/** Words of a version stand in each that was published since; those that a correction brought went out with that, if it did. */
function firstOf(
  published: readonly Published[],
  { version, correction }: { version: number; correction: { id: string } | null },
) {
  const found = published.find((one) =>
    one.correction === null ? one.version >= version : one.correction === correction?.id,
  );
  return found ? { item: found.item, at: found.at } : null;
}
