import { type Block, type Content, type Edit, editBetween, edited } from '#contracts';
import { Rejection } from '#decider';
import { byId, same } from './merging.ts';

/** A text with the last author of each of its blocks. */
export interface Text {
  readonly content: Content;
  readonly authors: ReadonlyMap<string, string>;
}
/** How a save is told: the text whole, or what it changed of the one that stood. */
export interface Saved {
  readonly content?: Content;
  readonly edit?: Edit;
  /** Who wrote a block that it brings, where somebody else saves it. */
  readonly authors?: Readonly<Record<string, string>> | undefined;
}
/** One numbered text, whole or by what its author changed of another. Never changed, never dropped. */
interface Version {
  readonly number: number;
  readonly author: string;
  readonly kept: Text | { readonly from: Version; readonly edit: Edit };
  readonly previous: Version | undefined;
}
/** A line of work on one text: all its versions by the newest, the one it stands at, and who read which blocks back as they stand there. */
export interface Line {
  readonly at: number;
  /** As it stands; none before the first save. */
  readonly text: Text | undefined;
  readonly newest: Version | undefined;
  /** What the edits weigh since a text was told whole. */
  readonly edits: number;
  readonly readBy: ReadonlyMap<string, readonly string[]>;
}
interface Numbered extends Text {
  readonly number: number;
}

export const emptyLine: Line = { at: 0, text: undefined, newest: undefined, edits: 0, readBy: new Map() };
export const latest = ({ newest }: Line): number => newest?.number ?? 0;

function find({ newest }: Line, number: number): Version | undefined {
  let version = newest;
  while (version && version.number !== number) version = version.previous;
  return version;
}
function textOf(version: Version): Text {
  const edits: { readonly author: string; readonly edit: Edit }[] = [];
  let { author, kept } = version;
  while ('edit' in kept) {
    edits.push({ author, edit: kept.edit });
    ({ author, kept } = kept.from);
  }
  return edits.reduceRight((text, { author, edit }) => written(text, edited(text.content, edit), author), kept);
}
export function versionOf(line: Line, number: number): Numbered {
  if (line.text && number === line.at) return { number, ...line.text };
  const found = find(line, number);
  if (!found)
    throw new Rejection('unknown-version', `There is no version ${number}.`, { version: number, latest: latest(line) });
  return { number, ...textOf(found) };
}
export const currentOf = (line: Line): Numbered => versionOf(line, line.at);

/** Whether this person has saved any version of it. */
export function hasWritten({ newest }: Line, person: string): boolean {
  let version = newest;
  while (version && version.author !== person) version = version.previous;
  return version !== undefined;
}

/** A block keeps its author for as long as it keeps its wording; one that reads as before is the same object. */
function written(before: Text | undefined, content: Content, author: string, others: Saved['authors'] = {}): Text {
  const old = before ? byId(before.content) : new Map<string, Block>();
  const blocks = content.blocks.map((block) => {
    const was = old.get(block.id);
    return was && same(was, block) ? was : block;
  });
  // A block may be called anything, `constructor` and `__proto__` too.
  const another = new Map(Object.entries(others));
  const authorOf = (block: Block) => (old.get(block.id) === block ? before?.authors : another)?.get(block.id) ?? author;
  return { content: { ...content, blocks }, authors: new Map(blocks.map((block) => [block.id, authorOf(block)])) };
}

/** Characters that an event takes besides the edit in it: many small ones are long to read too. */
const besides = 300;
const weightOf = (edit: Edit) => JSON.stringify(edit).length + besides;
/** About as many characters as an event takes that tells it whole. */
const sizeOf = ({ blocks, ...fields }: Content) =>
  blocks.reduce((size, { id, html }) => size + id.length + html.length + aroundBlock, JSON.stringify(fields).length);
const aroundBlock = JSON.stringify({ id: '', kind: 'paragraph', html: '', attributions: [] }).length;

/** A text of fewer characters is told whole each time. */
const short = 1000;

/** How a save of this text is told: by its edit, or whole where the edits since the last whole one would outweigh it twice. */
export function told(line: Line, content: Content): Saved {
  const edit = editBetween(currentOf(line).content, content);
  const size = sizeOf(content);
  return size > short && line.edits + weightOf(edit) < 2 * size ? { edit } : { content };
}

/** The line with one more version: a block keeps its readers too for as long as it keeps its wording. */
export function save(line: Line, { content, edit, authors }: Saved, author: string): Line {
  const from = find(line, line.at);
  const now = content ?? (line.text && edit && edited(line.text.content, edit));
  if (!now) throw new Error('A save tells a text whole, or what it changed of another.');
  const text = written(line.text, now, author, authors);
  const number = latest(line) + 1;
  const newest = { number, author, previous: line.newest, kept: from && edit ? { from, edit } : text };
  const edits = edit ? line.edits + weightOf(edit) : 0;
  return { at: number, text, newest, edits, readBy: stillRead(line, text) };
}

/** The line back at one of its own versions, which is told whole. */
export function goTo(line: Line, number: number): Line {
  const { content, authors } = versionOf(line, number);
  const text = { content, authors };
  return { ...line, at: number, text, edits: 0, readBy: stillRead(line, text) };
}

export function markRead(line: Line, blocks: readonly string[], reader: string): Line {
  const readBy = new Map(line.readBy);
  for (const block of blocks) readBy.set(block, [...new Set([...(readBy.get(block) ?? []), reader])]);
  return { ...line, readBy };
}

function stillRead({ text, readBy }: Line, now: Text): Line['readBy'] {
  if (readBy.size === 0) return readBy;
  const [before, after] = [text ? byId(text.content) : new Map<string, Block>(), byId(now.content)];
  return new Map([...readBy].filter(([block]) => same(before.get(block), after.get(block))));
}
