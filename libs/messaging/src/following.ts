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
  /** Why it ends before the last message that was fetched. A gap may come from a fetch that began at the wrong offset; the rest is final. */
  readonly end?: { readonly why: 'gap' | 'final'; readonly reason: string };
}

const afterOffset = (offset: string) => String(BigInt(offset) + 1n);

/**
 * Holds what was fetched against the checkpoint. A topic may repeat, so what is not after the last position is dropped; what follows the
 * last one is taken; a message of another log, one that cannot be read, or one that leaves a gap ends the stretch.
 */
export function follow(fetched: readonly KafkaMessage[], place: Place, from: Checkpoint | undefined): Stretch {
  const messages: Incoming[] = [];
  let to = from;
  let nextOffset = fetched[0]?.offset ?? '0';
  for (const raw of fetched) {
    const message = read(raw, place);
    const end = typeof message === 'string' ? final(raw, message) : misfit(message, to);
    if (end || typeof message === 'string') return { messages, to, nextOffset, ...(end && { end }) };
    nextOffset = afterOffset(raw.offset);
    if (to && message.position <= to.lastPosition) continue;
    messages.push(message);
    to = { logId: message.logId, nextOffset, lastPosition: message.position };
  }
  return { messages, to, nextOffset };
}

function read(raw: KafkaMessage, place: Place): Incoming | string {
  try {
    return fromKafka(raw, place);
  } catch (error) {
    return `there is a message that cannot be read: ${reasonOf(error)} Nobody but the relay may write to this topic; an event that is newer than this build needs a newer build.`;
  }
}

const final = ({ offset }: { offset: string }, reason: string) =>
  ({ why: 'final', reason: `At offset ${offset} ${reason}` }) as const;

function misfit(message: Incoming, last: Checkpoint | undefined): Stretch['end'] {
  if (last && message.logId !== last.logId)
    return final(
      message,
      `another log begins (${message.logId}; so far it was ${last.logId}). If the log was imported or restored, build anew what was made from the old one; if not, this reader is connected to the wrong cluster or topic prefix.`,
    );
  const read = last?.lastPosition ?? 0n;
  if (message.position <= read || message.previousPosition === read) return undefined;
  const service = message.source.split('/').at(-1) ?? '';
  const reason = `At offset ${message.offset} position ${message.position} says that it follows ${message.previousPosition}, but the last one read is ${read}: messages are missing. Let the relay send them again (npm run stet -- resend ${service} ${message.partition} ${read}), or restore the topic; then restart this reader.`;
  return { why: 'gap', reason };
}
