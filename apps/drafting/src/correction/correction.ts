import type { CorrectionEvent, Person } from '#contracts';
import { type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { checkSeen, fourEyesRefused, gatesRefused, ownRefused, readable } from '../article/approval.ts';
import { person, revised, type Revision } from '../article/editing.ts';
import { currentOf, emptyLine, latest, type Line, markRead, save, versionOf } from '../article/line.ts';
import { byId, merge } from '../article/merging.ts';
import { isLive, reaction } from '../article/reactions.ts';
import { type Article, rolesIn } from '../article/state.ts';
import { gatesOf } from '../desk/requirements.ts';
import { sourceGates } from '../sourcing/gates.ts';
import type { Sourcing } from '../sourcing/state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
/** It copies what readers have, so the article must be as it was looked at when this is recorded. */
type Open = Ask<'open', { correctionId: string; articleId: string }> & { given: { readonly article: Article } };
type PeoplesCommand =
  | Open
  | Ask<'revise', Revision>
  | Ask<'read-back', { version: number; blocks: readonly string[] }>
  | (Ask<'approve', { version: number }> & { given?: { readonly sourcing: Sourcing } })
  | Ask<'discard'>;
/** Its article was killed: nothing of it will go out any more. */
type End = Ask<'end', { by: Person }>;
export type CorrectionCommand = PeoplesCommand | End;

export interface Correction {
  readonly status: 'none' | 'open' | 'approved' | 'discarded';
  readonly id: string;
  readonly articleId: string;
  readonly desk: string;
  /** Who opened it. */
  readonly writers: readonly string[];
  /** The published version that it corrects. */
  readonly base: number;
  /** Version 1 is the published text as it was copied. */
  readonly line: Line;
}
const initial: Correction = {
  ...{ status: 'none', id: '', articleId: '', desk: '', writers: [], base: 0 },
  line: emptyLine,
};

const of = ({ articleId, id: correctionId }: Pick<Correction, 'articleId' | 'id'>, by: Person) => ({
  ...{ articleId, correctionId },
  by: person(by),
});
const copied = (line: Line) => versionOf(line, 1).content;
/** Ids of the blocks and names of the fields that read otherwise than in the published version. */
export const changes = ({ line }: Pick<Correction, 'line'>) =>
  merge(copied(line), copied(line), currentOf(line).content).changed;

/** It needs whatever the published text had, and its sources, as any text that goes out; an editor who knows one may correct what it said. */
function gates({ line, id }: Correction, sourcing: Sourcing | undefined): Rejection | undefined {
  const before = new Set(gatesOf(copied(line), 'story').map(({ gate }) => gate));
  const lost = gatesOf(currentOf(line).content, 'story').filter(({ gate }) => !before.has(gate));
  return gatesRefused([...lost, ...sourceGates(currentOf(line), [], sourcing, id)]);
}
function nothingCorrected(state: Correction): Rejection | undefined {
  if (changes(state).length > 0) return undefined;
  return new Rejection('nothing-corrected', 'It reads as the published version does.');
}

/** The version last out, whatever the working line is doing. */
function published({ status, publication: { state, version: base, content } }: Article) {
  if (status === 'none') throw new Rejection('not-found', 'There is no article by that id.');
  if (!content || !isLive(state))
    throw new Rejection('not-published', 'Readers do not have it: there is nothing to correct.', { state });
  return { base, content };
}

const rules: Rules<Correction, PeoplesCommand, CorrectionEvent> = {
  open: {
    from: ['none'],
    by: ['reporter', 'editor'],
    decide: ({ data: { correctionId: id, articleId }, actor, given: { article } }) => {
      const { base, content } = published(article);
      const by = ['writer', 'editor'];
      if (!rolesIn(article, actor).some((role) => by.includes(role)))
        throw new Rejection('other-desk', 'Its writers and the editors of its desk correct it.', { by });
      const { desk } = article;
      return [{ type: 'CorrectionOpened', data: { ...of({ articleId, id }, actor), desk, base, content } }];
    },
  },
  revise: {
    from: ['open'],
    by: ['writer', 'editor'],
    decide: ({ data, actor }, state) => {
      const saved = revised(state.line, data);
      const version = latest(state.line) + 1;
      return saved ? [{ type: 'CorrectionRevised', data: { ...of(state, actor), version, ...saved } }] : [];
    },
  },
  'read-back': {
    from: ['open'],
    by: ['colleague'],
    guard: ({ line }, actor) => ownRefused(line, actor),
    decide: ({ data, actor }, state) => {
      const blocks = readable(state.line, data, actor);
      const version = state.line.at;
      return blocks.length > 0 ? [{ type: 'CorrectionReadBack', data: { ...of(state, actor), version, blocks } }] : [];
    },
  },
  approve: {
    from: ['open'],
    by: ['editor'],
    guard: (state, actor, given) =>
      nothingCorrected(state) ??
      gates(state, given?.sourcing) ??
      fourEyesRefused(state.line, byId(copied(state.line)), actor),
    decide: ({ data, actor }, state) => {
      checkSeen(state.line, data.version);
      const { number: version, content } = currentOf(state.line);
      const ancestor = copied(state.line);
      const { base } = state;
      const approved = { ...of(state, actor), base, version, content, ancestor, changed: changes(state) };
      return [{ type: 'CorrectionApproved', data: approved }];
    },
  },
  discard: {
    from: ['open'],
    by: ['writer', 'editor'],
    decide: ({ actor }, state) => [{ type: 'CorrectionDiscarded', data: of(state, actor) }],
  },
};

const fold: Fold<Correction, CorrectionEvent> = {
  CorrectionOpened: (state, { correctionId: id, articleId, desk, base, content, by }) => ({
    ...{ status: 'open', id, articleId, desk, base, writers: [by.id] },
    // What is copied was written and approved before; nobody here is its author.
    line: save(state.line, { content }, ''),
  }),
  CorrectionRevised: (state, { by, ...saved }) => ({ ...state, line: save(state.line, saved, by.id) }),
  CorrectionReadBack: (state, { blocks, by }) => ({ ...state, line: markRead(state.line, blocks, by.id) }),
  CorrectionApproved: (state) => ({ ...state, status: 'approved' }),
  CorrectionDiscarded: (state) => ({ ...state, status: 'discarded' }),
};

const reactionRules: Rules<Correction, End, CorrectionEvent> = {
  end: {
    from: ['open'],
    by: [reaction],
    decide: ({ data: { by } }, state) => [{ type: 'CorrectionDiscarded', data: of(state, by) }],
  },
};

const people = decider(initial, rules, fold, rolesIn);
const reactions = decider(initial, reactionRules, fold);
const isReaction = (command: CorrectionCommand): command is End => command.type in reactionRules;

/** Commands of people and of reactions, from two tables, as for an article. */
export const correction: Decider<Correction, CorrectionCommand, CorrectionEvent> = {
  ...people,
  decide: (command, state) => (isReaction(command) ? reactions.decide(command, state) : people.decide(command, state)),
};
