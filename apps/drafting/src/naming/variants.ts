import { type Folding, lettersOf } from './letters.ts';

/** One way to write a name: its letters, and before which of them a word has to begin. */
export interface Pattern {
  readonly units: readonly number[];
  readonly joints: readonly number[];
}
interface Part {
  readonly units: readonly number[];
  readonly initial: boolean;
}

/** A name written as one word is taken for one only if it is no short word itself. */
const longWord = 8;
/** Of more given names than this, not each one is taken with and without the others. */
const mixed = 3;

function written(text: string, folding: Folding): readonly number[] {
  const { units, length } = lettersOf({ text }, folding);
  return Array.from(units.subarray(0, length));
}
function partsOf(name: string, folding: Folding): { full: Part; initial: Part }[] {
  return name
    .split(/[^\p{L}\p{M}\p{N}\p{Cf}'’ʼ]+/u)
    .map((word) => ({ units: written(word, folding), first: Array.from(word)[0] ?? '' }))
    .filter(({ units }) => units.length > 0)
    .map(({ units, first }) => ({
      full: { units, initial: false },
      initial: { units: written(first, folding), initial: true },
    }));
}

/** Given names, each whole or by its initial, or the first alone. */
function givenIn(given: ReturnType<typeof partsOf>): Part[][] {
  const each = (which: (at: number) => boolean) => given.map(({ full, initial }, at) => (which(at) ? initial : full));
  const all =
    given.length > mixed
      ? [each(() => false), each(() => true), each((at) => at > 0)]
      : Array.from({ length: 2 ** given.length }, (_, bits) => each((at) => ((bits >> at) & 1) === 1));
  const first = given.slice(0, 1).flatMap(({ full, initial }) => [[full], [initial]]);
  return given.length > 1 ? [...all, ...first] : all;
}

function patternOf(parts: readonly Part[]): Pattern {
  const units = parts.flatMap((part) => part.units);
  let offset = 0;
  const joints = parts.slice(1).flatMap((part, at) => {
    const before = parts[at];
    offset += before?.units.length ?? 0;
    const alike = before?.initial === part.initial;
    return alike && (part.initial || units.length >= longWord) ? [] : [offset];
  });
  return { units, joints };
}

/** The ways to write a name whole: in either order, with initials, without middle names. */
export function waysToWrite(name: string, folding: Folding): Pattern[] {
  const parts = partsOf(name, folding);
  const last = parts.at(-1)?.full;
  if (!last) return [];
  if (parts.length === 1) return [patternOf([last])];
  return givenIn(parts.slice(0, -1)).flatMap((given) => [patternOf([...given, last]), patternOf([last, ...given])]);
}

/** Shorter ones are words of every language. */
const telling = 4;
/** The parts of a name by themselves. */
export const partsToWrite = (name: string, folding: Folding): Pattern[] =>
  partsOf(name, folding)
    .filter(({ full }) => full.units.length >= telling)
    .map(({ full }) => patternOf([full]));
