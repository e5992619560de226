import {
  type CommentEvent,
  contractsByTopic,
  type PackageEvent,
  type PublicationEvent,
  type ThreadEvent,
} from '#contracts';

/**
 * What must have come of each event, told once more and apart from the code that brings it about: the checker would believe that code
 * whatever it did.
 */
export const logs = ['drafting', 'publication', 'moderation'] as const;
export type LogName = (typeof logs)[number];

/** A reaction that answers each of these events with one command of its service, whatever that decides: its log knows the derived id. */
export interface Owed {
  readonly by: LogName;
  readonly topic: LogName;
  readonly reaction: string;
  readonly types: readonly string[];
}
export const owed: readonly Owed[] = [
  { by: 'publication', topic: 'drafting', reaction: 'on-article-approved', types: ['ArticleApproved'] },
  {
    ...{ by: 'publication', topic: 'drafting', reaction: 'on-release-conditions-set' },
    types: ['ReleaseConditionsSet'],
  },
  { by: 'drafting', topic: 'drafting', reaction: 'on-descendant-started', types: ['DescendantStarted'] },
  { by: 'drafting', topic: 'drafting', reaction: 'on-template-used', types: ['TemplateUsed'] },
  { by: 'drafting', topic: 'drafting', reaction: 'on-coverage-linked', types: ['CoverageLinked'] },
  { by: 'publication', topic: 'drafting', reaction: 'on-clearance-stopped', types: ['ClearanceStopped'] },
  { by: 'publication', topic: 'drafting', reaction: 'on-correction-approved', types: ['CorrectionApproved'] },
  {
    ...{ by: 'drafting', topic: 'publication', reaction: 'on-publication-decided' },
    types: [
      ...['PublicationOpened', 'ClearanceRenewed', 'ArticlePublished', 'ArticleCorrected', 'ArticleUpdated'],
      ...['ArticleRepeated', 'ArticleUnpublished', 'ArticleHeld', 'HoldReleased'],
      ...['PublicationStopped', 'StopTooLate', 'KillAsked', 'KillDeclined', 'ArticleKilled', 'ApprovalIgnored'],
      ...['VersionStopped', 'CorrectionStopped'],
    ],
  },
  {
    ...{ by: 'moderation', topic: 'publication', reaction: 'on-article-published' },
    // A declined kill asks nothing of a thread whose article is not back.
    types: [
      ...['ArticlePublished', 'ArticleCorrected', 'ArticleUpdated', 'ArticleRepeated', 'ArticleHeld'],
      ...['HoldReleased', 'ArticleUnpublished', 'KillAsked', 'ArticleKilled'],
    ],
  },
];

/** A table with a row for each of these events. */
export interface RowEach {
  readonly model: string;
  readonly log: LogName;
  readonly types: ReadonlySet<string>;
  /** Whether the table has the row of `e`: an event's key (article), position and id. */
  readonly has: string;
}
const ofArticles = (log: LogName) =>
  (contractsByTopic[log] ?? []).filter(({ schema }) => 'articleId' in schema.properties).map(({ type }) => type);

export const rowEach: readonly RowEach[] = [
  ...logs.map((log) => ({
    ...{ model: 'article_history', log, types: new Set(ofArticles(log)) },
    has: `select from article_event r where r.article_id = e.key and r.service = '${log}' and r.position = e.position and r.event_id = e.id`,
  })),
  {
    ...{ model: 'publication_log', log: 'publication' },
    types: new Set([
      ...['ArticlePublished', 'ArticleCorrected', 'ArticleUnpublished', 'KillAsked', 'KillDeclined', 'ArticleKilled'],
      ...['ArticleUpdated', 'ArticleRepeated', 'ArticleHeld', 'HoldReleased'],
    ]),
    has: 'select from publication_log r where r.article_id = e.key and r.position = e.position',
  },
];

/** A row for each stream of a kind, one column of which shows the last of these events; `any`: there is a row; null: it leaves it alone. */
export interface RowOfStream {
  readonly model: string;
  readonly log: LogName;
  /** Streams are `<kind>-<id>`. */
  readonly kind: string;
  readonly shows: Readonly<Record<string, string | null>>;
  /** Selects what the row of `e.id` shows, as text. */
  readonly column: string;
}
const page: Record<PublicationEvent['type'], string | null> = {
  ...{ ArticlePublished: 'published', ArticleCorrected: 'published', ArticleUnpublished: 'unpublished' },
  ...{ ArticleUpdated: 'published', ArticleRepeated: 'published', ArticleHeld: 'held', HoldReleased: 'published' },
  ...{ KillAsked: 'held', KillDeclined: 'any', ArticleKilled: 'killed' },
  ...{ PublicationOpened: null, ClearanceRenewed: null, VersionWaiting: null, VersionKnown: null, VersionTaken: null },
  ...{ CorrectionReady: null, CorrectionOutdated: null, StopTooLate: null, ApprovalIgnored: null },
  ...{ VersionStopped: null, CorrectionStopped: null },
  ReleaseConditionsRecorded: null,
  ...{ PublicationStopped: null, PublicationScheduled: null, PublicationDescheduled: null, ScheduleCameDue: null },
  ...{ UpdateScheduled: null, UpdateDescheduled: null, UpdateCameDue: null },
};
const board: typeof page = {
  ...page,
  ...{ PublicationOpened: 'cleared', ClearanceRenewed: 'cleared', PublicationStopped: 'stopped' },
  // Where a kill was asked, that is what the board goes on showing.
  ArticleHeld: 'any',
  ...{ KillAsked: 'kill-asked', PublicationScheduled: 'scheduled', PublicationDescheduled: 'cleared' },
  ScheduleCameDue: 'cleared',
};
const comments: Record<CommentEvent['type'], string> = {
  ...{ CommentSubmitted: 'pending', CommentApproved: 'published', CommentRejected: 'rejected' },
  ...{ CommentWithdrawn: 'withdrawn', CommentEnded: 'ended', CommentErased: 'erased' },
};
const waiting = Object.fromEntries(Object.keys(comments).map((type) => [type, String(type === 'CommentSubmitted')]));
const threads: Record<ThreadEvent['type'], string | null> = {
  ...{ ThreadOpened: 'open', ThreadRestored: 'open', ThreadFrozen: 'frozen', ThreadClosed: 'closed' },
  VersionShown: null,
};

const packages: Record<PackageEvent['type'], string | null> = {
  ...{ PackageCreated: 'open', PackageArranged: 'open', PackagePartKilled: 'open', PackageMarkedReady: 'ready' },
  ...{ PackageDiscarded: 'discarded', PackageRenamed: null },
};

export const rowOfStream: readonly RowOfStream[] = [
  {
    ...{ model: 'article_search', log: 'drafting', kind: 'article', shows: { ArticleStarted: 'any' } },
    column: 'select language from article_search where article_id = e.id',
  },
  {
    ...{ model: 'coverages', log: 'drafting', kind: 'plan' },
    shows: { PlanMade: 'false', PlanCancelled: 'true', PlanRestored: 'false' },
    column: 'select cancelled::text from planned_event where plan_id = e.id',
  },
  {
    ...{ model: 'packages', log: 'drafting', kind: 'package', shows: packages },
    column: 'select state from package where package_id = e.id',
  },
  {
    ...{ model: 'article_page', log: 'publication', kind: 'publication', shows: page },
    column: 'select state from article_page where article_id = e.id',
  },
  {
    ...{ model: 'newsroom_board', log: 'publication', kind: 'publication', shows: board },
    column: 'select publication_state from newsroom_board where article_id = e.id',
  },
  {
    ...{ model: 'newsroom_board', log: 'drafting', kind: 'article', shows: { ArticleStarted: 'any' } },
    column: 'select state from newsroom_board where article_id = e.id',
  },
  {
    ...{ model: 'article_page', log: 'moderation', kind: 'comment', shows: comments },
    column: 'select status from page_comment where comment_id = e.id',
  },
  {
    ...{ model: 'moderation_queue', log: 'moderation', kind: 'comment', shows: waiting },
    column: 'select pending::text from queue_comment where comment_id = e.id',
  },
  {
    ...{ model: 'moderation_queue', log: 'moderation', kind: 'thread', shows: threads },
    column: 'select thread from queue_article where article_id = e.id',
  },
];
