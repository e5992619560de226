import { type ArticleEvent, type Block, type Person, splicesBetween } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Gate } from './approval.ts';
import { person } from './editing.ts';
import { currentOf, type Line, versionOf } from './line.ts';
import { byId, same } from './merging.ts';
import { type Article, event, type Note, rolesIn, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
/** A block, or a stretch of its HTML, as it reads in the version seen. */
export interface Place {
  readonly version: number;
  readonly block: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}
export type NoteCommand =
  | Ask<'add-note', { note: string; blocking: boolean; mentions: readonly string[]; on?: Place | undefined }>
  | Ask<'resolve-note', { noteId: string }>;
type NoteEvent = Extract<ArticleEvent, { type: 'NoteAdded' | 'NoteResolved' }>;

const open = ({ notes = [] }: Pick<Article, 'notes'>) => notes.filter(({ resolved }) => !resolved);
export const noteGates = (state: Pick<Article, 'notes'>, which: (note: Note) => boolean = () => true): Gate[] =>
  open(state)
    .filter((note) => note.blocking && which(note))
    .map(({ block }) => ({ gate: 'blocking-note', ...(block === undefined ? {} : { block }) }));

/** Where a note is put: refused when the block has changed since the version seen, so that it never lands on other words. */
function placed(line: Line, { version, block: id, from, to }: Place) {
  const [now, then] = [byId(currentOf(line).content).get(id), byId(versionOf(line, version).content).get(id)];
  if (!now && !then) throw new Rejection('blocks-invalid', 'There is no such block.', { unknown: [id] });
  if (!now || !same(now, then))
    throw new Rejection('version-seen-stale', 'The block has changed since.', {
      ...{ seen: version, version: line.at, blocks: [id] },
    });
  if (from === undefined && to === undefined) return { block: id };
  return { block: id, range: rangeIn(now, from, to) };
}
function rangeIn({ html: { length } }: Block, from = 0, to = length) {
  if (from >= to || to > length)
    throw new Rejection('range-invalid', 'There is no such stretch in this block.', { length });
  return { from, to };
}

/** What somebody may not take out of the way of an approval. */
function kept({ blocking, legal, by }: Note, state: Article, actor: Actor): Rejection | undefined {
  const may = legal ? ['legal', 'chief'] : ['editor'];
  if (!blocking || (!legal && by.id === actor.id)) return undefined;
  if (rolesIn(state, actor).some((role) => may.includes(role))) return undefined;
  return new Rejection('note-blocks', `A blocking note is not resolved by everybody.`, { by: may });
}

export const anyoneOnIt = ['desk-member', 'writer', 'editor', 'legal'];
export const noteRules: Rules<Article, NoteCommand, ArticleEvent> = {
  'add-note': {
    from: [...unspiked, 'spiked'],
    by: anyoneOnIt,
    decide: ({ data: { on, note, blocking, mentions }, actor, now: at, id: noteId }, state) => {
      const told = { noteId, at, note, blocking, mentions: [...new Set(mentions)] };
      return [event('NoteAdded', state, actor, { ...told, ...(on && placed(state.line, on)) })];
    },
  },
  'resolve-note': {
    from: [...unspiked, 'spiked'],
    by: anyoneOnIt,
    decide: ({ data: { noteId }, actor, now: at }, state) => {
      const note = state.notes?.find(({ id }) => id === noteId);
      if (!note) throw new Rejection('unknown-note', 'There is no note by that id.');
      if (note.resolved) return [];
      const refused = kept(note, state, actor);
      if (refused) throw refused;
      return [event('NoteResolved', state, actor, { noteId, at })];
    },
  },
};

export const noteFold: Fold<Article, NoteEvent> = {
  NoteAdded: (state, { articleId: _, noteId: id, by, ...note }) => ({
    ...state,
    notes: [...(state.notes ?? []), { id, by: person(by), ...note }],
  }),
  NoteResolved: (state, { noteId, by, at }) => resolved(state, { by: person(by), at }, ({ id }) => id === noteId),
};

/** The article with these notes resolved, as far as they are not yet. */
export function resolved(
  state: Article,
  how: { readonly by: Person; readonly at: string },
  which: (note: Note) => boolean,
): Article {
  if (!state.notes) return state;
  return {
    ...state,
    notes: state.notes.map((note) => (!note.resolved && which(note) ? { ...note, resolved: how } : note)),
  };
}

/** Ranges go along with the words that they are on, whatever is written around them or in their place. */
export function anchored(before: Article, after: Article): Article {
  const [was, now] = [before.line.text?.content, after.line.text?.content];
  if (!after.notes || !was || !now || was === now) return after;
  const [old, current] = [byId(was), byId(now)];
  return { ...after, notes: after.notes.map((note) => moved(note, old, current)) };
}

function moved(note: Note, old: ReadonlyMap<string, Block>, current: ReadonlyMap<string, Block>): Note {
  const { block = '', range } = note;
  const [was, now] = [old.get(block)?.html, current.get(block)?.html];
  if (!range || was === undefined || now === undefined || was === now) return note;
  // From the end, so that what is before a stretch still stands where it stood.
  const moves = splicesBetween(was, now).toReversed();
  return { ...note, range: moves.reduce(shifted, range) };
}

function shifted(
  { from, to }: NonNullable<Note['range']>,
  { at, cut, text }: ReturnType<typeof splicesBetween>[number],
): NonNullable<Note['range']> {
  const behind = (place: number) => place - cut + text.length;
  // What is put in right before the words is not of them, nor what is put in right behind them.
  return {
    from: from >= at + cut ? behind(from) : Math.min(from, at),
    to: to <= at ? to : to >= at + cut ? behind(to) : at + text.length,
  };
}
