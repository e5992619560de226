import { rectifyConfusion } from 'unicode-confusables';

/**
 * The letters of a text alone, folded, with where each stood; `breaks[i]` says that a word may begin at the i-th, or has ended before it. They
 * stand until the next text is looked at.
 */
export interface Letters {
  readonly length: number;
  readonly units: Uint16Array;
  readonly breaks: Uint8Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
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
/** Signs that stand for more are known by their first. */
const widest = 4;
const unitsOf = (text: string) => Array.from({ length: Math.min(text.length, widest) }, (_, at) => text.charCodeAt(at));
const widthOf = (point: number) => (point < firstPlane ? 1 : 2);
function foldedAs(folding: Folding, char: string): Folded {
  const shown = bare(unboxed(char));
  const letters = Array.from(shown).filter((one) => letter.test(one));
  const units = unitsOf(letters.map(folds[folding]).join(''));
  return { units, upper: char !== char.toLowerCase() };
}
/** By code point: those of the first plane in a list, since every letter of a text is looked up here. */
const known: Readonly<Record<Folding, (Folded | undefined)[]>> = { alike: [], plain: [] };
const beyond: Readonly<Record<Folding, Map<number, Folded>>> = { alike: new Map(), plain: new Map() };
const firstPlane = 0x10000;
for (const list of Object.values(known)) list.length = firstPlane;

function folded(folding: Folding, point: number): Folded {
  const before = point < firstPlane ? known[folding][point] : beyond[folding].get(point);
  if (before) return before;
  const now = foldedAs(folding, String.fromCodePoint(point));
  if (point < firstPlane) known[folding][point] = now;
  else beyond[folding].set(point, now);
  return now;
}

const markup = /<[^>]+>|&(?:amp|lt|gt|quot);/y;
const [lessThan, ampersand, space] = [0x3c, 0x26, 0x20];
/** The length of the tag or entity that begins at a place; 0 where there is none. */
function markAt({ text, html = false }: Writing, at: number): number {
  if (!html) return 0;
  const code = text.charCodeAt(at);
  if (code !== lessThan && code !== ampersand) return 0;
  markup.lastIndex = at;
  return markup.exec(text)?.[0].length ?? 0;
}

const placesFor = (letters: number) => ({
  units: new Uint16Array(letters),
  breaks: new Uint8Array(letters + 1),
  from: new Uint32Array(letters),
  to: new Uint32Array(letters),
});
/** Every text is looked at in the same place: making megabytes for a long one takes longer than looking at it. */
let places = placesFor(0);

/** What is seen of a text, letter by letter. Tags are not seen; a word may begin behind one, and where a capital follows a small letter. */
export function lettersOf(writing: Writing, folding: Folding): Letters {
  const { text } = writing;
  if (places.units.length < text.length * widest) places = placesFor(text.length * widest);
  const { units, breaks, from, to } = places;
  let length = 0;
  breaks[0] = 0;
  let [parted, small] = [true, false];
  for (let at = 0; at < text.length;) {
    const mark = markAt(writing, at);
    // No tag and no entity of markup is a letter.
    const point = mark > 0 ? space : (text.codePointAt(at) ?? space);
    const char = folded(folding, point);
    const end = at + (mark > 0 ? mark : widthOf(point));
    if (parted || (small && char.upper)) breaks[length] = 1;
    for (const unit of char.units) {
      units[length] = unit;
      from[length] = at;
      to[length] = end;
      length += 1;
      breaks[length] = 0;
    }
    parted = char.units.length === 0;
    small = !char.upper;
    at = end;
  }
  breaks[length] = 1;
  return { length, units, breaks, from, to };
}

/** Whether there are letters in it of which Latin has none. */
export const isForeign = (text: string): boolean => /[\p{L}--\p{Script=Latin}]/v.test(text);
