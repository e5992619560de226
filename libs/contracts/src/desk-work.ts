import Type from 'typebox';
import { Conditions, Content, Id, Person, stopId } from './content.ts';
import { ApprovalStep } from './desk.ts';
import { contract } from './registry.ts';

const Version = Type.Integer({ minimum: 1 });
const article = { articleId: Id, by: Person };
const Settings = Type.Integer({ minimum: 0, description: 'of the settings of the desk; 0: it had none of its own' });
const Confirmed = Type.Object(
  {
    gate: Type.String({ description: 'the rule' }),
    field: Type.Optional(Type.String()),
    block: Type.Optional(Type.String()),
    text: Type.String(),
  },
  { additionalProperties: false },
);
/** What an approval says of what it was held against. */
export const heldAgainst = {
  confirmed: Type.Optional(
    Type.Array(Confirmed, { description: 'warnings that the approver passed over, knowing them' }),
  ),
  applied: Type.Optional(
    Type.Object(
      {
        desk: Settings,
        style: Type.Optional(Type.Integer({ minimum: 0, description: 'of house style; 0: as Stet comes with it' })),
      },
      { additionalProperties: false, description: 'versions of what it was held against' },
    ),
  ),
};
const Place = Type.Object(
  { desk: Type.String(), stage: Type.String({ description: 'of the desk; empty where it has none' }) },
  { additionalProperties: false },
);

const awaits = Type.Union([ApprovalStep, Type.Null()], {
  description: 'the step that is taken next; null when all are settled, and an editor approves',
});

/** What is said of the steps in which a text is approved, of an article and of a correction alike. */
export const stepsOf = {
  taken: {
    steps: Type.Array(ApprovalStep),
    applied: Type.Object({ desk: Settings }, { additionalProperties: false }),
    awaits,
  },
  passed: { version: Version, step: Type.String(), awaits },
  skipped: { step: Type.String(), reason: Type.String(), awaits },
  reopened: {
    steps: Type.Array(Type.String()),
    changed: Type.Array(Type.String(), { description: 'ids of blocks and names of fields' }),
    awaits,
  },
  rejected: { version: Version, step: Type.String(), reason: Type.String() },
  resumed: { awaits },
};

/** What an article goes through by what its desk has settled: where it is, and how it is approved. */
export const deskWorkContracts = [
  contract('ArticleMoved', 1, 'It went to another desk, or to another stage of its desk', {
    ...article,
    from: Place,
    to: Place,
    reason: Type.String(),
    state: Type.String({ description: 'of the working line after this' }),
    applied: Type.Object(
      { from: Settings, to: Settings },
      { additionalProperties: false, description: 'versions of the settings that allowed it' },
    ),
  }),
  contract('ArticleApproved', 5, 'An editor approved this version, complete, for publication', {
    ...article,
    version: Version,
    desk: Type.String(),
    kind: Type.String(),
    content: Content,
    knownStops: Type.Integer({
      minimum: 0,
      description: 'how many stops of the publication the approver could know of',
    }),
    ...heldAgainst,
    conditions: Type.Optional(Conditions),
  }),
  contract('ApprovalWithdrawn', 2, 'An editor took back the approval of a version that is not out yet', {
    ...{ ...article, version: Version, reason: Type.String(), ...stopId },
    approved: Type.Integer({
      minimum: 0,
      description: 'the version that is approved without it: what is out; 0: none',
    }),
  }),
  contract('WithdrawalTooLate', 1, 'Too late: the version was out, so that its approval stands', {
    ...{ ...article, version: Version },
    publication: Type.String(),
    state: Type.String({ description: 'of the working line after this' }),
  }),
  contract('ApprovalStepsTaken', 1, 'It is approved in these steps from now on, as its desk has settled', {
    ...{ ...article, ...stepsOf.taken },
  }),
  contract(
    'ApprovalStepPassed',
    1,
    'A step of the approval was passed for this version; the last one is the approval',
    {
      ...{ ...article, ...stepsOf.passed },
    },
  ),
  contract('ApprovalStepSkipped', 1, 'A chief let a step of the approval be skipped', {
    ...{ ...article, ...stepsOf.skipped },
  }),
  contract('ApprovalStepsReopened', 1, 'What these steps had passed reads otherwise now', {
    ...{ ...article, ...stepsOf.reopened },
  }),
  contract('ApprovalRejected', 1, 'Whoever had to take a step did not: the approval waits until it is resumed', {
    ...{ ...article, ...stepsOf.rejected },
  }),
  contract('ApprovalResumed', 1, 'An editor asks again for the step that was rejected', {
    ...{ ...article, ...stepsOf.resumed },
  }),
] as const;
