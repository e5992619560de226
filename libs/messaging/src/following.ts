import type { KafkaMessage } from 'kafkajs';
import type { Checkpoint } from './checkpoint.ts';
import { fromKafka, type Incoming, type Place } from './codec.ts';
import { reasonOf } from './connection.ts';

/** What a stretch of a partition comes to for a reader. */
export interface Stretch {
  /** What is new, in the log's order, without a gap. */
  readonly messages: readonly Incoming[];
  /** Where the checkpoint stands when `messages` are applied. */
  readonly to: Checkpoint | undefined;
  /** The offset to go on from, whether or not anything was new. */
  readonly nextOffset: string;
  /** What it ends with does not follow what was taken. What does may come yet, where a relay has sent it again. */
  readonly gap: string | undefined;
  /** Why it ends for good before the last message that was fetched. */
  readonly end: string | undefined;
}

const afterOffset = (offset: string) => String(BigInt(offset) + 1n);

/**
 * Holds what was fetched against the checkpoint. A topic may repeat, so what is not after the last position is dropped; what follows the
 * last one is taken; what leaves a gap is passed over, until the message comes that follows; a message of another log, or one that cannot be
 * read, ends the stretch.
 */
export function follow(fetched: readonly KafkaMessage[], place: Place, from: Checkpoint | undefined): Stretch {
  const messages: Incoming[] = [];
  let to = from;
  let nextOffset = fetched[0]?.offset ?? '0';
  let gap: string | undefined;
  for (const raw of fetched) {
    const message = read(raw, place, to);
    if (typeof message === 'string')
      return { messages, to, nextOffset, gap, end: `At offset ${raw.offset} ${message}` };
    nextOffset = afterOffset(raw.offset);
    const last = to?.lastPosition ?? 0n;
    if (message.position <= last) continue;
    if (message.previousPosition === last) {
      messages.push(message);
      to = { logId: message.logId, nextOffset, lastPosition: message.position };
      gap = undefined;
    } else gap ??= missing(message, last);
  }
  return { messages, to, nextOffset, gap, end: undefined };
}

/** The message, or why nobody can go on with it. */
function read(raw: KafkaMessage, place: Place, last: Checkpoint | undefined): Incoming | string {
  try {
    const message = fromKafka(raw, place);
    if (!last || message.logId === last.logId) return message;
    return `another log begins (${message.logId}; so far it was ${last.logId}). If the log was imported or restored, build anew what was made from the old one; if not, this reader is connected to the wrong cluster or topic prefix.`;
  } catch (error) {
    return `there is a message that cannot be read: ${reasonOf(error)} Nobody but the relay may write to this topic; an event that is newer than this build needs a newer build.`;
  }
}

function missing({ source, offset, partition, position, previousPosition }: Incoming, last: bigint): string {
  const service = source.split('/').at(-1) ?? '';
  return `At offset ${offset} position ${position} says that it follows ${previousPosition}, but the last one read is ${last}: messages are missing. Let the relay send them again (npm run stet -- resend ${service} ${partition} ${last}); this reader goes on by itself when they come.`;
}
