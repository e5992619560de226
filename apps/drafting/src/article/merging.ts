import { type Block, type Content, Image } from '#contracts';

export type Fields = Omit<Content, 'blocks'>;
export const fieldNames = [
  'slugline',
  'headline',
  'standfirst',
  'byline',
  'dateline',
  'section',
  'language',
  'urgency',
  'keywords',
] as const satisfies readonly (keyof Fields)[];

/** A block that both sides changed, each in another way; null where a side does not have it. */
export interface BlockGap {
  readonly block: string;
  readonly ours: Block | null;
  readonly theirs: Block | null;
  readonly ancestor: Block | null;
}
/** The same for a field; `blocks` stands for the order of the blocks, given as their ids. */
export interface FieldGap {
  readonly field: string;
  readonly ours: Value;
  readonly theirs: Value;
  readonly ancestor: Value;
}
type Value = string | number | string[];
export interface Merged {
  readonly content: Content;
  /** Ids of blocks and names of fields that came in from their side. */
  readonly changed: string[];
  readonly blocks: BlockGap[];
  readonly fields: FieldGap[];
}

/** Compares what is written, not how an object happens to be laid out. */
export function same(one: Block | undefined, other: Block | undefined): boolean {
  if (!one || !other || one === other) return one === other;
  if (one.id !== other.id || one.kind !== other.kind || one.html !== other.html) return false;
  return sameSources(one, other) && sameImage(one.image, other.image);
}
const imageFields = Object.keys(Image.properties) as (keyof Image)[];
const sameImage = (one: Image | undefined, other: Image | undefined): boolean =>
  one === other || (one !== undefined && imageFields.every((field) => one[field] === other?.[field]));
function sameSources({ attributions: ones }: Block, { attributions: others }: Block): boolean {
  if (ones.length !== others.length) return false;
  return ones.every(({ speaker, kind, terms }, at) => {
    const other = others[at];
    return speaker === other?.speaker && kind === other.kind && terms === other.terms;
  });
}
export const byId = (content: Content): Map<string, Block> => new Map(content.blocks.map((block) => [block.id, block]));
const idsOf = (content: Content) => content.blocks.map((block) => block.id);
const equal = (one: Value, other: Value): boolean =>
  Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((entry, at) => entry === other[at])
    : one === other;

/**
 * Our text with their changes since the common ancestor. What only one side changed is taken from that side;
 * what both changed differently stays ours and is reported.
 */
export function merge(ancestor: Content, ours: Content, theirs: Content): Merged {
  const fields = mergeFields(ancestor, ours, theirs);
  const blocks = mergeBlocks(ancestor, ours, theirs);
  const order = mergeOrder(ancestor, ours, theirs, [...blocks.kept.keys()]);
  const moved = movedBetween(idsOf(ours), order.ids);
  return {
    content: {
      ...ours,
      ...fields.taken,
      blocks: order.ids.flatMap((id) => blocks.kept.get(id) ?? []),
    },
    changed: [...Object.keys(fields.taken), ...(moved ? ['blocks'] : []), ...blocks.changed],
    blocks: blocks.gaps,
    fields: [...fields.gaps, ...order.gaps],
  };
}

function mergeFields(ancestor: Content, ours: Content, theirs: Content) {
  const touched = fieldNames.filter((name) => !equal(ancestor[name], theirs[name]) && !equal(ours[name], theirs[name]));
  const free = touched.filter((name) => equal(ancestor[name], ours[name]));
  const taken: Partial<Fields> = Object.fromEntries(free.map((name) => [name, theirs[name]]));
  const gaps: FieldGap[] = touched
    .filter((name) => !free.includes(name))
    .map((field) => ({ field, ours: ours[field], theirs: theirs[field], ancestor: ancestor[field] }));
  return { taken, gaps };
}

function mergeBlocks(ancestor: Content, ours: Content, theirs: Content) {
  const [before, kept, wanted] = [byId(ancestor), byId(ours), byId(theirs)];
  const gaps: BlockGap[] = [];
  const changed: string[] = [];
  for (const block of new Set([...before.keys(), ...wanted.keys()])) {
    const [was, our, their] = [before.get(block), kept.get(block), wanted.get(block)];
    if (same(was, their) || same(our, their)) continue;
    if (!same(was, our)) {
      gaps.push({ block, ours: our ?? null, theirs: their ?? null, ancestor: was ?? null });
      continue;
    }
    changed.push(block);
    if (their) kept.set(block, their);
    else kept.delete(block);
  }
  return { kept, gaps, changed };
}

const common = (ids: string[], others: string[]) => {
  const there = new Set(others);
  return ids.filter((id) => there.has(id));
};
const movedBetween = (one: string[], other: string[]) =>
  !equal(one, other) && !equal(common(one, other), common(other, one));

/** The side that moved blocks gives the order; blocks that only the other side has follow the neighbour they had there. */
function mergeOrder(ancestor: Content, ours: Content, theirs: Content, present: string[]) {
  const [before, our, their] = [idsOf(ancestor), idsOf(ours), idsOf(theirs)];
  // Most saves leave every block where it is.
  if (equal(before, their)) return { ids: our, gaps: [] };
  const theyMoved = movedBetween(before, their);
  const clash = theyMoved && movedBetween(before, our) && movedBetween(our, their);
  const [leading, following] = theyMoved && !clash ? [their, our] : [our, their];
  const ids = woven(common(leading, present), following, new Set(present));
  const gaps: FieldGap[] = clash ? [{ field: 'blocks', ours: our, theirs: their, ancestor: before }] : [];
  return { ids, gaps };
}

/** The ids that lead, and behind each the wanted ones that follow it elsewhere and are not among them. */
function woven(leading: readonly string[], following: readonly string[], wanted: ReadonlySet<string>): string[] {
  const front: string[] = [];
  const behind = new Map<string, string[]>(leading.map((id) => [id, []]));
  let last = front;
  for (const id of following) {
    const known = behind.get(id);
    if (known) last = known;
    else if (wanted.has(id)) last.push(id);
  }
  return [...front, ...leading.flatMap((id) => [id, ...(behind.get(id) ?? [])])];
}

export function sameText(one: Content, other: Content): boolean {
  const { changed, blocks, fields } = merge(one, one, other);
  return changed.length + blocks.length + fields.length === 0;
}
