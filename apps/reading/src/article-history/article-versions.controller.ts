import { Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { type Block, Content, editBetween, Instant, Person } from '#contracts';
import { Answer, Id, Optional, Problem, QueryRoute, Roles } from '#platform';
import { Projections, type Snapshot } from '#projections';
import { AfterQuery, ask, MomentQuery, refuseParked } from '../asking.ts';
import * as examples from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';
import { type LineOf, textsOf, versionOf } from './texts.ts';

class VersionQuery extends AfterQuery {
  /** A version of this correction instead of the article's own. */
  @Optional() @Id() correction?: string;
}
class VersionsQuery extends MomentQuery {
  /** Those of this correction instead of the article's own. */
  @Optional() @Id() correction?: string;
}

const strict = { additionalProperties: false } as const;
const Characters = Type.Integer({ minimum: 0 });
const saved = { version: Type.Integer({ minimum: 1 }), at: Instant, by: Person };
const VersionEntry = Type.Object(
  {
    ...saved,
    changed: Type.Array(Type.String(), { description: 'ids of the blocks and names of the fields that it changed' }),
    restored: Type.Union([Type.Integer(), Type.Null()], { description: 'the old version that was saved anew' }),
    size: Type.Object(
      { added: Characters, removed: Characters },
      { ...strict, description: 'of what it changed, in characters of blocks and fields' },
    ),
  },
  strict,
);
const VersionAnswer = Type.Object({ ...saved, content: Content }, { ...strict, examples: [examples.version] });

interface Row {
  readonly position: string;
  readonly version: number;
  readonly restored: number | null;
  readonly changed: readonly string[];
}

@Controller('articles')
@Roles(...staff)
export class ArticleVersionsController {
  constructor(private readonly models: Projections) {}

  @QueryRoute(':id/versions', listOf(VersionEntry, examples.versions, counted), {
    description: 'Every version of its text that was ever saved, newest first.',
    paged: true,
  })
  versions(@Param('id') articleId: string, @Query() query: VersionsQuery) {
    const { limit = usualLimit, correction: line = 'article' } = query;
    const of = { 'article_id = ?': articleId, 'line = ?': line, 'happened_at <= ?::timestamptz': query.at };
    const asked = where({ ...of, saves: true });
    const place = where({ 'position < ?::bigint': placeOf(query, ['position']) }, asked.values);
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, articleId);
      const rows = await snapshot.query<Row>(
        `select position::text, version, (details->>'restored')::int as restored, coalesce(details->'changed', '[]') as changed
           from article_event where ${asked.text} and ${place.text} order by article_event.position desc limit ${limit + 1}`,
        place.values,
      );
      if (rows.length === 0 && query.cursor === undefined) throw new Problem('not-found');
      const { items: shown, next } = pageOf(rows, limit, ({ position }) => [position]);
      const items = await withSizes(snapshot, { articleId, line }, shown);
      return listAnswer({ items, next }, snapshot, await countOf(snapshot, 'from article_event', asked));
    });
  }

  @QueryRoute(':id/versions/:version', VersionAnswer, { description: 'The text of one version, whole.' })
  version(@Param('id') articleId: string, @Param('version') number: string, @Query() query: VersionQuery) {
    return ask(this.models, [articleHistory.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, articleId);
      const { correction: line = 'article' } = query;
      const found = /^\d{1,9}$/.test(number) && (await versionOf(snapshot, { articleId, line }, Number(number)));
      if (!found) throw new Problem('not-found', { detail: 'There is no such version of it.' });
      const { version, at, by, content } = found;
      return new Answer({ version, at, by, content }, () => ({ 'Stet-Position': snapshot.position }));
    });
  }
}

/** The versions of a page with who saved them, when, and how much each changed of the text that stood before it. */
async function withSizes(snapshot: Snapshot, of: LineOf, rows: readonly Row[]) {
  const [last, first] = [rows.at(0), rows.at(-1)];
  if (!last || !first) return [];
  const texts = await textsOf(snapshot, of, String(BigInt(first.position) - 1n), last.position);
  const placed = new Map(
    texts.map(({ position, at, by, content }, index) => [
      position,
      { at, by, size: sizeOf(texts[index - 1]?.content, content) },
    ]),
  );
  return rows.map(({ position, version, changed, restored }) => ({
    version,
    ...placed.get(position),
    ...{ changed, restored },
  }));
}

const nothing: Content = {
  ...{ slugline: '', headline: '', standfirst: '', byline: [], dateline: '', section: '' },
  ...{ language: '', urgency: 1, keywords: [], blocks: [] },
};
const lengthOf = (value: unknown): number =>
  Array.isArray(value) ? value.join('').length : typeof value === 'string' ? value.length : 0;

const sizeOfBlock = ({ html, image }: Block): number =>
  html.length + (image ? image.alt.length + image.credit.length + image.rights.length : 0);

/** Characters that came into a text and that went from it: of its blocks, and of its fields. */
function sizeOf(before: Content = nothing, after: Content): { added: number; removed: number } {
  const { fields = {}, splices = [], put = [], remove = [] } = editBetween(before, after);
  const old = new Map(before.blocks.map((block) => [block.id, sizeOfBlock(block)]));
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  return {
    added: sum([
      ...names.map((name) => lengthOf(after[name])),
      ...splices.map(({ text }) => text.length),
      ...put.map(sizeOfBlock),
    ]),
    removed: sum([
      ...names.map((name) => lengthOf(before[name])),
      ...splices.map(({ cut }) => cut),
      ...[...put.map(({ id }) => id), ...remove].map((id) => old.get(id) ?? 0),
    ]),
  };
}
