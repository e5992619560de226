import { blockDifferences, type BlockDifference, type Content } from '#contracts';

type Field = Exclude<keyof Content, 'blocks'>;
export interface Difference {
  /** The version that it is a difference to. */
  readonly from: number;
  readonly fields: { readonly field: string; readonly before: Content[Field]; readonly after: Content[Field] }[];
  readonly blocks: BlockDifference[];
}

/** How a text differs from an earlier one: the fields of its head, and its blocks word by word. */
export function differenceOf(
  before: { readonly version: number; readonly content: Content },
  after: Content,
): Difference {
  const { blocks: _, ...head } = after;
  const fields = (Object.keys(head) as Field[])
    .map((field) => ({ field, before: before.content[field], after: after[field] }))
    .filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after));
  return { from: before.version, fields, blocks: blockDifferences(before.content.blocks, after.blocks) };
}
