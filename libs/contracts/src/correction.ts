import Type from 'typebox';
import { Content, Id, Instant, Person } from './content.ts';
import { heldAgainst, stepsOf } from './desk-work.ts';
import { Edit } from './edit.ts';
import { contract, type EventOf } from './registry.ts';

const Version = Type.Integer({ minimum: 1 });
/** Most saves tell what they changed; now and then one tells the text whole, so that nobody has to start from the first to read it. */
export const saved = {
  content: Type.Optional(Content),
  edit: Type.Optional(Edit),
  changed: Type.Array(Type.String(), { description: 'ids of the blocks and names of the fields it changed' }),
};

export const ofOld = {
  restored: Type.Optional(Type.Integer({ minimum: 1, description: 'the old version that was saved anew' })),
};
export const takenOver = {
  session: Type.String({ description: 'of theirs, in which they go on' }),
  from: Person,
  fromSession: Type.String(),
  reason: Type.String(),
};

/** Whoever approves a correction has written none of it. */
export const writtenBy = {
  authors: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'ids of whoever wrote the blocks that it changed, by block',
    }),
  ),
};

/** What is said of a text before it goes out, of an article and of a correction alike. */
export const answered = {
  version: Version,
  answer: Type.Union([Type.Literal('pass'), Type.Literal('changes-wanted'), Type.Literal('refuse')]),
};
export const pendingChanged = {
  version: { ...Version, description: 'at which the text stands' },
  pending: Type.Array(Type.String(), {
    description:
      'ids of the blocks and names of the fields that read otherwise than in the version that was passed or waived',
  }),
};
export const unseen = {
  version: Version,
  blocks: Type.Array(Type.String(), { description: 'ids of those that nobody else has seen' }),
};

const correction = { articleId: Id, by: Person, correctionId: Id };
const decidedOf = { ...correction, at: Instant, reason: Type.String() };
const looked = { ...correction, at: Instant, version: Version };
export const correctionContracts = [
  contract('CorrectionOpened', 2, 'A correction of the published version began', {
    ...correction,
    desk: Type.String(),
    base: Version,
    content: Content,
  }),
  contract('CorrectionRevised', 4, 'The corrected text was saved: `content`, or by `edit` from what stood before', {
    ...correction,
    version: Version,
    ...saved,
    ...ofOld,
  }),
  contract('CorrectionLeaseTakenOver', 1, 'An editor took the correction out of the hands of whoever was at it', {
    ...{ ...correction, ...takenOver },
  }),
  contract('CorrectionReadBack', 1, 'A second person read these blocks of the correction', {
    ...correction,
    version: Version,
    blocks: Type.Array(Type.String()),
  }),
  contract('CorrectionApproved', 4, 'The correction is cleared for publication, complete', {
    ...correction,
    base: Version,
    version: Version,
    content: Content,
    ancestor: Content,
    changed: Type.Array(Type.String()),
    ...{ ...heldAgainst, ...writtenBy },
  }),
  contract('CorrectionApprovalStepsTaken', 1, 'The correction is approved in these steps, as its desk has settled', {
    ...{ ...correction, ...stepsOf.taken },
  }),
  contract('CorrectionApprovalStepPassed', 1, 'A step of its approval was passed for this version of the correction', {
    ...{ ...correction, ...stepsOf.passed },
  }),
  contract('CorrectionApprovalStepSkipped', 1, 'A chief let a step of the approval of the correction be skipped', {
    ...{ ...correction, ...stepsOf.skipped },
  }),
  contract('CorrectionApprovalStepsReopened', 1, 'What these steps had passed of the correction reads otherwise now', {
    ...{ ...correction, ...stepsOf.reopened },
  }),
  contract('CorrectionApprovalRejected', 1, 'Whoever had to take a step did not: the correction waits', {
    ...{ ...correction, ...stepsOf.rejected },
  }),
  contract('CorrectionApprovalResumed', 1, 'An editor asks again for the step that was rejected of the correction', {
    ...{ ...correction, ...stepsOf.resumed },
  }),
  contract('CorrectionApprovedAlone', 1, 'Nobody but the approver has seen the correction: a second look is owed', {
    ...{ ...decidedOf, ...unseen },
  }),
  contract(
    'CorrectionCountersigned',
    1,
    'A second person has looked at a correction that one had approved alone',
    looked,
  ),
  contract(
    'CorrectionSecondLookOverdue',
    1,
    'Nobody has looked in time at a correction that one person approved alone; `by` did',
    looked,
  ),
  contract('CorrectionLegalCheckRequested', 1, 'An editor asked for a legal check of the correction', decidedOf),
  contract('CorrectionLegalCheckAnswered', 1, 'A lawyer answered for a version of the correction', {
    ...{ ...decidedOf, ...answered },
  }),
  contract('CorrectionLegalCheckWaived', 1, 'A chief let a version of the correction go without the legal check', {
    ...{ ...decidedOf, version: Version },
  }),
  contract('CorrectionLegalCheckPendingChanged', 1, 'Lawyers have something else yet to see of the correction', {
    ...{ ...correction, ...pendingChanged },
  }),
  contract('CorrectionDiscarded', 1, 'The correction was given up', correction),
] as const;
export type CorrectionEvent = EventOf<(typeof correctionContracts)[number]>;
