import type { Span } from './folding.ts';

/** Long enough not to be an abbreviation. */
const longWord = 4;
const fewestWords = 3;
/** Cherokee is written in what Unicode calls capitals. */
const capital = /[\p{Lu}--\p{Script=Cherokee}]/gv;
const small = /\p{Ll}/gu;
const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;

/**
 * From the first to the last word in capitals, when most of the text is in such words. Scripts without case neither shout nor speak low.
 */
export function shouted(text: string): Span[] {
  const words = Array.from(text.matchAll(/[\p{L}\p{M}\p{N}'’]+/gu), ({ 0: word, index: from }) => ({
    ...{ from, to: from + word.length, capitals: count(word, capital), small: count(word, small) },
  }));
  const loud = words.filter((word) => word.capitals >= longWord && word.small === 0);
  const [first, last] = [loud[0], loud.at(-1)];
  const sum = (some: typeof words) => some.reduce((letters, word) => letters + word.capitals + word.small, 0);
  if (!first || !last || loud.length < fewestWords || sum(loud) * 2 <= sum(words)) return [];
  return [{ from: first.from, to: last.to }];
}
