import { diffArrays, diffWordsWithSpace } from 'diff';
import type { Block, BlockDifference, Content, FieldDifference } from './content.ts';
import { plainText } from './markup.ts';

type Words = BlockDifference['words'];

function wordsBetween(before: string, after: string): Words {
  return diffWordsWithSpace(before, after).map(({ added, removed, value: text }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text,
  }));
}

/** Blocks that stand elsewhere among those that both texts have. */
function movedBlocks(before: readonly string[], after: readonly string[]): Set<string> {
  const parts = diffArrays(
    before.filter((id) => after.includes(id)),
    after.filter((id) => before.includes(id)),
  );
  return new Set(parts.flatMap(({ added, value }) => (added ? value : [])));
}

const idsOf = (blocks: readonly Block[]) => blocks.map(({ id }) => id);
const same = (one: Block, other: Block) => JSON.stringify(one) === JSON.stringify(other);

/**
 * How the blocks of one text differ from those of another: in the order of `after`, then those that are gone. Blocks that stayed as and
 * where they were are left out. Words are those of the plain text, so that of a block whose markup alone changed all are the same.
 */
export function blockDifferences(before: readonly Block[], after: readonly Block[]): BlockDifference[] {
  const old = new Map(before.map((block) => [block.id, block]));
  const moved = movedBlocks(idsOf(before), idsOf(after));
  const present = after.flatMap((block): BlockDifference[] => {
    const was = old.get(block.id);
    old.delete(block.id);
    const words = wordsBetween(plainText(was?.html ?? ''), plainText(block.html));
    if (!was) return [{ block: block.id, change: 'added', words }];
    if (!same(was, block)) return [{ block: block.id, change: 'changed', words }];
    return moved.has(block.id) ? [{ block: block.id, change: 'moved', words }] : [];
  });
  const gone = [...old.values()].map(({ id, html }): BlockDifference => ({
    block: id,
    change: 'removed',
    words: wordsBetween(plainText(html), ''),
  }));
  return [...present, ...gone];
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
