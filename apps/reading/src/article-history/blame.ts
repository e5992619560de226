import { diffArrays } from 'diff';
import { type Block, plainText } from '#contracts';
import type { Standing } from './texts.ts';

/** A version of the article; where a correction came in with it, the version of that one in which it was written. */
export interface Since {
  readonly version: number;
  readonly corrected?: number;
}
/** Words that stand since the same version. */
export interface Run extends Since {
  readonly text: string;
}
export interface Blamed extends Since {
  readonly block: Block;
  readonly words: readonly Run[];
}
type State = ReadonlyMap<string, Blamed>;

/** As for differences: where more words were changed at once, all of them are new. */
const mostEdits = 400;
const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** The pieces of a block by the version that each stands since, neighbours of one version together. */
function runsOf(pieces: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const { text, ...since } of pieces) {
    const last = runs.at(-1);
    if (last?.version === since.version && last.corrected === since.corrected)
      runs[runs.length - 1] = { ...since, text: last.text + text };
    else runs.push({ text, ...since });
  }
  return runs;
}

function blamed(was: Blamed | undefined, block: Block, since: Since): Blamed {
  if (was?.block === block) return was;
  const old = (was?.words ?? []).flatMap(({ text, ...before }) =>
    piecesOf(text).map((piece) => ({ text: piece, ...before })),
  );
  const now = piecesOf(plainText(block.html));
  const parts = diffArrays(
    old.map(({ text }) => text),
    now,
    { maxEditLength: mostEdits },
  ) ?? [{ added: true, removed: false, value: now }];
  let at = 0;
  const words = parts.flatMap(({ added, removed, value }): Run[] => {
    if (added) return value.map((text) => ({ text, ...since }));
    const kept = old.slice(at, at + value.length);
    at += value.length;
    return removed ? [] : kept;
  });
  return { block, ...since, words: runsOf(words) };
}

/** The texts that a correction stood at, by its id: the first is the published one that it copied. */
export type Corrections = ReadonlyMap<string, readonly Standing[]>;

/** Since which version each block and each word of the last of these texts stands. They are all that its line stood at, from the first. */
export function blameOf(texts: readonly Standing[], corrections: Corrections = new Map()): Blamed[] {
  const wanted = new Set(texts.filter(({ saves }) => !saves).map(({ version }) => version));
  const known = new Map<number, State>();
  let state: State = new Map();
  for (const { version, saves, content, correction } of texts) {
    const before = saves ? state : (known.get(version) ?? state);
    const [, ...corrected] = corrections.get(correction ?? '') ?? [];
    const brought = corrected.reduce((was, own) => after(was, own, { version, corrected: own.version }), before);
    // What a correction left as it was, or what it was not given, is as the article had it.
    state = new Map(
      content.blocks.map((block) => {
        const from = reads(before.get(block.id), block) ? before : brought;
        return [block.id, blamedIn(from, block, { version })];
      }),
    );
    if (wanted.has(version)) known.set(version, state);
  }
  return [...state.values()];
}

const after = (before: State, { content }: Standing, since: Since): State =>
  new Map(content.blocks.map((block) => [block.id, blamedIn(before, block, since)]));
const reads = (was: Blamed | undefined, block: Block) =>
  was !== undefined && JSON.stringify(was.block) === JSON.stringify(block);

/** A block that reads as before keeps its versions, though it may have been told anew. */
function blamedIn(before: State, block: Block, since: Since): Blamed {
  const was = before.get(block.id);
  return was && reads(was, block) ? { ...was, block } : blamed(was, block, since);
}
