import { lifted } from '#contracts';
import { Rejection } from '#decider';
import { commandId, type EventStore, isTransient } from '#event-store';
import { begin, during } from '#tracing';
import type { Incoming, Place } from './codec.ts';
import { type Broker, reasonOf } from './connection.ts';
import { startConsumer, type StoppedPartition } from './consumer.ts';
import type { PartitionBatch } from './partition.ts';
import type { Reaction } from './reaction.ts';
import { processing } from './steps.ts';

export interface ReactionsOptions {
  readonly broker: Broker;
  readonly store: EventStore;
  readonly reactions: readonly Reaction[];
  /** Told of each refusal that was expected. */
  readonly onRefused?: (refusal: { readonly reaction: string; readonly code: string }) => void;
}
/** The reactions of a service, running. */
export interface Reactions {
  /** Messages not yet reacted to, of the partitions that this process reads; undefined while it is in no group. */
  lag(): number | undefined;
  stopped(): readonly StoppedPartition[];
  stop(): Promise<void>;
}

/** Who gives the commands of reactions. */
const actor = { id: 'reaction', name: 'Stet', roles: ['reaction'], desks: [] };
/** Keys worked on side by side, so that their appends go together. */
const atOnce = 50;
const groupOf = ({ service }: Pick<EventStore, 'service'>) => `${service}-reactions`;
const waits = 'waits for an earlier message of its key';

/**
 * Runs reactions: one reader for all topics, message after message of a key, keys side by side. The checkpoint moves when all of a batch
 * is done; what is done again after a crash has the ids of the first time. A message that cannot be reacted to is parked with all later
 * ones of its key, and the others go on.
 */
export async function startReactions({ broker, store, reactions, onRefused }: ReactionsOptions): Promise<Reactions> {
  async function react(sent: Incoming): Promise<void> {
    const message = lifted(sent);
    for (const reaction of reactions) {
      if (reaction.topic !== message.topic || !reaction.on[message.type]) continue;
      const group = broker.topic(groupOf(store));
      const span = begin(processing(message, { topic: broker.topic(message.topic), group, by: reaction.name }));
      await during(span, reactWith(reaction, { ...message, traceparent: span.traceparent }));
    }
  }

  async function reactWith({ name, on }: Reaction, message: Incoming): Promise<void> {
    const steps = (await on[message.type]?.(message, store)) ?? [];
    for (const [at, one] of steps.entries()) {
      try {
        await one.run(store, {
          actor,
          commandId: commandId('reaction', name, message.id, String(at)),
          trace: {
            correlationId: message.correlationId,
            causationId: message.id,
            traceparent: message.traceparent,
          },
        });
      } catch (error) {
        if (!(error instanceof Rejection) || !one.expected.includes(error.code)) throw error;
        onRefused?.({ reaction: name, code: error.code });
        broker.log('info', 'reaction: refused, as may be', { reaction: name, code: error.code, message: message.id });
      }
    }
  }

  /** Undefined when it is done, else why it never will be. What passes by itself is thrown. */
  async function failure(message: Incoming): Promise<string | undefined> {
    try {
      await react(message);
      return undefined;
    } catch (error) {
      if (isTransient(error)) throw error;
      const code = error instanceof Rejection ? error.code : 'fault';
      broker.log('error', 'reaction: parked, an operator has to look', {
        code,
        type: message.type,
        message: message.id,
      });
      return `${code}: ${reasonOf(error)}`;
    }
  }

  async function inOrder(place: Place, messages: readonly Incoming[], parkedBefore: boolean): Promise<void> {
    let parked = parkedBefore;
    for (const message of messages) {
      const reason = parked ? waits : await failure(message);
      if (reason === undefined) continue;
      parked = true;
      await store.reactions.park(place, { id: message.id, key: message.key, message: toJson(message), reason });
    }
  }

  async function handle(batch: PartitionBatch): Promise<'done' | 'lost'> {
    const { topic, partition, messages, from, to } = batch;
    const place = { topic, partition };
    const parked = await store.reactions.parkedKeys(topic);
    const byKey = [...Map.groupBy(messages, ({ key }) => key)];
    for (let at = 0; at < byKey.length; at += atOnce) {
      const some = byKey.slice(at, at + atOnce);
      await Promise.all(some.map(([key, own]) => inOrder(place, own, parked.has(key))));
      await batch.heartbeat();
    }
    return (await store.reactions.move(place, from, to)) ? 'done' : 'lost';
  }

  const consumer = await startConsumer({
    broker,
    group: groupOf(store),
    topics: [...new Set(reactions.map(({ topic }) => topic))],
    checkpoints: store.reactions,
    handle,
    between: (place) => store.reactions.carryOut(place, (message) => failure(fromJson(message))),
    onStopped: (place, reason) => {
      broker.log('error', 'reaction: a partition stands still, an operator has to look', { ...place, reason });
    },
  });
  return {
    lag: () => consumer.lag(),
    stopped: () => consumer.stopped(),
    stop: () => consumer.stop(),
  };
}

type Stored = Omit<Incoming, 'position' | 'previousPosition'> & { position: string; previousPosition: string };
const toJson = (message: Incoming): Stored => ({
  ...message,
  position: String(message.position),
  previousPosition: String(message.previousPosition),
});
function fromJson(stored: unknown): Incoming {
  const message = stored as Stored;
  return { ...message, position: BigInt(message.position), previousPosition: BigInt(message.previousPosition) };
}
