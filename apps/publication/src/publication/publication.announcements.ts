import { contractOf, type FeedMessage, type PublicationEvent, publicationUpcasters } from '#contracts';
import { itemOf, type PubStatus } from './item.ts';
import { publication } from './publication.ts';
import { timersOf } from './scheduling.ts';
import type { Publication } from './state.ts';

interface Notice {
  readonly type: FeedMessage['type'];
  readonly pubStatus: PubStatus;
  readonly edNote?: string;
}
const released: Notice = { type: 'ItemReleased', pubStatus: 'usable' };
const notice = (type: FeedMessage['type'], edNote: string): Notice => ({ type, pubStatus: 'usable', edNote });
const withheld = (edNote: string): Notice => ({ type: 'ItemWithheld', pubStatus: 'withheld', edNote });

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];

/** What an event means to those outside, if it concerns what is out or was. That a kill was asked is no business of theirs. */
const held = withheld('HELD: do not use until further notice.');
const notices: { [T in PublicationEvent['type']]?: (data: Told<T>, after: Publication) => Notice | undefined } = {
  ArticlePublished: () => released,
  ArticleCorrected: ({ class: of, number, note }) =>
    of === 'REFILE'
      ? notice('ItemRefiled', `REFILE (${number}): use this text in place of the one before. ${note}`.trimEnd())
      : notice('ItemCorrected', `CORRECTED (${number}): ${note}`),
  ArticleUpdated: ({ number }) =>
    notice('ItemUpdated', `UPDATE (${number}): a newer text of the story, in place of the one before.`),
  ArticleRepeated: ({ number, item }) =>
    notice('ItemRepeated', `REPEAT (${number}): the text of message ${item - 1} again, unchanged.`),
  ArticleHeld: ({ state }) => (state === 'held' ? held : undefined),
  HoldReleased: () => released,
  ArticleUnpublished: () => withheld('UNPUBLISHED: do not use; it was taken down.'),
  KillAsked: (_data, { kill }) => (kill?.before === 'published' ? held : undefined),
  KillDeclined: ({ state }) => (state === 'published' ? released : undefined),
  ArticleKilled: () => ({
    ...{ type: 'ItemCanceled', pubStatus: 'canceled' },
    edNote: 'WITHDRAWN: remove every version; nothing follows.',
  }),
};
function noticeOf({ type, data }: PublicationEvent, after: Publication): Notice | undefined {
  const notice = notices[type] as ((data: unknown, after: Publication) => Notice | undefined) | undefined;
  return notice?.(data, after);
}

function announce(event: PublicationEvent, after: Publication) {
  const notice = noticeOf(event, after);
  if (!notice || !after.out) return { internal: 'payload' as const };
  const { type, pubStatus, edNote } = notice;
  const data: FeedMessage['data'] = { articleId: after.id, item: itemOf(after, after.out, pubStatus, edNote) };
  return { internal: 'payload' as const, public: { type, version: contractOf(type).version, data } };
}

/** The publication as the log knows it. Every event leaves on the internal topic; the feed carries items. */
export const publicationLog = {
  category: 'publication',
  decider: publication,
  partitionKey: ({ id }: Publication) => id,
  announce,
  timers: timersOf,
  versionOf: (type: string) => contractOf(type).version,
  upcasters: publicationUpcasters,
};
