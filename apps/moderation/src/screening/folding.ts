import { lookAlikes, substitutes } from './look-alikes.ts';

/** Part of a text, in its UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
/** A text as checks compare it. `spans[i]` is where the i-th UTF-16 unit of `text` stands in the original: a whole letter, with its marks. */
export interface Folded {
  readonly text: string;
  readonly spans: readonly Span[];
}
interface Letter extends Span {
  text: string;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const latin = /\p{Script=Latin}/u;

/** Marks that no letter of Latin is written with: struck through, heaped up. */
const undecorated = (text: string) =>
  text.replaceAll(/\p{Script=Latin}\p{M}+/gu, (marked) => Array.from(marked.normalize('NFD'))[0] ?? '');

/** One letter: its width and style (NFKC), its case, what cannot be seen of it, and decoration taken away. */
const plain = (letter: string) =>
  undecorated(
    letter
      .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFKC')
      // Up and down again: one case for ß and SS, for both sigmas, for i with and without its dot.
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKC'),
  );

/**
 * Look-alikes in a word that has Latin letters. A word all in another script is somebody's language and stays as it is: read as Latin,
 * honest words would turn into others.
 */
function undisguise(word: readonly Letter[]): void {
  for (const letter of word) letter.text = lookAlikes.get(letter.text) ?? letter.text;
  let before = false; // whether a Latin letter follows: a digit or sign stands for a letter only before one
  for (const letter of word.toReversed()) {
    const meant = substitutes.get(letter.text);
    if (meant !== undefined && before) letter.text = meant;
    else if (letter.text !== '') before = latin.test(letter.text);
  }
}

/** Folds disguises away: width, style, case, invisible characters, look-alikes. Keeps where everything stood. */
export function fold(original: string): Folded {
  const letters = Array.from(graphemes.segment(original), ({ segment, index }): Letter => ({
    ...{ text: plain(segment), from: index, to: index + segment.length },
  }));
  let word: Letter[] = [];
  for (const letter of [...letters, { text: ' ', from: 0, to: 0 }]) {
    if (!/\s/u.test(letter.text)) word.push(letter);
    else {
      if (word.some(({ text }) => latin.test(text))) undisguise(word);
      word = [];
    }
  }
  const spans = letters.flatMap(({ text, from, to }) => Array.from({ length: text.length }, () => ({ from, to })));
  return { text: letters.map(({ text }) => text).join(''), spans };
}

/** Where a pattern is found in the folded text, as spans of the original. The pattern is global and matches no empty text. */
export const found = ({ text, spans }: Folded, pattern: RegExp): Span[] =>
  Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    from: spans[index]?.from ?? 0,
    to: spans[index + match.length - 1]?.to ?? 0,
  }));

/** What makes two comments the same words: folded, with blanks and stretched letters alike however long they are. */
export const wordingOf = ({ text }: Folded): string =>
  text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/(\p{L})\1{2,}/gu, '$1$1$1')
    .trim();
