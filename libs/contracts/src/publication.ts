import Type from 'typebox';
import {
  BlockDifference,
  Conditions,
  Content,
  Edition,
  FieldDifference,
  Id,
  Instant,
  Person,
  stopId,
} from './content.ts';
import { contract, type EventOf, onlyAdded } from './registry.ts';

const Version = Type.Integer({ minimum: 1 });
const article = { articleId: Id, by: Person };
const cleared = { ...article, version: Version, desk: Type.String(), kind: Type.String(), content: Content };
const caused = { position: Type.String({ description: "position of drafting's event that caused it" }) };
const Schedule = Type.Integer({ minimum: 1, description: 'how often it has been scheduled' });
const waits = {
  waits: Type.Optional(
    Type.Integer({ minimum: 1, description: 'the approved version that waits, after this, until somebody decides' }),
  ),
};
const LatePolicy = Type.Union([Type.Literal('publish-late'), Type.Literal('keep-back'), Type.Literal('ask')], {
  description: 'what to do when its time passed while nothing could be done',
});
/** A version, and when it goes out by itself. */
const scheduled = {
  version: Version,
  schedule: Schedule,
  due: Instant,
  zone: Type.String({ description: 'IANA zone that the time was said in' }),
  late: LatePolicy,
};
/** When a time was to come, and when it did. */
const cameDue = {
  schedule: Schedule,
  due: Instant,
  zone: Type.String(),
  at: Instant,
  drift: Type.Number({ minimum: 0, description: 'seconds from when it was due' }),
  late: Type.Boolean(),
  policy: LatePolicy,
};
const item = {
  item: Type.Integer({ minimum: 1, description: 'number of the public message; where it sends none, of the last one' }),
  at: Instant,
};

/** Internal: what publication did. What outsiders may read is in feed.ts. `by` is who caused it, in either service. */
export const publicationContracts = [
  contract('PublicationOpened', 2, 'An approval arrived: this content is pinned', { ...cleared, ...caused }),
  contract('ClearanceRenewed', 2, 'An approval that knew of the stop cleared it again', { ...cleared, ...caused }),
  contract('VersionWaiting', 2, 'A later approval waits until somebody takes it', { ...cleared, ...caused }),
  contract('VersionKnown', 1, 'A later approval arrived of a text that is here already, under an earlier version', {
    ...article,
    ...caused,
    version: Version,
    known: Type.Integer({ minimum: 1, description: 'the version under which it is here' }),
  }),
  contract('VersionTaken', 2, 'The waiting version became the pinned one', cleared),
  contract('ReleaseConditionsRecorded', 1, 'What has to be before it may go out, as drafting says', {
    ...article,
    ...caused,
    conditions: Conditions,
  }),
  contract('CorrectionReady', 2, 'An approved correction waits to be published', {
    ...article,
    ...caused,
    correctionId: Id,
    base: Version,
    content: Content,
  }),
  contract('CorrectionOutdated', 1, 'It corrects a text that is no longer what went out last: it waits no more', {
    ...article,
    correctionId: Id,
  }),
  contract('ArticlePublished', 2, 'It went out', {
    ...article,
    ...item,
    version: Version,
    content: Content,
    path: Type.String(),
    edition: Edition,
    firstAt: Instant,
  }),
  contract('ArticleCorrected', 4, 'A corrected text went out', {
    ...article,
    ...item,
    version: Type.Integer({
      minimum: 1,
      description: 'the approved version that is out; a correction keeps that of the text that it corrects',
    }),
    content: Content,
    correctionId: Type.Optional(Id),
    number: Type.Integer({ minimum: 1, description: 'of its class' }),
    class: Type.Union([Type.Literal('CORRECTED'), Type.Literal('REFILE')], {
      description: 'REFILE: nothing that it stated was wrong, but it was not as it should be',
    }),
    note: Type.String({ description: 'to readers; empty where a REFILE has none for them' }),
    difference: Type.Array(BlockDifference),
    fields: Type.Array(FieldDifference),
  }),
  contract('ArticleUpdated', 2, 'A newer version went out in place of one that had stated nothing wrong', {
    ...article,
    ...item,
    version: Version,
    content: Content,
    number: Type.Integer({ minimum: 1, description: 'of its updates' }),
    nothingWasWrong: Type.Literal(true, { description: 'as whoever put it out confirmed' }),
    ...waits,
    difference: Type.Array(BlockDifference),
    fields: Type.Array(FieldDifference),
  }),
  contract('ArticleRepeated', 1, 'The text that went out last went out again, unchanged', {
    ...article,
    ...item,
    version: Version,
    number: Type.Integer({ minimum: 1, description: 'of its repeats' }),
  }),
  contract('ArticleUnpublished', 1, 'It was taken down', { ...article, ...item, reason: Type.String() }),
  contract('ArticleHeld', 1, 'Do not use until further notice', {
    ...article,
    ...item,
    reason: Type.String(),
    state: Type.Union([Type.Literal('held'), Type.Literal('kill-asked')], {
      description: 'kill-asked: a kill holds it already, and once that is declined it stays held',
    }),
  }),
  contract('HoldReleased', 1, 'It is out again, as it was', { ...article, ...item, reason: Type.String() }),
  contract('PublicationStopped', 2, 'It must not go out', {
    ...{ ...article, ...stopId },
    version: Version,
    why: Type.String(),
    stops: Type.Integer({ minimum: 1 }),
    from: Type.Union([Type.Literal('drafting'), Type.Literal('publication')]),
    position: Type.Optional(caused.position),
  }),
  contract('PublicationScheduled', 1, 'It goes out by itself at a time, unless that is moved or cancelled', {
    ...article,
    ...scheduled,
    edition: Edition,
  }),
  contract('PublicationDescheduled', 1, 'It goes out by itself no more', { ...article, schedule: Schedule }),
  contract('ScheduleCameDue', 1, 'Its time has come: it went out, or was kept back because that was late', {
    ...article,
    ...cameDue,
    outcome: Type.Union([Type.Literal('published'), Type.Literal('overdue')]),
  }),
  contract('UpdateScheduled', 1, 'The version that waits goes out by itself at a time, in place of what is out', {
    ...article,
    ...scheduled,
    nothingWasWrong: Type.Literal(true, { description: 'as whoever scheduled it confirmed' }),
    ...waits,
  }),
  contract('UpdateDescheduled', 1, 'It goes out by itself no more: so somebody decided, or something that ends it', {
    ...article,
    version: Version,
    schedule: Schedule,
    ...waits,
  }),
  contract('UpdateCameDue', 1, 'Its time has come: it went out, or was kept back', {
    ...article,
    version: Version,
    ...cameDue,
    outcome: Type.Union([Type.Literal('updated'), Type.Literal('overdue')]),
    why: Type.Optional(
      Type.String({
        description: 'it was kept back: late, or the code that refused it, as it would an update by hand',
      }),
    ),
    ...waits,
  }),
  contract('StopTooLate', 2, 'Drafting asked for a stop, but that version was out, and none waited', {
    ...{ ...article, ...caused, ...stopId },
    version: Version,
    why: Type.String(),
    state: Type.String({ description: 'published, held or unpublished' }),
  }),
  contract('VersionStopped', 2, 'Drafting asked for a stop: this version goes out no more, and what is out stays', {
    ...{ ...article, ...caused, ...stopId },
    version: Version,
    why: Type.String(),
    state: Type.String({ description: 'published, held or unpublished' }),
  }),
  contract('CorrectionStopped', 1, 'Drafting asked for a stop: this approved correction waits no more', {
    ...article,
    ...caused,
    correctionId: Id,
    why: Type.String(),
  }),
  contract('KillAsked', 1, 'Somebody asked for a kill: what is out is held', {
    ...article,
    ...item,
    reason: Type.String(),
    byChiefOrLegal: Type.Boolean({
      description: 'one of the two who decide must be; if the first is, anybody may be second',
    }),
  }),
  contract('KillDeclined', 1, 'The kill was declined: as it was before', {
    ...article,
    ...item,
    reason: Type.String(),
    state: Type.String(),
  }),
  contract('ArticleKilled', 1, 'Killed: it reaches everyone, nothing follows it', {
    ...article,
    ...item,
    reason: Type.String(),
    askedBy: Person,
  }),
  contract('ApprovalIgnored', 1, 'An approval arrived for a killed story', {
    ...article,
    ...caused,
    version: Version,
    correctionId: Type.Optional(Id),
    why: Type.String(),
  }),
] as const;
/** A text had no images; a difference said of no edited block that it was moved, an answer to a stop not of which; whatever was corrected was wrong; what was updated left nothing waiting. */
export const publicationUpcasters = onlyAdded({
  ...{ PublicationOpened: 2, ClearanceRenewed: 2, VersionWaiting: 2, VersionTaken: 2, CorrectionReady: 2 },
  ...{
    ArticlePublished: 2,
    ArticleCorrected: 4,
    ArticleUpdated: 2,
    PublicationStopped: 2,
    StopTooLate: 2,
    VersionStopped: 2,
  },
});
export type PublicationEvent = EventOf<(typeof publicationContracts)[number]>;
