import type { ApprovalStep, ArticleEvent, Person } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { person } from './editing.ts';
import { currentOf, type Line, versionOf } from './line.ts';
import { merge } from './merging.ts';
import { type Approval, type Article, event } from './state.ts';

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
/** A text that is approved in steps, where its desk has it so: that of an article, or of a correction. */
interface Stepped {
  readonly status: string;
  readonly line: Line;
  readonly approval?: Approval | undefined;
}
type Steps = Pick<Stepped, 'approval'>;

const none: Approval = { steps: [], settled: [] };
/** The steps that nobody has passed or skipped, in their order. */
const openSteps = ({ approval: { steps, settled } = none }: Steps): ApprovalStep[] =>
  steps.filter(({ step }) => !settled.some((done) => done.step === step));
const awaitsAfter = (state: Steps, ...settled: string[]): ApprovalStep | null =>
  openSteps(state).find(({ step }) => !settled.includes(step)) ?? null;

/** Who takes the next step: whoever it is for; where there is none, an editor. A chief may whatever duty editors may. */
export function approversOf(state: Steps): string[] {
  const [next] = openSteps(state);
  if (next?.by === 'duty-editor') return ['duty-editor', 'chief'];
  return [next?.by ?? 'editor'];
}

/** Several steps are taken by several people, and none while one of them is rejected. */
export function stepRefused(state: Steps, actor: Actor): Rejection | undefined {
  const { settled, rejected } = state.approval ?? none;
  if (rejected)
    return new Rejection('approval-rejected', 'It was rejected, and nobody has resumed it yet.', { ...rejected });
  if (settled.some(({ by, skipped }) => by.id === actor.id && !skipped))
    return new Rejection('second-person', 'You have passed another step: somebody else takes this one.');
  return undefined;
}

/** The step that this approval passes, as long as others are to follow; undefined where it is the last, which is the approval itself. */
export function passed(state: Stepped) {
  const [next, ...others] = openSteps(state);
  if (!next || others.length === 0) return undefined;
  const { step } = next;
  return { version: state.line.at, step, awaits: awaitsAfter(state, step) };
}
export const isLastStep = (state: Steps): boolean => openSteps(state).length <= 1;

/** A text takes the steps of the desk that it is with, where they are others than it has. */
export function stepsTaken(state: Steps, desk: Known | undefined) {
  if (!desk) return undefined;
  const steps = [...(desk.approval ?? [])];
  if (JSON.stringify(state.approval?.steps ?? []) === JSON.stringify(steps)) return undefined;
  return { steps, applied: { desk: desk.version }, awaits: awaitsAfter(stepping.taken(state, { steps })) };
}

/** Steps that have passed what reads otherwise after this are open again. One that was skipped has passed nothing. */
export function reopened(before: Stepped, after: Stepped) {
  const settled = after.approval?.settled ?? [];
  if (settled.length === 0 || before.line.text === after.line.text) return undefined;
  const now = currentOf(after.line).content;
  const changes = settled
    .filter(({ skipped }) => !skipped)
    .map(({ step, version }) => {
      const then = versionOf(after.line, version).content;
      return { step, changed: merge(then, then, now).changed };
    })
    .filter(({ changed }) => changed.length > 0);
  if (changes.length === 0) return undefined;
  const steps = changes.map(({ step }) => step);
  const changed = [...new Set(changes.flatMap((change) => change.changed))];
  return { steps, changed, awaits: awaitsAfter(stepping.reopened(after, { steps })) };
}

const noSteps = ({ approval }: Steps) =>
  approval && approval.steps.length > 0
    ? undefined
    : new Rejection('no-approval-steps', 'It is approved in one step: return it instead.');

type Told<T> = Omit<Extract<ArticleEvent, { type: T }>['data'], 'articleId' | 'by'>;
/** How a text tells of its steps, in its own events. */
export interface StepEvents<S, E> {
  rejected(state: S, by: Person, told: Told<'ApprovalRejected'>): E;
  skipped(state: S, by: Person, told: Told<'ApprovalStepSkipped'>): E;
  resumed(state: S, by: Person, told: Told<'ApprovalResumed'>): E;
}
export const stepRows = <S extends Stepped, E>(
  from: readonly S['status'][],
  tell: StepEvents<S, E>,
): Rules<S, StepCommand, E> => ({
  'reject-approval': {
    from,
    by: approversOf,
    guard: (state, actor) => noSteps(state) ?? stepRefused(state, actor),
    decide: ({ data: { version, reason }, actor }, state) => {
      versionOf(state.line, version);
      const step = openSteps(state)[0]?.step ?? '';
      return [tell.rejected(state, actor, { version, step, reason })];
    },
  },
  'skip-approval-step': {
    from,
    by: ['chief'],
    guard: noSteps,
    decide: ({ data: { step, reason }, actor }, state) => {
      const steps = openSteps(state).map((one) => one.step);
      if (!steps.includes(step)) throw new Rejection('unknown-step', 'No such step is open.', { steps });
      return [tell.skipped(state, actor, { step, reason, awaits: awaitsAfter(state, step) })];
    },
  },
  'resume-approval': {
    from,
    by: ['editor'],
    guard: ({ approval }) =>
      approval?.rejected ? undefined : new Rejection('approval-not-rejected', 'Nobody has rejected it.'),
    decide: ({ actor }, state) => [tell.resumed(state, actor, { awaits: awaitsAfter(state) })],
  },
});

const listed = <T, E>(told: T | undefined, tell: (told: T) => E): E[] => (told ? [tell(told)] : []);
/** What an article tells of its steps beside commands of theirs. */
export const tellSteps = {
  taken: (state: Article, by: Person, desk: Known | undefined) =>
    listed(stepsTaken(state, desk), (told) => event('ApprovalStepsTaken', state, by, told)),
  reopened: (before: Article, after: Article, by: Person) =>
    listed(reopened(before, after), (told) => event('ApprovalStepsReopened', after, by, told)),
};
export const stepRules = stepRows<Article, ArticleEvent>(['editing'], {
  rejected: (state, by, told) => event('ApprovalRejected', state, by, told),
  skipped: (state, by, told) => event('ApprovalStepSkipped', state, by, told),
  resumed: (state, by, told) => event('ApprovalResumed', state, by, told),
});

function settle<S extends Steps>(state: S, done: Approval['settled'][number]): S {
  const { steps, settled, rejected } = state.approval ?? none;
  const stands = rejected?.step === done.step ? {} : { rejected };
  return { ...state, approval: { steps, settled: [...settled, done], ...stands } };
}
interface By {
  readonly by: Person;
}
/** A text, once this was told of its steps. */
export const stepping = {
  /** What was settled under the same name stays. */
  taken<S extends Steps>(state: S, { steps }: Pick<Told<'ApprovalStepsTaken'>, 'steps'>): S {
    if (steps.length === 0) return { ...state, approval: undefined };
    const { settled } = state.approval ?? none;
    return {
      ...state,
      approval: { steps, settled: settled.filter((done) => steps.some(({ step }) => step === done.step)) },
    };
  },
  passed: <S extends Steps>(state: S, { step, version, by }: Told<'ApprovalStepPassed'> & By): S =>
    settle(state, { step, version, by: person(by) }),
  skipped: <S extends Stepped>(state: S, { step, reason, by }: Told<'ApprovalStepSkipped'> & By): S =>
    settle(state, { step, version: state.line.at, by: person(by), skipped: reason }),
  reopened<S extends Steps>(state: S, { steps }: Pick<Told<'ApprovalStepsReopened'>, 'steps'>): S {
    const { settled, ...approval } = state.approval ?? none;
    return { ...state, approval: { ...approval, settled: settled.filter(({ step }) => !steps.includes(step)) } };
  },
  rejected: <S extends Steps>(state: S, { step, reason, by }: Told<'ApprovalRejected'> & By): S => ({
    ...state,
    approval: { ...(state.approval ?? none), rejected: { step, reason, by: person(by) } },
  }),
  resumed: <S extends Steps>(state: S): S => ({
    ...state,
    approval: { ...(state.approval ?? none), rejected: undefined },
  }),
};
/** The text is approved, and what comes next goes through all steps again. */
export const allOpen = ({ approval }: Article): Pick<Article, 'approval'> =>
  approval ? { approval: { steps: approval.steps, settled: [] } } : {};

export const stepFold: Fold<Article, StepEvent> = {
  ApprovalStepsTaken: (state, told) => stepping.taken(state, told),
  ApprovalStepPassed: (state, told) => stepping.passed(state, told),
  ApprovalStepSkipped: (state, told) => stepping.skipped(state, told),
  ApprovalStepsReopened: (state, told) => stepping.reopened(state, told),
  ApprovalRejected: (state, told) => stepping.rejected(state, told),
  ApprovalResumed: (state) => stepping.resumed(state),
};
