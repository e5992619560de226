import Type, { type TProperties, type TSchema } from 'typebox';
import { Answer, linkTo, Problem } from '#platform';
import type { Snapshot } from '#projections';
import type { ListQuery } from './asking.ts';

const strict = { additionalProperties: false } as const;
export const usualLimit = 50;

const matching = (pattern: RegExp) => (value: string) => pattern.test(value);
const instant = matching(/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
/** The kinds of values that a cursor may be made of: what Postgres takes for one, and nothing else. */
const kinds = {
  // A 30th of February is turned into another day, and is not what came in.
  time: (value: string) => instant(value) && value.startsWith(asWritten(value.slice(0, 23))),
  id: matching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  number: matching(/^\d{1,3}(\.\d{1,10})?(e-\d{1,2})?$/),
  position: matching(/^\d{1,18}$/),
  word: matching(/^[a-z]{1,20}$/),
};
export type Kind = keyof typeof kinds;

function asWritten(time: string): string {
  const milliseconds = Date.parse(`${time}Z`);
  return Number.isNaN(milliseconds) ? '?' : new Date(milliseconds).toISOString().slice(0, -1);
}

/** The opaque place in a list after which it goes on: the sort key of the last item. */
export const cursorOf = (values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** The values of a cursor, each of its kind; undefined without a cursor, refused when it is none of this list's. */
export function placeOf({ cursor }: Pick<ListQuery, 'cursor'>, kindsOf: readonly Kind[]): string[] | undefined {
  if (cursor === undefined) return undefined;
  const values = parsed(cursor);
  const fits = Array.isArray(values) && values.length === kindsOf.length;
  if (fits && kindsOf.every((kind, at) => kinds[kind](String(values[at])))) return values.map(String);
  const detail = 'must be a cursor as this list gave it out';
  throw new Problem('invalid-parameter', { errors: [{ parameter: 'cursor', code: 'not-a-cursor', detail }] });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Joins conditions whose values were given, each `?` by its number, after those that the query has already; those whose value is
 * undefined are left out.
 */
export function where(
  conditions: Readonly<Record<string, unknown>>,
  before: readonly unknown[] = [],
): { text: string; values: unknown[] } {
  const values: unknown[] = [...before];
  const asked = Object.entries(conditions).filter(([, value]) => value !== undefined);
  const texts = asked.map(([condition, value]) => {
    const each = [value].flat();
    let at = 0;
    return condition.replace(/\?/g, () => `$${values.push(each[at++])}`);
  });
  return { text: texts.length > 0 ? texts.join(' and ') : 'true', values };
}

/** A column of times in SQL, as events have them: ISO 8601, UTC, microseconds. */
export const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Splits what was fetched, one more than wanted, into the page and the cursor of the next. */
export function pageOf<R>(rows: readonly R[], limit: number, keyOf: (row: R) => readonly string[]) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : undefined };
}

/** What a list's answer says besides, with an example of it. */
interface Besides {
  readonly properties: TProperties;
  readonly example: object;
}
/** The schema of a list's answer, with an item as its example. */
export const listOf = <T extends TSchema>(item: T, example: object, besides?: Besides) =>
  Type.Object(
    {
      items: Type.Array(item),
      parked: Type.Integer({ minimum: 0, description: 'articles of which something could not be brought up to date' }),
      ...besides?.properties,
    },
    { ...strict, examples: [{ items: [example], parked: 0, ...besides?.example }] },
  );

/** What a list says besides that counts what it finds. */
export const counted: Besides = {
  properties: { count: Type.Integer({ minimum: 0, description: 'of all pages together' }) },
  example: { count: 1 },
};

/** What was asked for, and how many there are of it on all pages together. */
export async function countOf(
  snapshot: Pick<Snapshot, 'query'>,
  from: string,
  { text, values }: ReturnType<typeof where>,
  before = '',
) {
  const [row] = await snapshot.query<{ count: number }>(
    `${before} select count(*)::int as count ${from} where ${text}`,
    values,
  );
  return { count: row?.count ?? 0 };
}

export interface Page<R> {
  readonly items: readonly R[];
  readonly next: string | undefined;
}

/** A list's answer: how new it is, and where it goes on. */
export const listAnswer = <R>(page: Page<R>, snapshot: Pick<Snapshot, 'parked' | 'position'>, besides: object = {}) =>
  new Answer({ items: page.items, parked: snapshot.parked.size, ...besides }, ({ url }) => ({
    'Stet-Position': snapshot.position,
    ...linkTo(url, page.next),
  }));
