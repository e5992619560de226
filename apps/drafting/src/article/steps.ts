import type { ApprovalStep, ArticleEvent, Person } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { person } from './editing.ts';
import { currentOf, versionOf } from './line.ts';
import { merge } from './merging.ts';
import { type Article, type Approval, event } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
export type StepCommand =
  | Ask<'reject-approval', { version: number; reason: string }>
  | Ask<'skip-approval-step', { step: string; reason: string }>
  | Ask<'resume-approval', object>;
type StepEvent = Extract<
  ArticleEvent,
  {
    type:
      | 'ApprovalStepsTaken'
      | 'ApprovalStepPassed'
      | 'ApprovalStepSkipped'
      | 'ApprovalStepsReopened'
      | 'ApprovalRejected'
      | 'ApprovalResumed';
  }
>;

const none: Approval = { steps: [], settled: [] };
/** The steps that nobody has passed or skipped, in their order. */
const openSteps = ({ approval: { steps, settled } = none }: Article): ApprovalStep[] =>
  steps.filter(({ step }) => !settled.some((done) => done.step === step));
const awaitsAfter = (state: Article, ...settled: string[]): ApprovalStep | null =>
  openSteps(state).find(({ step }) => !settled.includes(step)) ?? null;

/** Who takes the next step: whoever it is for; where there is none, an editor. A chief may whatever duty editors may. */
export function approversOf(state: Article): string[] {
  const [next] = openSteps(state);
  if (next?.by === 'duty-editor') return ['duty-editor', 'chief'];
  return [next?.by ?? 'editor'];
}

/** Several steps are taken by several people, and none while one of them is rejected. */
export function stepRefused(state: Article, actor: Actor): Rejection | undefined {
  const { settled, rejected } = state.approval ?? none;
  if (rejected)
    return new Rejection('approval-rejected', 'It was rejected, and nobody has resumed it yet.', { ...rejected });
  if (settled.some(({ by, skipped }) => by.id === actor.id && !skipped))
    return new Rejection('second-person', 'You have passed another step: somebody else takes this one.');
  return undefined;
}

/** The step that this approval passes, as long as others are to follow; undefined where it is the last, which is the approval itself. */
export function passed(state: Article, actor: Actor) {
  const [next, ...others] = openSteps(state);
  if (!next || others.length === 0) return undefined;
  const { step } = next;
  return event('ApprovalStepPassed', state, actor, { version: state.line.at, step, awaits: awaitsAfter(state, step) });
}
export const isLastStep = (state: Article): boolean => openSteps(state).length <= 1;

/** An article takes the steps of the desk that it is with, where they are others than it has. */
export function stepsTaken(state: Article, actor: Actor, desk: Known | undefined) {
  if (!desk) return [];
  const steps = [...(desk.approval ?? [])];
  if (JSON.stringify(state.approval?.steps ?? []) === JSON.stringify(steps)) return [];
  const told = { steps, applied: { desk: desk.version }, awaits: awaitsAfter(took(state, steps)) };
  return [event('ApprovalStepsTaken', state, actor, told)];
}

/** Steps that have passed what reads otherwise after this are open again. One that was skipped has passed nothing. */
export function reopened(before: Article, after: Article, by: Person) {
  const settled = after.approval?.settled ?? [];
  if (settled.length === 0 || before.line.text === after.line.text) return [];
  const now = currentOf(after.line).content;
  const changes = settled
    .filter(({ skipped }) => !skipped)
    .map(({ step, version }) => {
      const then = versionOf(after.line, version).content;
      return { step, changed: merge(then, then, now).changed };
    })
    .filter(({ changed }) => changed.length > 0);
  if (changes.length === 0) return [];
  const steps = changes.map(({ step }) => step);
  const changed = [...new Set(changes.flatMap((change) => change.changed))];
  const awaits = awaitsAfter(open(after, steps));
  return [event('ApprovalStepsReopened', after, by, { steps, changed, awaits })];
}

const noSteps = ({ approval }: Article) =>
  approval && approval.steps.length > 0
    ? undefined
    : new Rejection('no-approval-steps', 'It is approved in one step: return it instead.');

export const stepRules: Rules<Article, StepCommand, ArticleEvent> = {
  'reject-approval': {
    from: ['editing'],
    by: approversOf,
    guard: (state, actor) => noSteps(state) ?? stepRefused(state, actor),
    decide: ({ data: { version, reason }, actor }, state) => {
      versionOf(state.line, version);
      const step = openSteps(state)[0]?.step ?? '';
      return [event('ApprovalRejected', state, actor, { version, step, reason })];
    },
  },
  'skip-approval-step': {
    from: ['editing'],
    by: ['chief'],
    guard: noSteps,
    decide: ({ data: { step, reason }, actor }, state) => {
      const steps = openSteps(state).map((one) => one.step);
      if (!steps.includes(step)) throw new Rejection('unknown-step', 'No such step is open.', { steps });
      return [event('ApprovalStepSkipped', state, actor, { step, reason, awaits: awaitsAfter(state, step) })];
    },
  },
  'resume-approval': {
    from: ['editing'],
    by: ['editor'],
    guard: ({ approval }) =>
      approval?.rejected ? undefined : new Rejection('approval-not-rejected', 'Nobody has rejected it.'),
    decide: ({ actor }, state) => [event('ApprovalResumed', state, actor, { awaits: awaitsAfter(state) })],
  },
};

type Settled = Approval['settled'][number];
const settle = (state: Article, done: Settled): Article => {
  const { steps, settled, rejected } = state.approval ?? none;
  const stands = rejected?.step === done.step ? {} : { rejected };
  return { ...state, approval: { steps, settled: [...settled, done], ...stands } };
};
function open(state: Article, steps: readonly string[]): Article {
  const { settled, ...approval } = state.approval ?? none;
  return { ...state, approval: { ...approval, settled: settled.filter(({ step }) => !steps.includes(step)) } };
}
/** What was settled under the same name stays. */
function took(state: Article, steps: readonly ApprovalStep[]): Article {
  if (steps.length === 0) return { ...state, approval: undefined };
  const { settled } = state.approval ?? none;
  return {
    ...state,
    approval: { steps, settled: settled.filter((done) => steps.some(({ step }) => step === done.step)) },
  };
}
/** The text is approved, and what comes next goes through all steps again. */
export const allOpen = ({ approval }: Article): Pick<Article, 'approval'> =>
  approval ? { approval: { steps: approval.steps, settled: [] } } : {};

export const stepFold: Fold<Article, StepEvent> = {
  ApprovalStepsTaken: (state, { steps }) => took(state, steps),
  ApprovalStepPassed: (state, { step, version, by }) => settle(state, { step, version, by: person(by) }),
  ApprovalStepSkipped: (state, { step, reason, by }) =>
    settle(state, { step, version: state.line.at, by: person(by), skipped: reason }),
  ApprovalStepsReopened: (state, { steps }) => open(state, steps),
  ApprovalRejected: (state, { step, reason, by }) => ({
    ...state,
    approval: { ...(state.approval ?? none), rejected: { step, reason, by: person(by) } },
  }),
  ApprovalResumed: (state) => ({ ...state, approval: { ...(state.approval ?? none), rejected: undefined } }),
};
