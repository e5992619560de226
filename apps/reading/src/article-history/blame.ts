import { diffArrays } from 'diff';
import { type Block, plainText } from '#contracts';
import type { Standing } from './texts.ts';

/** Words that stand since the same version. */
export interface Run {
  readonly text: string;
  readonly version: number;
}
export interface Blamed {
  readonly block: Block;
  /** Since which version it reads as it does. */
  readonly version: number;
  readonly words: readonly Run[];
}
type State = ReadonlyMap<string, Blamed>;

/** As for differences: where more words were changed at once, all of them are new. */
const mostEdits = 400;
const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** The pieces of a block by the version that each stands since, neighbours of one version together. */
function runsOf(pieces: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const { text, version } of pieces) {
    const last = runs.at(-1);
    if (last?.version === version) runs[runs.length - 1] = { version, text: last.text + text };
    else runs.push({ text, version });
  }
  return runs;
}

function blamed(was: Blamed | undefined, block: Block, version: number): Blamed {
  if (was?.block === block) return was;
  const old = (was?.words ?? []).flatMap(({ text, version: since }) =>
    piecesOf(text).map((piece) => ({ text: piece, version: since })),
  );
  const now = piecesOf(plainText(block.html));
  const parts = diffArrays(
    old.map(({ text }) => text),
    now,
    { maxEditLength: mostEdits },
  ) ?? [{ added: true, removed: false, value: now }];
  let at = 0;
  const words = parts.flatMap(({ added, removed, value }): Run[] => {
    if (added) return value.map((text) => ({ text, version }));
    const kept = old.slice(at, at + value.length);
    at += value.length;
    return removed ? [] : kept;
  });
  return { block, version, words: runsOf(words) };
}

/** Since which version each block and each word of the last of these texts stands. They are all that its line stood at, from the first. */
export function blameOf(texts: readonly Standing[]): Blamed[] {
  const wanted = new Set(texts.filter(({ saves }) => !saves).map(({ version }) => version));
  const known = new Map<number, State>();
  let state: State = new Map();
  for (const { version, saves, content } of texts) {
    const before = saves ? state : (known.get(version) ?? state);
    state = new Map(content.blocks.map((block) => [block.id, blamedIn(before, block, version)]));
    if (wanted.has(version)) known.set(version, state);
  }
  return [...state.values()];
}

/** A block that reads as before keeps its versions, though it may have been told anew. */
function blamedIn(before: State, block: Block, version: number): Blamed {
  const was = before.get(block.id);
  const same = was && JSON.stringify(was.block) === JSON.stringify(block);
  return same ? { ...was, block } : blamed(was, block, version);
}
