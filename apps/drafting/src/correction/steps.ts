import type { CorrectionEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { type StepCommand, stepping, stepRows, stepsTaken } from '../article/steps.ts';
import type { Known } from '../desk/desk.ts';
import { type Correction, event } from './state.ts';

/** Nobody claims a correction: an editor takes what its desk has settled since, as one who claims an article does. */
export type StepsCommand =
  StepCommand | (Command & { type: 'take-approval-steps'; data: object; given?: { readonly desk?: Known } });

/** The steps of its desk, as of an article. It takes them when it is opened. */
export const stepRules: Rules<Correction, StepsCommand, CorrectionEvent> = {
  ...stepRows<Correction, CorrectionEvent>(['open'], {
    rejected: (state, by, told) => event('CorrectionApprovalRejected', state, by, told),
    skipped: (state, by, told) => event('CorrectionApprovalStepSkipped', state, by, told),
    resumed: (state, by, told) => event('CorrectionApprovalResumed', state, by, told),
  }),
  'take-approval-steps': {
    from: ['open'],
    by: ['editor'],
    guard: (state, _actor, given) =>
      given?.desk && !stepsTaken(state, given.desk)
        ? new Rejection('approval-steps-taken', 'Its desk has settled no others since.')
        : undefined,
    decide: ({ actor, given }, state) => {
      const steps = stepsTaken(state, given?.desk);
      return steps ? [event('CorrectionApprovalStepsTaken', state, actor, steps)] : [];
    },
  },
};

type StepEvent = Extract<
  CorrectionEvent,
  { type: `CorrectionApprovalStep${string}` | `CorrectionApprovalRe${string}` }
>;
export const stepFold: Fold<Correction, StepEvent> = {
  CorrectionApprovalStepsTaken: (state, told) => stepping.taken(state, told),
  CorrectionApprovalStepPassed: (state, told) => stepping.passed(state, told),
  CorrectionApprovalStepSkipped: (state, told) => stepping.skipped(state, told),
  CorrectionApprovalStepsReopened: (state, told) => stepping.reopened(state, told),
  CorrectionApprovalRejected: (state, told) => stepping.rejected(state, told),
  CorrectionApprovalResumed: (state) => stepping.resumed(state),
};
