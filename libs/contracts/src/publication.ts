import Type from 'typebox';
import { BlockDifference, Content, Edition, Id, Instant, Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const Version = Type.Integer({ minimum: 1 });
const article = { articleId: Id, by: Person };
const cleared = { ...article, version: Version, desk: Type.String(), kind: Type.String(), content: Content };

/** Internal: what publication did. What outsiders may read is in feed.ts. `by` is who caused it, in either service. */
export const publicationContracts = [
  contract('PublicationOpened', 1, 'An approval arrived: this content is pinned', cleared),
  contract('ClearanceRenewed', 1, 'An approval that knew of the stop cleared it again', cleared),
  contract('VersionWaiting', 1, 'A later approval waits until somebody takes it', cleared),
  contract('VersionTaken', 1, 'The waiting version became the pinned one', cleared),
  contract('CorrectionReady', 1, 'An approved correction waits to be published', {
    ...article,
    correctionId: Id,
    base: Version,
    content: Content,
  }),
  contract('ArticlePublished', 1, 'It went out', {
    ...article,
    version: Version,
    content: Content,
    path: Type.String(),
    edition: Edition,
    at: Instant,
    firstAt: Instant,
    item: Type.Integer({ minimum: 1, description: 'number of the public message' }),
  }),
  contract('ArticleCorrected', 1, 'A corrected text went out', {
    ...article,
    version: Version,
    content: Content,
    correctionId: Type.Optional(Id),
    number: Type.Integer({ minimum: 1 }),
    class: Type.Literal('CORRECTED'),
    note: Type.String(),
    difference: Type.Array(BlockDifference),
    at: Instant,
    item: Type.Integer({ minimum: 1 }),
  }),
  contract('ArticleUnpublished', 1, 'It was taken down', {
    ...article,
    reason: Type.String(),
    item: Type.Integer({ minimum: 1 }),
  }),
  contract('PublicationStopped', 1, 'It must not go out', {
    ...article,
    version: Version,
    why: Type.String(),
    stops: Type.Integer({ minimum: 1 }),
    from: Type.Union([Type.Literal('drafting'), Type.Literal('publication')]),
  }),
  contract('StopTooLate', 1, 'Drafting asked for a stop, but it was out', {
    ...article,
    version: Version,
    why: Type.String(),
    state: Type.String(),
  }),
  contract('KillAsked', 1, 'Somebody asked for a kill: what is out is held', {
    ...article,
    reason: Type.String(),
    item: Type.Integer({ minimum: 1 }),
  }),
  contract('KillDeclined', 1, 'The kill was declined: as it was before', {
    ...article,
    reason: Type.String(),
    state: Type.String(),
    item: Type.Integer({ minimum: 1 }),
    at: Instant,
  }),
  contract('ArticleKilled', 1, 'Killed: it reaches everyone, nothing follows it', {
    ...article,
    reason: Type.String(),
    askedBy: Person,
    item: Type.Integer({ minimum: 1 }),
    at: Instant,
  }),
  contract('ApprovalIgnored', 1, 'An approval arrived for a killed story', {
    ...article,
    version: Version,
    why: Type.String(),
  }),
] as const;
export type PublicationEvent = EventOf<(typeof publicationContracts)[number]>;
