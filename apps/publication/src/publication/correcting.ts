import { blockDifferences, type Content, fieldDifferences, type Person, type PublicationEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import {
  type Approved,
  event,
  nextItem,
  type Out,
  type Pieces,
  type Publication,
  type PublishedCorrection,
  type ReadyCorrection,
  there,
} from './state.ts';

function piecesOf({ blocks, ...fields }: Content): Map<string, string> {
  const named = [
    ...Object.entries(fields).map(([name, value]) => [`field ${name}`, JSON.stringify(value)] as const),
    ...blocks.map((block) => [`block ${block.id}`, JSON.stringify(block)] as const),
  ];
  return new Map(named);
}

/** The pieces that read otherwise in the second text, as they are in the first. */
function replacedBy(before: Content, after: Content): Pieces {
  const [old, next] = [piecesOf(before), piecesOf(after)];
  const names = [...new Set([...old.keys(), ...next.keys()])];
  return new Map(names.filter((name) => old.get(name) !== next.get(name)).map((name) => [name, old.get(name)]));
}

const orderOf = ({ blocks }: Content) => JSON.stringify(blocks.map(({ id }) => id));
export const sameText = (one: Content, other: Content): boolean =>
  replacedBy(one, other).size === 0 && orderOf(one) === orderOf(other);

/** Pieces of what is out that this text would turn back to how they were before a correction. */
function undoneBy(text: Content, out: Out, corrections: Publication['corrections']): string[] {
  const next = piecesOf(text);
  const changed = [...replacedBy(out.content, text).keys()];
  return changed.filter((name) =>
    corrections.some(({ replaced }) => replaced.has(name) && replaced.get(name) === next.get(name)),
  );
}

export function unfit({ content }: Approved, { out, corrections }: Publication): Rejection | undefined {
  if (!out || sameText(out.content, content))
    return new Rejection('nothing-corrected', 'It reads as what went out last.');
  const pieces = undoneBy(content, out, corrections);
  if (pieces.length === 0) return undefined;
  return new Rejection('correction-would-be-lost', 'This text was approved without a correction that is out.', {
    pieces,
  });
}

/** Why there is no version that could go out in place of the one that is. */
export function nothingNewer(state: Publication): Rejection | undefined {
  if (state.waiting) return unfit(state.waiting, state);
  return new Rejection('nothing-waiting', 'Neither an approved correction nor a newer approved version is here.');
}
/** Why there is no text at all that a correction could put out. */
const nothingToCorrectWith = (state: Publication) => (state.ready.length > 0 ? undefined : nothingNewer(state));

interface TextSeen {
  readonly version?: number | undefined;
  readonly correctionId?: string | undefined;
}

/** The text that goes out, by the name of the one that the caller saw. */
function chosen(seen: TextSeen, state: Publication): Approved & { correctionId?: string } {
  const { version, correctionId } = seen;
  if ((version === undefined) === (correctionId === undefined))
    throw new Rejection('text-not-named', 'Name the version or the correction that goes out.');
  if (version !== undefined) return versionChosen(version, state);
  const found = state.ready.find(({ id }) => id === correctionId);
  if (!found || !state.out)
    throw new Rejection('version-seen-stale', 'That correction does not wait here, or does so no longer.', {
      ready: state.ready.map(({ id }) => id),
    });
  return { version: state.out.version, content: found.content, correctionId: found.id };
}

export function versionChosen(seen: number, state: Publication): Approved {
  const { waiting } = state;
  if (waiting?.version !== seen)
    throw new Rejection('version-seen-stale', waiting ? `Version ${waiting.version} waits.` : 'No version waits.', {
      seen,
      version: waiting?.version,
    });
  const refused = unfit(waiting, state);
  if (refused) throw refused;
  return waiting;
}

/** How two texts differ, exactly: by field of the head, and block by block, word by word. */
const differenceOf = (before: Content, after: Content) => ({
  difference: blockDifferences(before.blocks, after.blocks),
  fields: fieldDifferences(before, after),
});

/** Those that correct a text which goes down with this decision. */
export const othersThan = (correctionId: string | undefined, { ready }: Publication): ReadyCorrection[] =>
  ready.filter(({ id }) => id !== correctionId);

/** Corrections that wait go down with a decision that puts out another text than they correct. */
const outdatedBy = (correctionId: string | undefined, state: Publication, by: Person): PublicationEvent[] =>
  othersThan(correctionId, state).map(({ id }) => event('CorrectionOutdated', state, by, { correctionId: id }));

type Ask<T extends string, D> = Command & { type: T; data: D };
export type CorrectingCommand =
  | Ask<'correct', TextSeen & { note: string }>
  | Ask<'refile', TextSeen & { note?: string | undefined }>
  | Ask<'update', { version: number; nothingWasWrong: boolean }>
  | Ask<'repeat', { item: number }>;

const from = ['published', 'held', 'unpublished'] as const;
const by = ['duty-editor'];
const ofClass = ({ corrections }: Publication, name: PublishedCorrection['class']) =>
  corrections.filter((one) => one.class === name).length;

/** Another text takes the place of what is out: of a wrong one, or, refiled, of one that stated nothing wrong. */
function replace(
  { data: { note = '', ...seen }, actor, now }: Ask<string, TextSeen & { note?: string | undefined }>,
  state: Publication,
  refile?: 'REFILE',
): PublicationEvent[] {
  const text = chosen(seen, state);
  const replaced = event('ArticleCorrected', state, actor, {
    ...text,
    ...{ number: ofClass(state, refile) + 1, class: refile ?? ('CORRECTED' as const), note },
    ...differenceOf(there(state.out).content, text.content),
    ...nextItem(state, now),
  });
  return [replaced, ...outdatedBy(text.correctionId, state, actor)];
}

/** The story goes on: nothing is owned to, so that a fact that was wrong has to go out as a correction. */
export function confirmed(nothingWasWrong = false): true {
  if (nothingWasWrong) return true;
  throw new Rejection('correction-due', 'What was stated wrong is corrected, and readers are told.');
}
/** The approval that waits beside this version, where another one does. */
export const besides = (version: number, { waiting }: Publication) =>
  waiting && waiting.version !== version ? { waits: waiting.version } : {};

/** A newer text takes the place of one that stated nothing wrong, as was confirmed. */
export function updatedTo(text: Approved, state: Publication, actor: Person, now: string): PublicationEvent[] {
  const updated = event('ArticleUpdated', state, actor, {
    ...text,
    ...{ number: (state.updates ?? 0) + 1, nothingWasWrong: true, ...besides(text.version, state) },
    ...differenceOf(there(state.out).content, text.content),
    ...nextItem(state, now),
  });
  return [updated, ...outdatedBy(undefined, state, actor)];
}

export const correctingRules: Rules<Publication, CorrectingCommand, PublicationEvent> = {
  correct: { from, by, guard: nothingToCorrectWith, decide: (command, state) => replace(command, state) },
  refile: { from, by, guard: nothingToCorrectWith, decide: (command, state) => replace(command, state, 'REFILE') },
  update: {
    ...{ from, by, guard: nothingNewer },
    decide({ data: { version, nothingWasWrong }, actor, now }, state) {
      const text = versionChosen(version, state);
      confirmed(nothingWasWrong);
      return updatedTo(text, state, actor, now);
    },
  },
  // What waits goes on waiting: the text that it corrects is what is out. A correction may have gone out under the same version, and a hold under none.
  repeat: {
    ...{ from, by },
    decide: ({ data: { item: seen }, actor, now }, state) => {
      const { version } = there(state.out);
      const { number: item } = state.item;
      if (seen !== item) throw new Rejection('version-seen-stale', `Message ${item} went out last.`, { seen, item });
      const number = (state.repeats ?? 0) + 1;
      return [event('ArticleRepeated', state, actor, { version, number, ...nextItem(state, now) })];
    },
  },
};

type CorrectingEvent = Extract<PublicationEvent, { type: 'ArticleCorrected' | 'ArticleUpdated' | 'ArticleRepeated' }>;
export const correctingFold: Fold<Publication, CorrectingEvent> = {
  ArticleCorrected: (state, { version, content, correctionId, number, class: of, note, at, item }) => {
    const { out } = state;
    if (!out) return state;
    const refile = of === 'REFILE' ? { class: of } : {};
    return {
      ...state,
      ...{ status: 'published', out: { ...out, version, content }, item: { number: item, at } },
      waiting: correctionId === undefined ? undefined : state.waiting,
      ready: othersThan(correctionId, state),
      corrections: [...state.corrections, { ...refile, number, note, at, replaced: replacedBy(out.content, content) }],
    };
  },
  ArticleUpdated: (state, { version, content, number: updates, waits, at, item }) => ({
    ...state,
    ...{ status: 'published', out: { ...there(state.out), version, content }, item: { number: item, at } },
    ...{ waiting: waits === undefined ? undefined : state.waiting, updates },
  }),
  ArticleRepeated: (state, { number: repeats, item, at }) => ({
    ...state,
    ...{ status: 'published', repeats, item: { number: item, at } },
  }),
};
