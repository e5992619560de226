import { type Content, type Edit, edited, editedInTurn } from '#contracts';
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

const standing = (event: string) => `
  ${event}.position::text, version, saves, ${utc('happened_at')} as at, json_build_object('id', by_id, 'name', by_name) as by, details->>'correctionId' as correction`;

/**
 * The texts that a line stood at, from the last one that was told whole at or before `from` up to `to`: positions of drafting's log. So many
 * as one, or all, are read no slower for the versions before them.
 */
export async function textsOf(snapshot: Snapshot, { articleId, line }: LineOf, from: string, to: string) {
  const rows = await snapshot.query<Row>(
    `select ${standing('article_event')}, content, edit
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

/**
 * The text that a line stood at after the last of its events that this condition finds, by `$3`; undefined where it finds none. Of those
 * before it, only what they changed is read, and all at once.
 */
export async function textAfter(
  snapshot: Snapshot,
  { articleId, line }: LineOf,
  condition: string,
  value: unknown,
): Promise<Standing | undefined> {
  const [row] = await snapshot.query<Omit<Row, 'edit'> & { content: Content; edits: Edit[] }>(
    `with of_line as not materialized (select * from article_event where article_id = $1 and line = $2)
     select ${standing('last')}, whole.content,
            (select coalesce(json_agg(edit order by position), '[]') from of_line
              where position > whole.position and position <= last.position) as edits
       from (select * from of_line where ${condition} order by position desc limit 1) last
      cross join lateral (
        select position, content from of_line where position <= last.position and content is not null
         order by position desc limit 1) whole`,
    [articleId, line, value],
  );
  if (!row) return undefined;
  const { content, edits, ...rest } = row;
  return { ...rest, content: editedInTurn(content, edits) };
}

/** One version as it was saved; undefined where there is none of that number. */
export const versionOf = (snapshot: Snapshot, of: LineOf, version: number) =>
  textAfter(snapshot, of, 'version = $3 and saves', version);
