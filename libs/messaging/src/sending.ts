import type { EventStore, Outgoing } from '#event-store';
import { beginAll, during } from '#tracing';
import { toKafka } from './codec.ts';
import type { Broker } from './connection.ts';
import { sending } from './steps.ts';
import { within } from './within.ts';

export interface Sender {
  /**
   * Resolves when the messages of both topics are safe, or throws within the limit of time; what is thrown away may still arrive. Throws
   * TopicMadeAnew when they are safe, and what was sent before them is not there.
   */
  send(shard: number, messages: readonly Outgoing[]): Promise<void>;
  close(): Promise<void>;
}
type Origin = Pick<EventStore, 'service' | 'logId'>;
/** Somebody has deleted a topic, and it was made again: what had been sent is not there. */
export class TopicMadeAnew extends Error {
  override readonly name = 'TopicMadeAnew';
  constructor(topic: string, shard: number) {
    super(`${topic}/${shard} was emptied or made anew: everything is sent again, from the beginning of the log.`);
  }
}

/** A producer that never tries again by itself: whoever sends begins anew from its cursor, with a new one, as long as its lease allows. */
export async function openSender(
  broker: Broker,
  topics: Readonly<Record<Outgoing['slot'], string | undefined>>,
  { origin, limitMs }: { origin: Origin; limitMs: number },
): Promise<Sender> {
  const client = broker.client({ requestTimeout: limitMs });
  const producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
  await within(limitMs, producer.connect()).catch((error: unknown) => {
    void producer.disconnect();
    throw error;
  });
  return {
    async send(shard, messages) {
      const topicMessages = (['internal', 'public'] as const).flatMap((slot) => {
        const topic = topics[slot];
        const own = messages.filter((message) => message.slot === slot);
        if (topic === undefined || own.length === 0) return [];
        const spans = beginAll(own, (message) => sending(topic, shard, message));
        const traced = (message: Outgoing) => spans.of(message)?.traceparent ?? message.metadata.traceparent;
        const follows = (own[0]?.previousPosition ?? 0n) > 0n;
        return [{ topic, spans, follows, messages: own.map((one) => departing(origin, shard, one, traced(one))) }];
      });
      if (topicMessages.length === 0) return;
      const sent = within(limitMs, producer.sendBatch({ topicMessages, acks: -1, timeout: limitMs }));
      await Promise.all(topicMessages.map(({ spans }) => during(spans, sent)));
      const first = (await sent).filter(({ baseOffset }) => baseOffset === '0').map(({ topicName }) => topicName);
      const anew = topicMessages.find(({ topic, follows }) => follows && first.includes(topic));
      if (anew) throw new TopicMadeAnew(anew.topic, shard);
    },
    close: () => producer.disconnect(),
  };
}

/** Whether the broker has answered that it does not take this, however often it is sent: too large, a time ahead of its own, no rights. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('type' in error && 'retriable' in error && error.name === 'KafkaJSProtocolError')
    return error.retriable === false;
  return isRefusal(error.cause);
}

function departing({ service, logId }: Origin, shard: number, message: Outgoing, traceparent: string | undefined) {
  const { eventId, slot, key, stream, type, version, sequence, position, previousPosition, payload, metadata } =
    message;
  return toKafka({
    ...{ key, type, version, sequence, position, previousPosition, payload, logId },
    partition: shard,
    // One event may say something on each topic; the ids differ, as CloudEvents asks of what differs.
    id: slot === 'internal' ? eventId : `${eventId}-public`,
    source: `/stet/${service}`,
    recordedAt: isoOf(message.recordedAt),
    subject: stream,
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    traceparent,
  });
}

const isoOf = (micros: bigint) =>
  `${new Date(Number(micros / 1000n)).toISOString().slice(0, -1)}${String(micros % 1000n).padStart(3, '0')}Z`;
