import type { CorrectionEvent } from '#contracts';
import type { Fold } from '#decider';
import { stepping, stepRows } from '../article/steps.ts';
import { type Correction, event } from './state.ts';

/** The steps of its desk, as of an article. It takes them when it is opened. */
export const stepRules = stepRows<Correction, CorrectionEvent>(['open'], {
  rejected: (state, by, told) => event('CorrectionApprovalRejected', state, by, told),
  skipped: (state, by, told) => event('CorrectionApprovalStepSkipped', state, by, told),
  resumed: (state, by, told) => event('CorrectionApprovalResumed', state, by, told),
});

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
