import type { Outgoing } from '#event-store';
import type { Step } from '#tracing';
import type { Incoming } from './codec.ts';

/** What OpenTelemetry's conventions ask about a message; `topic` is its full name. */
const about = (topic: string, partition: number, { id, key }: Pick<Incoming, 'id' | 'key'>) => ({
  ...{ 'messaging.system': 'kafka', 'messaging.destination.name': topic, 'messaging.message.id': id },
  ...{ 'messaging.destination.partition.id': String(partition), 'messaging.kafka.message.key': key },
});

/** A message leaves, in the trace of the command that it tells of. */
export const sending = (topic: string, partition: number, { metadata, key, eventId: id }: Outgoing): Step => ({
  ...{ name: `send ${topic}`, kind: 'producer', parent: metadata.traceparent },
  attributes: {
    ...about(topic, partition, { id, key }),
    ...{ 'messaging.operation.type': 'send', 'messaging.operation.name': 'send' },
  },
});

/** A message is taken: `by` a reaction or a reader, in the trace that it came in. */
export const processing = (message: Incoming, at: { topic: string; group: string; by: string }): Step => ({
  ...{ name: `process ${at.topic}`, kind: 'consumer', parent: message.traceparent },
  attributes: {
    ...about(at.topic, message.partition, message),
    ...{ 'messaging.operation.type': 'process', 'messaging.operation.name': 'process' },
    ...{
      'messaging.consumer.group.name': at.group,
      'messaging.kafka.offset': Number(message.offset),
      'stet.by': at.by,
    },
  },
});
