import type { Block, Content, Person } from '#contracts';
import { Rejection } from '#decider';
import { byId, type Fields, merge, same } from './merging.ts';

/** One numbered text with the last author of each of its blocks, and the one before it. Never changed, never dropped. */
export interface Version {
  readonly number: number;
  readonly content: Content;
  readonly authors: ReadonlyMap<string, string>;
  readonly previous: Version | undefined;
}
/** A line of work on one text: all its versions by the newest, the one it stands at, and who read which blocks back as they stand there. */
export interface Line {
  readonly at: number;
  readonly newest: Version | undefined;
  readonly readBy: ReadonlyMap<string, readonly string[]>;
}
/** What an author changed, against the version they had before them. `order`, where given, names every block of the result. */
export interface Revision {
  readonly base: number;
  readonly fields?: Partial<Fields> | undefined;
  readonly put?: readonly Block[] | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly order?: readonly string[] | undefined;
}

export const emptyLine: Line = { at: 0, newest: undefined, readBy: new Map() };
export const latest = ({ newest }: Line): number => newest?.number ?? 0;

function find({ newest }: Line, number: number): Version | undefined {
  let version = newest;
  while (version && version.number !== number) version = version.previous;
  return version;
}
export function versionOf(line: Line, number: number): Version {
  const found = find(line, number);
  if (!found)
    throw new Rejection('unknown-version', `There is no version ${number}.`, { version: number, latest: latest(line) });
  return found;
}
export const currentOf = (line: Line): Version => versionOf(line, line.at);

/**
 * The line with one more version: a block keeps its author and its readers for as long as it keeps its wording. A block that reads as
 * before is the same object, so that a long history takes the room of what was written in it.
 */
export function save(line: Line, content: Content, author: string): Line {
  const before = find(line, line.at);
  const old = before ? byId(before.content) : new Map<string, Block>();
  const blocks = content.blocks.map((block) => {
    const was = old.get(block.id);
    return was && same(was, block) ? was : block;
  });
  const standing = new Set(blocks.filter((block) => old.get(block.id) === block).map(({ id }) => id));
  const authorOf = (id: string) => (standing.has(id) ? before?.authors.get(id) : undefined) ?? author;
  const authors = new Map(blocks.map(({ id }) => [id, authorOf(id)]));
  const number = latest(line) + 1;
  const newest = { number, content: { ...content, blocks }, authors, previous: line.newest };
  return { at: number, newest, readBy: stillRead(line, standing) };
}

/** The line back at one of its own versions. */
export function goTo(line: Line, number: number): Line {
  const before = byId(currentOf(line).content);
  const { blocks } = versionOf(line, number).content;
  const standing = new Set(blocks.filter((block) => same(before.get(block.id), block)).map(({ id }) => id));
  return { ...line, at: number, readBy: stillRead(line, standing) };
}

export function markRead(line: Line, blocks: readonly string[], reader: string): Line {
  const readBy = new Map(line.readBy);
  for (const block of blocks) readBy.set(block, [...new Set([...(readBy.get(block) ?? []), reader])]);
  return { ...line, readBy };
}

function stillRead(line: Line, standing: ReadonlySet<string>): Line['readBy'] {
  return new Map([...line.readBy].filter(([block]) => standing.has(block)));
}

/** The saved text and what it changed; undefined when it changes nothing. Two people's changes to the same block are refused. */
export function revised(line: Line, revision: Revision): { content: Content; changed: string[] } | undefined {
  const ancestor = versionOf(line, revision.base).content;
  const current = currentOf(line).content;
  const merged = merge(ancestor, current, written(ancestor, revision));
  if (merged.blocks.length + merged.fields.length > 0)
    throw new Rejection('block-conflict', 'Somebody else changed the same text since the version this was based on.', {
      version: line.at,
      blocks: merged.blocks.map(({ ours, theirs, ...gap }) => ({ ...gap, current: ours, yours: theirs })),
      fields: merged.fields.map(({ ours, theirs, ...gap }) => ({ ...gap, current: ours, yours: theirs })),
    });
  checkBlocks(merged.content.blocks.map(({ id }) => id));
  return merged.changed.length > 0 ? { content: merged.content, changed: merged.changed } : undefined;
}

/** An article longer than this is two; it keeps a version within what one event may hold. */
const mostBlocks = 1000;

export function checkBlocks(ids: readonly string[]): void {
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
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
  return { ...ancestor, ...fields, blocks: ordered(blocks, order ?? [...blocks.keys()]) };
}

function ordered(blocks: ReadonlyMap<string, Block>, order: readonly string[]): Block[] {
  checkBlocks(order);
  const unknown = order.filter((id) => !blocks.has(id));
  const missing = [...blocks.keys()].filter((id) => !order.includes(id));
  if (unknown.length + missing.length > 0)
    throw new Rejection('blocks-invalid', 'The order names each block of the text once.', { unknown, missing });
  return order.flatMap((id) => blocks.get(id) ?? []);
}

/** Somebody as events name them. */
export const person = ({ id, name }: Person): Person => ({ id, name });
