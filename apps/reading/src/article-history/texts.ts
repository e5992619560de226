import { type Content, type Edit, edited } from '#contracts';
import type { Snapshot } from '#projections';
import { utc } from '../lists.ts';

/** A line of work on one text: the article's own, or that of a correction by its id. */
export interface LineOf {
  readonly articleId: string;
  readonly line: string;
}
interface Row {
  readonly position: string;
  readonly version: number;
  /** It made this version; otherwise the line only went back to it. */
  readonly saves: boolean;
  readonly at: string;
  readonly by: { readonly id: string; readonly name: string };
  /** It took in this one, or is of this one. */
  readonly correction: string | null;
  readonly content: Content | null;
  readonly edit: Edit | null;
}
/** The text that a line stood at after one of its events. */
export interface Standing extends Omit<Row, 'content' | 'edit'> {
  readonly content: Content;
}

/**
 * The texts that a line stood at, from the last one that was told whole at or before `from` up to `to`: positions of drafting's log. So many
 * as one, or all, are read no slower for the versions before them.
 */
export async function textsOf(snapshot: Snapshot, { articleId, line }: LineOf, from: string, to: string) {
  const rows = await snapshot.query<Row>(
    `select position::text, version, saves, ${utc('happened_at')} as at, json_build_object('id', by_id, 'name', by_name) as by, details->>'correctionId' as correction, content, edit
       from article_event
      where article_id = $1 and line = $2 and position <= $4 and position >= coalesce((
        select max(position) from article_event
         where article_id = $1 and line = $2 and position <= $3 and content is not null), 0)
      order by article_event.position`,
    [articleId, line, from, to],
  );
  const texts: Standing[] = [];
  for (const { content, edit, ...row } of rows) {
    const before = texts.at(-1)?.content;
    const now = content ?? (before && edit ? edited(before, edit) : undefined);
    if (now) texts.push({ ...row, content: now });
  }
  return texts;
}

/** One version as it was saved; undefined where there is none of that number. */
export async function versionOf(snapshot: Snapshot, of: LineOf, version: number): Promise<Standing | undefined> {
  const [row] = await snapshot.query<{ position: string }>(
    'select position::text from article_event where article_id = $1 and line = $2 and version = $3 and saves',
    [of.articleId, of.line, version],
  );
  return row && (await textsOf(snapshot, of, row.position, row.position)).at(-1);
}
