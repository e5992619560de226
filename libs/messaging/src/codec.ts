import type { KafkaMessage, Message } from 'kafkajs';
import { binaryHeaders, type CloudEvent, readCloudEvent, UnreadableMessage } from './cloudevent.ts';

/** A message of Stet's own topics, read and checked. Positions are those of its shard in the log that it comes from. */
export interface Incoming {
  /** Without the prefix: `drafting`, `publication`, `moderation`, `feed`. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** The partition key: the id of the article that it is about. */
  readonly key: string;
  readonly id: string;
  /** `/stet/<service>` */
  readonly source: string;
  /** The event's name alone, as in `ArticleApproved`. */
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  /** When it was recorded: ISO 8601, UTC, microseconds, by the clock of the log's database. */
  readonly time: string;
  readonly recordedAt: string;
  readonly position: bigint;
  /** The position of the message before it on this topic in this shard; 0 for the first. */
  readonly previousPosition: bigint;
  readonly logId: string;
  /** Version of its stream, from 1. */
  readonly sequence: number;
  /** Id of its stream. */
  readonly subject: string;
  readonly correlationId: string;
  readonly causationId: string | undefined;
  readonly traceparent: string | undefined;
}
/** What is sent: `payload` is the exact JSON text of the data. */
export type Departing = Omit<Incoming, 'topic' | 'offset' | 'data' | 'time'> & { readonly payload: string };

/** Wide enough for any stream, so that the attribute sorts as text. */
const sequenceDigits = 10;

/**
 * The Kafka message of an event: CloudEvents 1.0.2 in binary mode, key = partition key, partition = shard, timestamp = the time
 * recorded. `extensions` are added to the attributes.
 */
export function toKafka(event: Departing, extensions: Readonly<Record<string, string>> = {}): Message {
  return {
    key: event.key,
    partition: event.partition,
    value: event.payload,
    timestamp: String(Date.parse(event.recordedAt)),
    headers: binaryHeaders({
      id: event.id,
      source: event.source,
      type: `stet.${event.type}.v${event.version}`,
      subject: event.subject,
      time: event.recordedAt,
      partitionkey: event.key,
      sequence: String(event.sequence).padStart(sequenceDigits, '0'),
      position: String(event.position),
      previousposition: String(event.previousPosition),
      logid: event.logId,
      correlationid: event.correlationId,
      causationid: event.causationId,
      traceparent: event.traceparent,
      ...extensions,
    }),
  };
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

function attribute(event: CloudEvent, name: string): string {
  const found = event.attributes[name];
  if (found === undefined) throw new UnreadableMessage(`It has no ${name}.`);
  return found;
}

function whole(event: CloudEvent, name: string): bigint {
  const text = attribute(event, name);
  if (!/^\d{1,18}$/.test(text)) throw new UnreadableMessage(`Its ${name} is not a whole number.`);
  return BigInt(text);
}

/** Reads a message of one of Stet's topics. Throws UnreadableMessage; its text names what is wrong, never the data. */
export function fromKafka(message: Pick<KafkaMessage, 'key' | 'value' | 'headers' | 'offset'>, place: Place): Incoming {
  const event = readCloudEvent({ value: message.value, ...(message.headers && { headers: message.headers }) });
  if (!event) throw new UnreadableMessage('It is empty.');
  const { groups } = /^stet\.(?<type>[A-Za-z]+)\.v(?<version>\d{1,6})$/.exec(attribute(event, 'type')) ?? {};
  if (!groups) throw new UnreadableMessage('Its type is not of the form stet.<EventType>.v<version>.');
  const time = attribute(event, 'time');
  return {
    ...place,
    offset: message.offset,
    key: message.key?.toString('utf8') ?? attribute(event, 'partitionkey'),
    id: attribute(event, 'id'),
    source: attribute(event, 'source'),
    type: groups.type ?? '',
    version: Number(groups.version),
    data: event.data,
    time,
    recordedAt: time,
    position: whole(event, 'position'),
    previousPosition: whole(event, 'previousposition'),
    logId: attribute(event, 'logid'),
    sequence: Number(whole(event, 'sequence')),
    subject: attribute(event, 'subject'),
    correlationId: attribute(event, 'correlationid'),
    causationId: event.attributes.causationid,
    traceparent: event.attributes.traceparent,
  };
}
