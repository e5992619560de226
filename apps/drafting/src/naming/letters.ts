import { rectifyConfusion } from 'unicode-confusables';

/** The letters of a text alone, folded, with where each stood; `breaks[i]` says that a word may begin at the i-th, or has ended before it. */
export interface Letters {
  readonly units: readonly number[];
  readonly breaks: readonly boolean[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}
/** `alike` folds what looks alike into one letter; `plain` keeps scripts apart, for names that are not of Latin letters. */
export type Folding = 'alike' | 'plain';
export interface Writing {
  readonly text: string;
  /** The inline HTML of a block. */
  readonly html?: boolean;
}

/** Marks that are put on letters of any script, the points of Hebrew, and whatever cannot be seen. */
const unseen = /\p{Default_Ignorable_Code_Point}|(?=\p{M})\p{Script=Inherited}|[\u0591-\u05c7]/gu;
const letter = /[\p{L}\p{M}\p{N}]/u;
const latin = /^[a-z]+$/;
const bare = (text: string) => text.normalize('NFKD').replaceAll(unseen, '');

const smallCapitals: ReadonlyMap<string, string> = new Map(
  Array.from('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ', (small, at): [string, string] => [
    small,
    'abcdefghijklmnopqrstuvwyz'[at] ?? '',
  ]),
);
/** Where the letters in circles, boxes and flags that no normalisation knows begin, each from A to Z. */
const boxed = [0x1f150, 0x1f170, 0x1f1e6];
function unboxed(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  const row = boxed.find((first) => point >= first && point < first + 26);
  return row === undefined ? char : String.fromCodePoint(point - row + 97);
}

/** Capitals count: В is в in lower case, and looks like B. */
function lookOf(char: string): string {
  const looks = [char, char.toUpperCase(), char.toLowerCase()].map((one) => bare(rectifyConfusion(one)).toLowerCase());
  const look = smallCapitals.get(char) ?? looks.find((one) => latin.test(one)) ?? looks.at(-1) ?? '';
  // I is taken for l, and rn for m.
  return look.replaceAll('i', 'l').replaceAll('m', 'rn');
}
const folds: Readonly<Record<Folding, (char: string) => string>> = {
  alike: lookOf,
  plain: (char) => char.toUpperCase().toLowerCase(),
};

interface Folded {
  /** None for what is no letter, or cannot be seen. */
  readonly units: readonly number[];
  readonly upper: boolean;
}
const unitsOf = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
function foldedAs(folding: Folding, char: string): Folded {
  const shown = bare(unboxed(char));
  const letters = Array.from(shown).filter((one) => letter.test(one));
  const units = unitsOf(letters.map(folds[folding]).join(''));
  return { units, upper: char !== char.toLowerCase() };
}
/** By code point. */
const known: Readonly<Record<Folding, Map<number, Folded>>> = { alike: new Map(), plain: new Map() };
function folded(folding: Folding, point: number): Folded {
  const before = known[folding].get(point);
  if (before) return before;
  const now = foldedAs(folding, String.fromCodePoint(point));
  known[folding].set(point, now);
  return now;
}

/** A tag, or one of the entities of markup. */
const noLetter: Folded = { units: [], upper: false };
const markup = /<[^>]+>|&(?:amp|lt|gt|quot);/y;
/** The tag or entity that begins at a place. */
function markAt({ text, html = false }: Writing, at: number): string | undefined {
  const code = text.charCodeAt(at);
  if (!html || (code !== lessThan && code !== ampersand)) return undefined;
  markup.lastIndex = at;
  return markup.exec(text)?.[0];
}
const [lessThan, ampersand] = [0x3c, 0x26];

/** What stands at a place: a letter, or what is none. */
function readAt(writing: Writing, folding: Folding, at: number): Folded & { readonly end: number } {
  const mark = markAt(writing, at);
  if (mark !== undefined) return { ...noLetter, end: at + mark.length };
  const point = writing.text.codePointAt(at) ?? 0;
  const { units, upper } = folded(folding, point);
  return { units, upper, end: at + (point > 0xffff ? 2 : 1) };
}

/** What is seen of a text, letter by letter. Tags are not seen; a word may begin behind one, and where a capital follows a small letter. */
export function lettersOf(writing: Writing, folding: Folding): Letters {
  const units: number[] = [];
  const breaks: boolean[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let before: 'none' | 'small' | 'capital' = 'none';
  for (let at = 0; at < writing.text.length;) {
    const { units: own, upper, end } = readAt(writing, folding, at);
    const begins = before === 'none' || (before === 'small' && upper);
    for (let next = 0; next < own.length; next += 1) {
      units.push(own[next] ?? 0);
      breaks.push(next === 0 && begins);
      from.push(at);
      to.push(end);
    }
    before = own.length === 0 ? 'none' : upper ? 'capital' : 'small';
    at = end;
  }
  breaks.push(true);
  return { units, breaks, from, to };
}

/** Whether there are letters in it of which Latin has none. */
export const isForeign = (text: string): boolean => /(?!\p{Script=Latin})\p{L}/u.test(text);
