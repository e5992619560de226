import Type from 'typebox';
import { Block, Conditions, Content, Id, Instant, LinkKind, Person, stopId } from './content.ts';
import { packageContracts, planContracts, templateUsed } from './planning.ts';
import { contract, type EventOf, onlyAdded } from './registry.ts';
import {
  answered,
  correctionContracts,
  ofOld,
  pendingChanged,
  saved,
  takenOver,
  unseen,
  writtenBy,
} from './correction.ts';
import { deskWorkContracts } from './desk-work.ts';

const Version = Type.Integer({ minimum: 1 });
const article = { articleId: Id, by: Person };
const decided = { ...article, at: Instant, reason: Type.String() };
const link = { as: LinkKind, to: Id };
const embargo = {
  until: Instant,
  zone: Type.String({ description: 'IANA zone that the time was said in' }),
  reason: Type.String(),
};
/** Told where it cannot be seen from the event alone: readers of the topic keep no history to work it out from. */
const LineState = Type.Optional(
  Type.String({ description: 'of the working line after this; under a spike, what it goes back to' }),
);
const Gap = Type.Object(
  {
    block: Type.String(),
    ours: Type.Union([Block, Type.Null()]),
    theirs: Type.Union([Block, Type.Null()]),
    ancestor: Type.Union([Block, Type.Null()]),
  },
  { additionalProperties: false },
);
const FieldValue = Type.Union([Type.String(), Type.Number(), Type.Array(Type.String())]);
const FieldGap = Type.Object(
  { field: Type.String(), ours: FieldValue, theirs: FieldValue, ancestor: FieldValue },
  { additionalProperties: false, description: 'the field `blocks` is the order of the blocks, as their ids' },
);

export const articleContracts = [
  ...deskWorkContracts,
  contract('ArticleStarted', 2, 'A reporter or editor started an article', {
    ...article,
    desk: Type.String(),
    kind: Type.Union([Type.Literal('story'), Type.Literal('flash'), Type.Literal('analysis')]),
    version: Version,
    content: Content,
  }),
  contract('ArticleRevised', 3, 'A new version of the text was saved: `content`, or by `edit` from what stood before', {
    ...article,
    version: Version,
    base: Version,
    ...{ ...saved, ...ofOld },
  }),
  contract('LeaseTakenOver', 1, 'An editor took it out of the hands of whoever was at it', {
    ...{ ...article, ...takenOver },
  }),
  contract('ArticleSubmitted', 1, 'The writer handed it to the desk', { ...article, version: Version }),
  contract('ArticleRecalled', 1, 'The writer took it back before an editor claimed it', article),
  contract('ArticleClaimed', 1, 'An editor took it on', { ...article, reason: Type.String() }),
  contract('ArticleReturned', 1, 'An editor gave it back to the writer', { ...article, note: Type.String() }),
  contract('BlocksReadBack', 1, 'A second person read these blocks as they stand', {
    ...article,
    version: Version,
    blocks: Type.Array(Type.String()),
  }),
  contract('ApprovedAlone', 1, 'Nobody but the approver has seen it: a second look is owed', {
    ...{ ...decided, ...unseen },
  }),
  contract('Countersigned', 1, 'A second person has looked at what one had approved alone', {
    ...{ ...article, at: Instant },
    version: Version,
  }),
  contract('SecondLookOverdue', 1, 'Nobody has looked in time at what one person approved alone; `by` did', {
    ...{ ...article, at: Instant },
    version: Version,
  }),
  contract('NextVersionOpened', 1, 'Work on the version after the approved one began', article),
  contract('NextVersionDiscarded', 2, 'The working line went back to the approved version', {
    ...article,
    version: Version,
    content: Content,
  }),
  contract('ArticleSpiked', 1, 'The story was dropped', { ...article, reason: Type.String() }),
  contract('ArticleUnspiked', 1, 'A dropped story was taken up again', { ...article, state: LineState }),
  contract('SpikeTakenBack', 1, 'Too late: the story was out, so the spike does not stand', {
    ...article,
    publication: Type.String(),
  }),
  contract(
    'ClearanceStopped',
    3,
    'What is approved and not yet out must not go out, up to this version and corrections included',
    {
      ...{ ...article, ...stopId },
      version: Version,
      why: Type.String(),
      hold: Type.Optional(
        Type.Union([Type.Literal('version'), Type.Literal('article')], {
          description: 'what is to be held if it is out: that very version, or whatever is out of the article',
        }),
      ),
    },
  ),
  contract('ReleaseConditionsSet', 1, 'What has to be before the approved article may go out has changed', {
    ...article,
    conditions: Conditions,
  }),
  contract('DescendantStarted', 1, 'Another article was begun from this one', {
    ...article,
    descendantId: Id,
    as: LinkKind,
    version: Type.Integer({ minimum: 1, description: 'of the text that it was begun from' }),
    desk: Type.String(),
    language: Type.String(),
    embargo: Type.Optional(Type.Object(embargo, { additionalProperties: false, description: 'inherited' })),
  }),
  contract('ArticleLinked', 1, 'It has to do with another article', {
    ...article,
    ...link,
    version: Type.Integer({ minimum: 1, description: 'of the text of the other one, that this link knows' }),
  }),
  contract('ArticleUnlinked', 1, 'It has nothing to do with that article in this way any more', {
    ...article,
    ...link,
  }),
  contract('EmbargoSet', 1, 'It may not go out before this', { ...article, ...embargo }),
  contract('EmbargoDropped', 1, 'It may go out at any time', { ...article, reason: Type.String() }),
  contract('CoWriterAdded', 1, 'Somebody is to write it as well', { ...article, writer: Person }),
  contract('CoWriterRemoved', 1, 'Somebody does not write it any more', { ...article, writer: Type.String() }),
  contract('ArticleAssigned', 1, 'Somebody is to see to it, and writes it as well', { ...article, to: Person }),
  contract('ArticleUnassigned', 1, 'Nobody is to see to it any more', article),
  contract('DeadlineSet', 1, 'It has to be done by then', {
    ...{ ...article, deadline: Instant },
    zone: Type.String({ description: 'IANA zone that the time was said in' }),
  }),
  contract('DeadlineCleared', 1, 'It need not be done by any time', article),
  contract('DeadlineMissed', 1, 'Its deadline is over, and the text not approved', { ...article, deadline: Instant }),
  contract('CoverageNoted', 1, 'It is what comes of a planned coverage', { ...article, planId: Id, coverageId: Id }),
  contract('LegalCheckRequested', 1, 'An editor asked for a legal check of the text', decided),
  contract('LegalCheckAnswered', 1, 'A lawyer answered for a version of the text', {
    ...{ ...decided, ...answered },
  }),
  contract('LegalCheckWaived', 1, 'A chief let a version go without the legal check', { ...decided, version: Version }),
  contract('LegalCheckPendingChanged', 1, 'Lawyers have something else yet to see of the text', {
    ...{ ...article, ...pendingChanged },
  }),
  contract('NotForPublicationMarked', 1, 'It must not be published, whatever its text says', decided),
  contract('NotForPublicationUnmarked', 1, 'It may be published again', decided),
  contract('NoteAdded', 1, 'Somebody left a note on it', {
    ...{ ...article, noteId: Type.String(), at: Instant, note: Type.String() },
    blocking: Type.Boolean({ description: 'it stands against an approval until it is resolved' }),
    mentions: Type.Array(Type.String(), { description: 'ids of the persons whom it is meant for' }),
    legal: Type.Optional(Type.Boolean({ description: 'it says what the legal check wants changed' })),
    block: Type.Optional(Type.String({ description: 'what it is on; without it, the article' })),
    range: Type.Optional(
      Type.Object(
        { from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) },
        { additionalProperties: false, description: 'of the HTML of the block, in UTF-16 units' },
      ),
    ),
  }),
  contract('NoteResolved', 1, 'A note was dealt with', { ...article, noteId: Type.String(), at: Instant }),
  contract('EditSuggested', 2, 'Somebody proposed other words for a block', {
    ...{ ...article, suggestionId: Type.String(), at: Instant },
    version: { ...Version, description: 'of the text that it was proposed for' },
    proposed: Block,
    note: Type.String(),
  }),
  contract('SuggestionAccepted', 1, 'A suggestion became the text, in a version of whoever had made it', {
    ...{ ...article, suggestionId: Type.String(), at: Instant, suggester: Person },
    version: { ...Version, description: 'that it became, or that already read so' },
  }),
  contract('SuggestionRejected', 1, 'A suggestion was turned down, or taken back', {
    ...{ ...article, suggestionId: Type.String(), at: Instant, suggester: Person },
    reason: Type.String(),
  }),
  contract('TaskOpened', 1, 'Something has to be done about it', {
    ...{ ...article, taskId: Type.String(), at: Instant },
    task: Type.String({ description: 'what it is for: `retracted-source`, to correct what rests on a source' }),
    version: { ...Version, description: 'of the text that it is about' },
    out: Type.Boolean({ description: 'readers have that text' }),
    blocks: Type.Array(Type.String(), { description: 'what it is about in the text' }),
  }),
  contract('TaskSettled', 1, 'It was done, or needs no doing', {
    ...{ ...article, taskId: Type.String(), at: Instant },
    how: Type.String(),
  }),
  contract('PublicationRecorded', 5, 'What publication did with it, as drafting learned it', {
    articleId: Id,
    by: Person,
    event: Type.String(),
    class: Type.Optional(Type.Literal('REFILE', { description: 'of a correction that corrected nothing it stated' })),
    state: Type.String(),
    version: Type.Integer({ minimum: 0, description: 'the version last out, 0 when none was' }),
    content: Type.Optional(Content),
    stops: Type.Integer({ minimum: 0 }),
    correctionId: Type.Optional(Type.String({ ...Id, description: 'what it did this with, where not with a version' })),
    stopped: Type.Optional(
      Type.Object(
        { version: Version, ...stopId },
        {
          additionalProperties: false,
          description: 'which request for a stop it answers, and up to which version that was',
        },
      ),
    ),
    position: Type.String({ description: "position of publication's event in its log" }),
  }),
  contract('CorrectionMerged', 3, 'A correction entered the working line', {
    ...article,
    correctionId: Id,
    version: Version,
    content: Content,
    changed: Type.Array(Type.String()),
    conflicts: Type.Array(Gap),
    fieldConflicts: Type.Optional(Type.Array(FieldGap)),
    ...{ ...writtenBy, state: LineState },
  }),
] as const;

/** A save told its text whole; an approval had no warnings, of an article then no conditions, of a correction no authors; a text had no images. */
export const draftingUpcasters = onlyAdded({
  ...{ ArticleStarted: 2, ArticleRevised: 3, ArticleApproved: 5, NextVersionDiscarded: 2, EditSuggested: 2 },
  ...{
    PublicationRecorded: 5,
    ClearanceStopped: 3,
    ApprovalWithdrawn: 2,
    CorrectionMerged: 3,
    CorrectionOpened: 2,
    CorrectionRevised: 4,
    CorrectionApproved: 4,
  },
  ...{ TemplateCreated: 2, TemplateChanged: 2, TemplateUsed: 2, DeskRequirementsSet: 2 },
});

export const draftingContracts = [
  ...[...articleContracts, ...correctionContracts, templateUsed, ...planContracts, ...packageContracts],
] as const;
export type ArticleEvent = EventOf<(typeof articleContracts)[number]>;
