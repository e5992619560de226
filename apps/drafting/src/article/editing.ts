import type { Block, Content, Person } from '#contracts';
import { Rejection } from '#decider';
import { currentOf, type Line, type Saved, told, versionOf } from './line.ts';
import { byId, type Fields, merge } from './merging.ts';
import { proposedBlock, proposedField } from './proposal.ts';

/** What an author changed, against the version they had before them. `order`, where given, names every block of the result. */
export interface Revision {
  readonly base: number;
  readonly fields?: Partial<Fields> | undefined;
  readonly put?: readonly Block[] | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly order?: readonly string[] | undefined;
}

/** The save and what it changed; undefined when it changes nothing. Two people's changes to the same block are refused. */
export function revised(line: Line, revision: Revision): (Saved & { changed: string[] }) | undefined {
  const ancestor = versionOf(line, revision.base).content;
  const current = currentOf(line).content;
  const merged = merge(ancestor, current, written(ancestor, revision));
  if (merged.blocks.length + merged.fields.length > 0)
    throw new Rejection('block-conflict', 'Somebody else changed the same text since the version this was based on.', {
      version: line.at,
      blocks: merged.blocks.map((gap) => ({ block: gap.block, ...bothSides(gap), ...proposedBlock(gap) })),
      fields: merged.fields.map((gap) => ({ field: gap.field, ...bothSides(gap), ...proposedField(gap) })),
    });
  checkBlocks(merged.content.blocks.map(({ id }) => id));
  return merged.changed.length > 0 ? { ...told(line, merged.content), changed: merged.changed } : undefined;
}

const bothSides = <T>({ ours, theirs, ancestor }: { ours: T; theirs: T; ancestor: T }) => ({
  ...{ current: ours, yours: theirs, ancestor },
});

/** The save that makes an old version the text again; undefined where it is the text. Its author answers for what that changes. */
export function restored(line: Line, version: number): (Saved & { changed: string[] }) | undefined {
  const [current, { content }] = [currentOf(line).content, versionOf(line, version)];
  const { changed } = merge(current, current, content);
  return changed.length > 0 ? { ...told(line, content), changed } : undefined;
}

/** An article longer than this is two; it keeps a version within what one event may hold. */
const mostBlocks = 5000;

export function checkBlocks(ids: readonly string[]): void {
  const seen = new Set<string>();
  const repeated = ids.filter((id) => seen.size === seen.add(id).size);
  if (repeated.length > 0)
    throw new Rejection('blocks-invalid', 'A block id stands for one block only.', {
      repeated: [...new Set(repeated)],
    });
  if (ids.length > mostBlocks)
    throw new Rejection('blocks-invalid', `A text has at most ${mostBlocks} blocks.`, { limit: mostBlocks });
}

/** The text as its author left it. */
function written(ancestor: Content, { fields = {}, put = [], remove = [], order }: Revision): Content {
  const blocks = byId(ancestor);
  checkBlocks([...put.map(({ id }) => id), ...remove]);
  const unknown = remove.filter((id) => !blocks.has(id));
  if (unknown.length > 0)
    throw new Rejection('blocks-invalid', 'It removes blocks that its base does not have.', { unknown });
  for (const block of put) blocks.set(block.id, block);
  for (const id of remove) blocks.delete(id);
  return { ...ancestor, ...fields, blocks: order ? ordered(blocks, order) : [...blocks.values()] };
}

function ordered(blocks: ReadonlyMap<string, Block>, order: readonly string[]): Block[] {
  checkBlocks(order);
  const unknown = order.filter((id) => !blocks.has(id));
  const named = new Set(order);
  const missing = [...blocks.keys()].filter((id) => !named.has(id));
  if (unknown.length + missing.length > 0)
    throw new Rejection('blocks-invalid', 'The order names each block of the text once.', { unknown, missing });
  return order.flatMap((id) => blocks.get(id) ?? []);
}

/** Somebody as events name them. */
export const person = ({ id, name }: Person): Person => ({ id, name });

/** `from` is who has it in hand, if somebody has. */
export interface TakeOver {
  readonly session: string;
  readonly reason: string;
  readonly from: { readonly by: Person; readonly session: string } | undefined;
}
export const heldBy = ({ by, session }: NonNullable<TakeOver['from']>) => ({ from: person(by), fromSession: session });
