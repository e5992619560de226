import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Message, Producer } from 'kafkajs';
import type { EventStore, Outgoing } from '#event-store';
import { toKafka } from './codec.ts';
import type { Broker } from './connection.ts';

export interface RelayOptions {
  readonly broker: Broker;
  readonly store: Pick<EventStore, 'relay' | 'service' | 'logId'>;
  /** Where public messages go; the internal ones go to the topic of the service's name. */
  readonly publicTopic?: string;
  readonly leaseMs?: number;
}
export interface Relay {
  /** Finishes what it is sending, gives the lease back. */
  stop(): Promise<void>;
}
const batch = { rows: 500, bytes: 4_000_000 };
/** NOTIFY wakes it; this is for when a notification was lost with its connection. */
const pollMs = 500;
const backOffMs = 500;

/**
 * Sends what a log announces, in its order, from its cursor on. One relay of a service sends at a time; the lease's epoch guards the cursor.
 * A message may be sent twice (after a crash between send and cursor), never left out, and never before the one that precedes it.
 */
export function startRelay({ broker, store, publicTopic, leaseMs = 10_000 }: RelayOptions): Relay {
  const { relay } = store;
  const holder = randomUUID();
  const stopping = new AbortController();
  const topics = { internal: broker.topic(store.service), public: publicTopic && broker.topic(publicTopic) };
  const ended = () => stopping.signal.aborted;
  let woken = Promise.withResolvers<undefined>();
  const wake = () => {
    woken.resolve(undefined);
  };

  async function send(producer: Producer, shard: number, messages: readonly Outgoing[]): Promise<void> {
    for (const slot of ['internal', 'public'] as const) {
      const topic = topics[slot];
      const own = messages.filter((message) => message.slot === slot);
      if (topic === undefined || own.length === 0) continue;
      // A send that takes longer than half the lease must fail while the lease is still ours.
      await producer.send({
        topic,
        acks: -1,
        timeout: leaseMs / 2,
        messages: own.map((one) => messageOf(store, shard, one)),
      });
    }
  }

  /** Sends until nothing waits; false when the cursor is no longer ours. */
  async function drain(producer: Producer, epoch: bigint): Promise<boolean> {
    for (const [shard, cursor] of (await relay.cursors()).entries()) {
      let from = cursor;
      for (let run = await relay.next(shard, from, batch); run; run = await relay.next(shard, from, batch)) {
        if ((await relay.acquireLease(holder, leaseMs)) !== epoch) return false;
        await send(producer, shard, run.messages);
        if (!(await relay.moveCursor(shard, from, run.to, epoch))) return false;
        from = run.to;
        if (ended()) return true;
      }
    }
    return true;
  }

  /** With one producer, from the lease on, until it is lost or something fails. */
  async function hold(epoch: bigint): Promise<void> {
    const producer = broker.kafka.producer({
      maxInFlightRequests: 1,
      retry: { retries: 3 },
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    const quiet = await relay.listen(wake, wake);
    try {
      while (!ended()) {
        woken = Promise.withResolvers<undefined>();
        if (!(await drain(producer, epoch))) return;
        await Promise.race([woken.promise, pause(pollMs)]);
        if ((await relay.acquireLease(holder, leaseMs)) !== epoch) return;
      }
    } finally {
      await Promise.allSettled([quiet(), producer.disconnect()]);
    }
  }

  async function work(): Promise<void> {
    while (!ended()) {
      try {
        const epoch = await relay.acquireLease(holder, leaseMs);
        if (epoch !== undefined) await hold(epoch);
      } catch (error) {
        broker.log('warn', 'relay: begins again from its cursor', { service: store.service, reason: String(error) });
      }
      if (!ended()) await pause(backOffMs);
    }
    await relay.releaseLease(holder);
  }

  const working = work();
  return {
    stop() {
      stopping.abort();
      wake();
      return working;
    },
  };
}

function messageOf(log: Pick<EventStore, 'service' | 'logId'>, shard: number, message: Outgoing): Message {
  const { eventId, slot, key, stream, type, version, sequence, position, previousPosition, payload, metadata } =
    message;
  return toKafka({
    ...{ key, type, version, sequence, position, previousPosition, payload },
    partition: shard,
    // One event may say something on each topic; the ids differ, as CloudEvents asks of what differs.
    id: slot === 'internal' ? eventId : `${eventId}-public`,
    source: `/stet/${log.service}`,
    recordedAt: isoOf(message.recordedAt),
    logId: log.logId,
    subject: stream,
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    traceparent: metadata.traceparent,
  });
}

const isoOf = (micros: bigint) =>
  `${new Date(Number(micros / 1000n)).toISOString().slice(0, -1)}${String(micros % 1000n).padStart(3, '0')}Z`;
