import { diffArrays, diffWordsWithSpace } from 'diff';
import { type Block, type BlockDifference, type Content, type FieldDifference, Image } from './content.ts';
import { plainText } from './markup.ts';
import { spliceBetween } from './splice.ts';

type Words = BlockDifference['words'];

/**
 * Comparing takes time that grows with the square of what differs: half a minute for one long block that is new from end to end. So at
 * most this many words are looked for that were put in or taken out, in one block and in a whole text; where there are more, the old
 * wording is told as removed and the new one as added.
 */
const mostEdits = { block: 400, text: 10_000 };

const wholly = (kind: Words[number]['kind'], text: string): Words => (text === '' ? [] : [{ kind, text }]);

/** The words before and behind all that differs are not looked at one by one. */
function wordsBetween(before: string, after: string, maxEditLength = mostEdits.block): Words {
  const { at, cut } = spliceBetween(before, after);
  const start = before.slice(0, at).lastIndexOf(' ') + 1;
  const blank = before.indexOf(' ', at + cut);
  const end = blank < 0 ? 0 : before.length - blank;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const [head, tail] = [wholly('same', before.slice(0, start)), wholly('same', before.slice(before.length - end))];
  return joined([...head, ...changesBetween(old, now, maxEditLength), ...tail]);
}

function changesBetween(before: string, after: string, maxEditLength: number): Words {
  const parts = diffWordsWithSpace(before, after, { maxEditLength });
  if (!parts) return [...wholly('removed', before), ...wholly('added', after)];
  return parts.map(({ added, removed, value: text }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text,
  }));
}

/** Stretches of one kind that follow each other are one. */
function joined(words: Words): Words {
  const all: Words = [];
  for (const { kind, text } of words) {
    const last = all.at(-1);
    if (last?.kind === kind) last.text += text;
    else all.push({ kind, text });
  }
  return all;
}

/** The stretches in which two texts differ, each as small as it can be, by where they stand in the first. */
export function splicesBetween(before: string, after: string): { at: number; cut: number; text: string }[] {
  const gaps: { at: number; was: string; now: string }[] = [];
  let at = 0;
  let open: (typeof gaps)[number] | undefined;
  for (const { kind, text } of wordsBetween(before, after)) {
    if (kind === 'same') open = undefined;
    else if (!open) gaps.push((open = { at, was: '', now: '' }));
    if (kind === 'removed' && open) open.was += text;
    if (kind === 'added' && open) open.now += text;
    if (kind !== 'added') at += text.length;
  }
  return gaps.map(({ at: start, was, now }) => {
    const splice = spliceBetween(was, now);
    return { ...splice, at: start + splice.at };
  });
}

/** Blocks that stand elsewhere among those that both texts have. */
export function movedBlocks(before: readonly string[], after: readonly string[]): Set<string> {
  const [there, here] = [new Set(after), new Set(before)];
  const [old, now] = [before.filter((id) => there.has(id)), after.filter((id) => here.has(id))];
  if (old.every((id, at) => id === now[at])) return new Set();
  const parts = diffArrays(old, now, { maxEditLength: mostEdits.block }) ?? [{ added: true, value: now }];
  return new Set(parts.flatMap(({ added, value }) => (added ? value : [])));
}

const idsOf = (blocks: readonly Block[]) => blocks.map(({ id }) => id);
const placesOf = (blocks: readonly Block[]) => new Map(blocks.map(({ id }, at) => [id, at + 1]));
/** Where each of these blocks stood, and where it stands. */
function movesBetween(before: readonly Block[], after: readonly Block[]): Map<string, BlockDifference['moved']> {
  const moved = movedBlocks(idsOf(before), idsOf(after));
  if (moved.size === 0) return new Map();
  const [old, now] = [placesOf(before), placesOf(after)];
  return new Map([...moved].map((id) => [id, { from: old.get(id) ?? 0, to: now.get(id) ?? 0 }]));
}
const same = (one: Block, other: Block) => one.html === other.html && JSON.stringify(one) === JSON.stringify(other);

/** How what is said of an image differs, its caption apart. */
function imageDifferences(before: Partial<Image> = {}, after: Partial<Image> = {}): FieldDifference[] {
  return (Object.keys(Image.properties) as (keyof Image)[])
    .filter((field) => (before[field] ?? '') !== (after[field] ?? ''))
    .map((field) => ({ field, words: wordsBetween(String(before[field] ?? ''), String(after[field] ?? '')) }));
}

/**
 * How the blocks of one text differ from those of another: in the order of `after`, then those that are gone. Blocks that stayed as and
 * where they were are left out. Words are those of the plain text, so that of a block whose markup alone changed all are the same.
 */
export function blockDifferences(before: readonly Block[], after: readonly Block[]): BlockDifference[] {
  const old = new Map(before.map((block) => [block.id, block]));
  const kept = new Set(idsOf(after));
  const moves = movesBetween(before, after);
  const changed = new Set(
    after.filter((block) => {
      const was = old.get(block.id);
      return was && !same(was, block);
    }),
  );
  const edits = Math.min(mostEdits.block, Math.floor(mostEdits.text / changed.size));
  const told = (
    change: BlockDifference['change'],
    { id: block }: Block,
    words: Words,
    image: FieldDifference[] = [],
  ) => {
    const moved = moves.get(block);
    return [{ block, change, ...(moved ? { moved } : {}), words, ...(image.length > 0 ? { image } : {}) }];
  };
  return [
    ...after.flatMap((block) => {
      const was = old.get(block.id);
      if (was && !changed.has(block) && !moves.has(block.id)) return [];
      // Most blocks of a text stay as they were, and are not taken apart.
      const text = plainText(block.html);
      if (!was) return told('added', block, wholly('added', text), imageDifferences(undefined, block.image));
      if (!changed.has(block)) return told('moved', block, wholly('same', text));
      const words = wordsBetween(plainText(was.html), text, edits);
      return told('changed', block, words, imageDifferences(was.image, block.image));
    }),
    ...before
      .filter(({ id }) => !kept.has(id))
      .flatMap((block) =>
        told('removed', block, wholly('removed', plainText(block.html)), imageDifferences(block.image, undefined)),
      ),
  ];
}

const printed = (value: string | number | readonly string[]) =>
  Array.isArray(value) ? value.join(', ') : String(value);

/** How the head of one text differs from that of another. Fields that stayed as they were are left out. */
export function fieldDifferences(
  { blocks: _before, ...before }: Content,
  { blocks: _after, ...after }: Content,
): FieldDifference[] {
  return (Object.keys(before) as (keyof typeof before)[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, words: wordsBetween(printed(before[field]), printed(after[field])) }));
}
