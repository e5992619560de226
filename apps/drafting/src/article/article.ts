import type { ArticleEvent, Content } from '#contracts';
import { type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { missingIn } from '../desk/requirements.ts';
import { checkSeen, gatesRefused, ownRefused, readable } from './approval.ts';
import { type ApprovingCommand, approvingRules, type Held } from './approving.ts';
import { nameOf, without } from './conflicts.ts';
import { checkBlocks, heldBy, restored, revised, type Revision, type TakeOver } from './editing.ts';
import { type Begin, beginRules, type BreakCircle, type LineageCommand, lineageFold, lineageRules } from './lineage.ts';
import { currentOf, goTo, latest, markRead, save, versionOf } from './line.ts';
import { type LegalCommand, legalFold, legalRules, pendingChanged } from './legal.ts';
import { loneFold } from './lone.ts';
import { byId } from './merging.ts';
import { allOpen, stepFold, tellSteps } from './steps.ts';
import { type MoveCommand, moveFold, moveRules } from './moving.ts';
import { anchored, type NoteCommand, noteFold, noteRules } from './notes.ts';
import { isLive, type ReactionCommand, reactionFold, reactionRules } from './reactions.ts';
import {
  type Article,
  event,
  initial,
  type Kind,
  revisers,
  rolesIn,
  unfinished,
  unspiked,
  type Working,
} from './state.ts';
import { type SuggestionCommand, suggestionFold, suggestionRules } from './suggestions.ts';
import { type TaskCommand, taskFold, taskRules } from './tasks.ts';
import { type WithdrawCommand, withdrawFold, withdrawRules } from './withdrawing.ts';
import { type TeamworkCommand, teamworkFold, teamworkRules } from './teamwork.ts';
import { type TimerCommand, timerRules } from './timers.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
export type ArticleCommand =
  | Ask<'start', { articleId: string; desk: string; kind: Kind; content: Content }>
  | Ask<'revise', Revision>
  | Ask<'restore-version', { version: number; seen: number }>
  | Ask<'take-over-lease', TakeOver>
  | (Ask<'submit'> & Held)
  | Ask<'recall'>
  | (Ask<'claim', { reason?: string | undefined }> & Held)
  | Ask<'return', { note: string }>
  | Ask<'read-back', { version: number; blocks: readonly string[] }>
  | ApprovingCommand
  | (Ask<'open-next-version'> & Held)
  | Ask<'discard-next-version'>
  | Ask<'spike', { reason: string }>
  | Ask<'unspike'>
  | LegalCommand
  | MoveCommand
  | NoteCommand
  | SuggestionCommand
  | WithdrawCommand
  | TaskCommand
  | LineageCommand
  | TeamworkCommand
  | MachineCommand;
export type MachineCommand = ReactionCommand | Begin | BreakCircle | TimerCommand;
type PeoplesCommand = Exclude<ArticleCommand, MachineCommand>;

/** What was approved needs an editor's eye again once it was dropped. */
const takenUp = ({ before }: Article): Working => (before === 'approved' ? 'editing' : before);
const rules: Rules<Article, PeoplesCommand, ArticleEvent> = {
  start: {
    from: ['none'],
    by: ['reporter', 'editor'],
    decide: ({ data: { articleId, desk, kind, content }, actor }, state) => {
      checkBlocks(content.blocks.map(({ id }) => id));
      return [event('ArticleStarted', { ...state, id: articleId }, actor, { desk, kind, version: 1, content })];
    },
  },
  revise: {
    from: unfinished,
    by: revisers,
    decide: ({ data, actor }, state) => {
      const saved = revised(state.line, data);
      const version = latest(state.line) + 1;
      return saved ? [event('ArticleRevised', state, actor, { version, base: data.base, ...saved })] : [];
    },
  },
  'restore-version': {
    from: unfinished,
    by: revisers,
    decide: ({ data, actor }, state) => {
      checkSeen(state.line, data.seen);
      const saved = restored(state.line, data.version);
      const version = latest(state.line) + 1;
      if (!saved) return [];
      const told = { version, base: data.seen, ...saved, restored: data.version };
      return [event('ArticleRevised', state, actor, told)];
    },
  },
  'take-over-lease': {
    from: unspiked,
    by: ['editor'],
    decide: ({ data: { session, reason, from }, actor }, state) => {
      if (!from) return [];
      return [event('LeaseTakenOver', state, actor, { session, reason, ...heldBy(from) })];
    },
  },
  submit: {
    from: ['draft', 'returned'],
    by: ['writer'],
    guard: (state, _actor, given) => gatesRefused(missingIn(currentOf(state.line).content, state.kind, given?.desk)),
    decide: ({ actor }, state) => [event('ArticleSubmitted', state, actor, { version: state.line.at })],
  },
  recall: {
    from: ['submitted'],
    by: ['writer'],
    decide: ({ actor }, state) => [event('ArticleRecalled', state, actor, {})],
  },
  claim: {
    from: unfinished,
    by: ['editor'],
    decide: ({ data: { reason = '' }, actor, given }, state) => {
      const steps = tellSteps.taken(state, actor, given?.desk);
      if (state.status === 'editing' && state.editor === actor.id) return steps;
      if (state.status === 'draft' && reason === '')
        throw new Rejection('reason-required', 'Its writer has not handed it in: say why.');
      return [event('ArticleClaimed', state, actor, { reason }), ...steps];
    },
  },
  return: {
    from: ['submitted', 'editing'],
    by: ['editor'],
    decide: ({ data: { note }, actor }, state) => [event('ArticleReturned', state, actor, { note })],
  },
  'read-back': {
    from: ['submitted', 'editing'],
    by: ['colleague'],
    guard: ({ line, conflicts }, actor) => ownRefused(line, actor, conflicts.length > 0),
    decide: ({ data, actor }, state) => {
      const blocks = readable(state.line, data, actor, state.conflicts.map(nameOf));
      return blocks.length > 0 ? [event('BlocksReadBack', state, actor, { version: state.line.at, blocks })] : [];
    },
  },
  ...approvingRules,
  'open-next-version': {
    from: ['approved'],
    by: ['writer', 'editor'],
    decide: ({ actor, given }, state) => [
      ...[event('NextVersionOpened', state, actor, {}), ...tellSteps.taken(state, actor, given?.desk)],
    ],
  },
  'discard-next-version': {
    from: unfinished,
    by: ['editor'],
    guard: ({ approved, corrected }) => {
      if (approved === 0) return new Rejection('nothing-approved', 'There is no approved version to go back to.');
      return corrected
        ? new Rejection('correction-would-be-lost', 'A correction has entered this version.')
        : undefined;
    },
    decide: ({ actor }, state) => {
      const { number: version, content } = versionOf(state.line, state.approved);
      return [event('NextVersionDiscarded', state, actor, { version, content })];
    },
  },
  spike: {
    from: unspiked,
    by: ['editor'],
    guard: ({ publication: { state, version } }) =>
      isLive(state)
        ? new Rejection('story-is-live', 'Readers have it: hold, unpublish or kill it.', { state, version })
        : undefined,
    decide: ({ data: { reason }, actor }, state) => {
      const spiked = event('ArticleSpiked', state, actor, { reason });
      if (state.approved === 0) return [spiked];
      return [spiked, event('ClearanceStopped', state, actor, { version: state.approved, why: reason })];
    },
  },
  unspike: {
    from: ['spiked'],
    by: ['editor'],
    decide: ({ actor }, state) => [event('ArticleUnspiked', state, actor, { state: takenUp(state) })],
  },
  ...legalRules,
  ...moveRules,
  ...withdrawRules,
  ...noteRules,
  ...suggestionRules,
  ...taskRules,
  ...lineageRules,
  ...teamworkRules,
};

const to = (status: Article['status']) => (state: Article) => ({ ...state, status });

const fold: Fold<Article, ArticleEvent> = {
  ArticleStarted: (state, { articleId: id, by, desk, kind, content }) => ({
    ...state,
    ...{ status: 'draft', id, desk, kind, writers: [by.id], line: save(state.line, { content }, by.id) },
  }),
  ArticleRevised: (state, { by, changed, ...saved }) => ({
    ...state,
    line: save(state.line, saved, by.id),
    conflicts: without(state.conflicts, changed),
  }),
  LeaseTakenOver: (state) => state,
  ArticleSubmitted: to('submitted'),
  ArticleRecalled: to('draft'),
  ArticleClaimed: (state, { by }) => ({ ...state, status: 'editing', editor: by.id }),
  ArticleReturned: (state) => ({ ...state, status: 'returned', editor: '' }),
  BlocksReadBack: (state, { blocks, by }) => ({
    ...state,
    line: markRead(state.line, blocks, by.id),
    conflicts: without(state.conflicts, blocks),
  }),
  ArticleApproved: (state, { version, content }) => ({
    ...state,
    ...{ status: 'approved', editor: '', approved: version, cleared: byId(content), corrected: false },
    ...allOpen(state),
  }),
  NextVersionOpened: to('editing'),
  NextVersionDiscarded: (state, { version }) => ({
    ...state,
    ...{ status: 'approved', editor: '', line: goTo(state.line, version) },
    ...allOpen(state),
  }),
  ArticleSpiked: (state) => ({ ...state, status: 'spiked', before: state.status as Working }),
  ArticleUnspiked: (state) => ({ ...state, status: takenUp(state) }),
  SpikeTakenBack: (state) => ({ ...state, status: state.before }),
  ClearanceStopped: (state) => state,
  ...legalFold,
  ...stepFold,
  ...moveFold,
  ...withdrawFold,
  ...noteFold,
  ...suggestionFold,
  ...taskFold,
  ...lineageFold,
  ...teamworkFold,
  ...reactionFold,
  ...loneFold,
};

const people = decider(initial, rules, fold, rolesIn);
const machineRules = { ...reactionRules, ...beginRules, ...timerRules };
const reactions = decider<Article, MachineCommand, ArticleEvent>(initial, machineRules, fold);
const isReaction = (command: ArticleCommand): command is MachineCommand => command.type in machineRules;

/** Commands of people and of reactions, from two tables: what a person is told is possible lists only what people do. */
export const article: Decider<Article, ArticleCommand, ArticleEvent> = {
  ...people,
  evolve: (state, event) => anchored(state, people.evolve(state, event)),
  decide(command, state) {
    const events = isReaction(command) ? reactions.decide(command, state) : people.decide(command, state);
    // Nothing has passed a step, nor lawyers, so nothing is open again: most saves need not be folded for it.
    if (!state.approval?.settled.length && !state.legal) return events;
    const after = events.reduce<Article>((before, one) => people.evolve(before, one), state);
    const by = events[0]?.data.by ?? command.actor;
    const again = pendingChanged(state, after);
    const told = again ? [event('LegalCheckPendingChanged', state, by, again)] : [];
    return [...events, ...tellSteps.reopened(state, after, by), ...told];
  },
};
