import type { CorrectionEvent, Person } from '#contracts';
import { type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { checkSeen, ownRefused, readable } from '../article/approval.ts';
import { heldBy, restored as restoredFrom, revised, type Revision, type TakeOver } from '../article/editing.ts';
import { pendingChanged } from '../article/legal.ts';
import { latest, markRead, save } from '../article/line.ts';
import type { SecondLookDue } from '../article/lone.ts';
import { isLive, reaction } from '../article/reactions.ts';
import { type Article, rolesIn } from '../article/state.ts';
import { reopened, stepsTaken } from '../article/steps.ts';
import type { Known } from '../desk/desk.ts';
import { type ApprovingCommand, approvingFold, approvingRules, secondLookRules } from './approving.ts';
import { type Correction, event, initial } from './state.ts';
import { stepFold } from './steps.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
/** It copies what readers have, so the article must be as it was looked at when this is recorded. `desk` is the article's. */
type Open = Ask<'open', { correctionId: string; articleId: string }> & {
  given: { readonly article: Article; readonly desk?: Known };
};
export type PeoplesCommand =
  | Open
  | Ask<'revise', Revision>
  | Ask<'restore-version', { version: number; seen: number }>
  | Ask<'take-over-lease', TakeOver>
  | Ask<'read-back', { version: number; blocks: readonly string[] }>
  | ApprovingCommand
  | Ask<'discard'>;
/** Its article was killed: nothing of it will go out any more. */
type End = Ask<'end', { by: Person }>;
type MachineCommand = End | SecondLookDue;
export type CorrectionCommand = PeoplesCommand | MachineCommand;

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
    decide: ({ data: { correctionId: id, articleId }, actor, given: { article, desk } }) => {
      const { base, content } = published(article);
      const by = ['writer', 'editor'];
      if (!rolesIn(article, actor).some((role) => by.includes(role)))
        throw new Rejection('other-desk', 'Its writers and the editors of its desk correct it.', { by });
      const steps = stepsTaken({}, desk);
      return [
        event('CorrectionOpened', { articleId, id }, actor, { desk: article.desk, base, content }),
        ...(steps ? [event('CorrectionApprovalStepsTaken', { articleId, id }, actor, steps)] : []),
      ];
    },
  },
  revise: {
    from: ['open'],
    by: ['writer', 'editor'],
    decide: ({ data, actor }, state) => {
      const saved = revised(state.line, data);
      const version = latest(state.line) + 1;
      return saved ? [event('CorrectionRevised', state, actor, { version, ...saved })] : [];
    },
  },
  'restore-version': {
    from: ['open'],
    by: ['writer', 'editor'],
    decide: ({ data: { version: restored, seen }, actor }, state) => {
      checkSeen(state.line, seen);
      const saved = restoredFrom(state.line, restored);
      const version = latest(state.line) + 1;
      return saved ? [event('CorrectionRevised', state, actor, { version, ...saved, restored })] : [];
    },
  },
  'take-over-lease': {
    from: ['open'],
    by: ['editor'],
    decide: ({ data: { session, reason, from }, actor }, state) =>
      from ? [event('CorrectionLeaseTakenOver', state, actor, { session, reason, ...heldBy(from) })] : [],
  },
  'read-back': {
    from: ['open'],
    by: ['colleague'],
    guard: ({ line }, actor) => ownRefused(line, actor),
    decide: ({ data, actor }, state) => {
      const blocks = readable(state.line, data, actor);
      return blocks.length > 0 ? [event('CorrectionReadBack', state, actor, { version: state.line.at, blocks })] : [];
    },
  },
  ...approvingRules,
  discard: {
    from: ['open'],
    by: ['writer', 'editor'],
    decide: ({ actor }, state) => [event('CorrectionDiscarded', state, actor, {})],
  },
};

const fold: Fold<Correction, CorrectionEvent> = {
  CorrectionOpened: (state, { correctionId: id, articleId, desk, base, content, by }) => ({
    ...{ status: 'open', id, articleId, desk, base, writers: [by.id] },
    // What is copied was written and approved before; nobody here is its author.
    line: save(state.line, { content }, ''),
  }),
  CorrectionRevised: (state, { by, ...saved }) => ({ ...state, line: save(state.line, saved, by.id) }),
  CorrectionLeaseTakenOver: (state) => state,
  CorrectionReadBack: (state, { blocks, by }) => ({ ...state, line: markRead(state.line, blocks, by.id) }),
  CorrectionDiscarded: (state) => ({ ...state, status: 'discarded' }),
  ...approvingFold,
  ...stepFold,
};

const machineRules: Rules<Correction, MachineCommand, CorrectionEvent> = {
  end: {
    from: ['open'],
    by: [reaction],
    decide: ({ data: { by } }, state) => [event('CorrectionDiscarded', state, by, {})],
  },
  ...secondLookRules,
};

const people = decider(initial, rules, fold, rolesIn);
const machine = decider(initial, machineRules, fold);
const isMachines = (command: CorrectionCommand): command is MachineCommand => command.type in machineRules;

/** Commands of people, and of reactions and timers, from two tables, as for an article. */
export const correction: Decider<Correction, CorrectionCommand, CorrectionEvent> = {
  ...people,
  decide(command, state) {
    const events = isMachines(command) ? machine.decide(command, state) : people.decide(command, state);
    if (!state.legal && !state.approval?.settled.length) return events;
    const after = events.reduce<Correction>((before, one) => people.evolve(before, one), state);
    const [steps, pending] = [reopened(state, after), pendingChanged(state, after)];
    return [
      ...events,
      ...(steps ? [event('CorrectionApprovalStepsReopened', state, command.actor, steps)] : []),
      ...(pending ? [event('CorrectionLegalCheckPendingChanged', state, command.actor, pending)] : []),
    ];
  },
};
