import { encodePosition, type PublicationEvent } from '#contracts';
import { type Incoming, type Reaction, type Step, step } from '#messaging';
import { threadLog } from './thread/thread.announcements.ts';
import type { Heard, ThreadCommand } from './thread/thread.ts';

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];

function heard({ key: articleId, data, logId, partition: shard, position }: Incoming): Heard {
  const { by } = data as PublicationEvent['data'];
  return { articleId, by, position: encodePosition({ service: 'publication', logId, shard, position }) };
}
const follow = (command: Pick<ThreadCommand, 'type' | 'data'>): Step[] => [
  step(threadLog, command.data.articleId, command),
];
function open(message: Incoming): Step[] {
  const { version } = message.data as Told<
    'ArticlePublished' | 'ArticleCorrected' | 'ArticleUpdated' | 'ArticleRepeated'
  >;
  return follow({ type: 'open', data: { ...heard(message), version } });
}
function restore(message: Incoming): Step[] {
  // A declined kill goes back to what was, and that may have been held or unpublished.
  const { state } = message.data as Told<'KillDeclined'>;
  return state === 'published' ? follow({ type: 'restore', data: heard(message) }) : [];
}

/** A thread opens, freezes and closes with its article. */
export const onArticlePublished: Reaction = {
  name: 'on-article-published',
  topic: 'publication',
  // Publication tells of an article in an order that its thread can follow: a refusal is a fault.
  on: {
    ArticlePublished: open,
    ArticleCorrected: open,
    ArticleUpdated: open,
    ArticleRepeated: open,
    ArticleHeld: (message) => follow({ type: 'freeze', data: { ...heard(message), why: 'held' } }),
    HoldReleased: (message) => follow({ type: 'restore', data: heard(message) }),
    ArticleUnpublished: (message) => follow({ type: 'freeze', data: { ...heard(message), why: 'unpublished' } }),
    KillAsked: (message) => follow({ type: 'freeze', data: { ...heard(message), why: 'kill-asked' } }),
    KillDeclined: restore,
    ArticleKilled: (message) => follow({ type: 'close', data: heard(message) }),
  },
};
