import { createHash, randomUUID } from 'node:crypto';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Place } from './codec.ts';
import type { Broker } from './connection.ts';
import { leaving } from './within.ts';

/** What lies on a topic, by nothing but its bytes: whoever checks readers must not read as they do. */
export interface Lying {
  readonly offset: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly logId: string;
  /** -1 where there is none. */
  readonly position: bigint;
  readonly previous: bigint;
  /** SHA-256 of its value, hexadecimal. */
  readonly digest: string;
}
export interface End extends Place {
  /** The first offset that is still there, and the one after the last. */
  readonly low: bigint;
  readonly high: bigint;
}
export interface OnlookerOptions {
  readonly broker: Broker;
  /** The places to look at, and where to begin in each. */
  readonly from: readonly (Place & { readonly offset: bigint })[];
  /** Told of everything that lies there, repeats among them, in its order. When it throws, the same comes again. */
  readonly take: (place: Place, lying: readonly Lying[]) => Promise<void>;
}
/** A bare consumer: it belongs to nobody's group, notes nothing down, and sees every partition of its topics. */
export interface Onlooker {
  /** The offset that it sees next. */
  next(place: Place): bigint;
  stop(): Promise<void>;
}

/** Told of at once; between two of these the group hears that we live. */
const chunk = 500;
const keyOf = ({ topic, partition }: Place) => `${topic}/${partition}`;

/** Where topics begin and end now. */
export async function endsOf(broker: Broker, topics: readonly string[]): Promise<End[]> {
  const admin = broker.kafka.admin({ retry: { retries: 2 } });
  await admin.connect();
  try {
    const found = await Promise.all(
      topics.map(async (topic) => {
        const ends = await admin.fetchTopicOffsets(broker.topic(topic));
        return ends.map(({ partition, low, high }) => ({ topic, partition, low: BigInt(low), high: BigInt(high) }));
      }),
    );
    return found.flat();
  } finally {
    await admin.disconnect();
  }
}

/** Answers when it looks on; it goes on by itself whatever happens to the brokers. */
export async function startOnlooker({ broker, from, take }: OnlookerOptions): Promise<Onlooker> {
  const next = new Map(from.map((one) => [keyOf(one), one.offset]));
  const kafka = broker.kafka.consumer({
    groupId: broker.topic(`onlooker-${randomUUID()}`),
    // It is in no hurry: what comes within this time comes together, or each message would have a look of its own.
    ...{ maxWaitTimeInMs: 250, minBytes: 262_144, maxBytesPerPartition: 1_048_576, allowAutoTopicCreation: false },
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5, restartOnFailure: () => Promise.resolve(true) },
  });
  // kafkajs seeks before it fetches, if it is told to while it joins.
  kafka.on(kafka.events.GROUP_JOIN, () => {
    for (const { topic, partition } of from)
      kafka.seek({ topic: broker.topic(topic), partition, offset: String(next.get(keyOf({ topic, partition })) ?? 0) });
  });

  async function look(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const place = { topic: broker.bareName(batch.topic), partition: batch.partition };
    const at = next.get(keyOf(place)) ?? 0n;
    const fresh = batch.messages.filter(({ offset }) => BigInt(offset) >= at);
    for (let begin = 0; begin < fresh.length; begin += chunk) {
      if (!payload.isRunning() || payload.isStale()) return;
      const some = fresh.slice(begin, begin + chunk);
      await take(place, some.map(lyingOf));
      next.set(keyOf(place), BigInt(some.at(-1)?.offset ?? 0) + 1n);
      await payload.heartbeat();
    }
    const after = BigInt(batch.lastOffset()) + 1n;
    if (after > (next.get(keyOf(place)) ?? 0n)) next.set(keyOf(place), after);
  }
  await kafka.connect();
  await kafka.subscribe({ topics: [...new Set(from.map(({ topic }) => broker.topic(topic)))] });
  await kafka.run({ autoCommit: false, partitionsConsumedConcurrently: 1, eachBatch: look });
  return {
    next: (place) => next.get(keyOf(place)) ?? 0n,
    async stop() {
      await leaving(kafka.disconnect());
    },
  };
}

function lyingOf({ offset, key, value, headers = {} }: KafkaMessage): Lying {
  const header = (name: string) => headers[`ce_${name}`]?.toString() ?? '';
  const position = (name: string) => (/^\d{1,18}$/.test(header(name)) ? BigInt(header(name)) : -1n);
  return {
    ...{ offset, key: key?.toString('utf8') ?? '', id: header('id'), type: header('type'), logId: header('logid') },
    ...{ position: position('position'), previous: position('previousposition') },
    digest: createHash('sha256')
      .update(value ?? '')
      .digest('hex'),
  };
}
