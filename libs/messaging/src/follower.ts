import type { Message, Producer } from 'kafkajs';
import type { Checkpoint } from './checkpoint.ts';
import { type Incoming, type Place, toKafka } from './codec.ts';
import { type Broker } from './connection.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import { CannotGoOn, type PartitionBatch } from './partition.ts';
import { leaving } from './within.ts';

export interface FollowerOptions {
  readonly broker: Broker;
  /** A partition goes no further; `reason` says what to do. */
  readonly onStopped?: (place: Place, reason: string) => void;
}
export type Follower = Omit<Consumer, 'reload' | 'reached'>;

const feed = 'feed';
const articles = 'articles';
/** Of a record batch: well below what the topic takes. */
const runBytes = 4_000_000;
/** Readers of committed records wait for so long behind a writer that died in a transaction and was not replaced. */
const transactionMs = 15_000;

/**
 * Writes the newest item of each article to the compacted topic `articles`, from the feed: partition by partition, each item of the feed
 * once and in its order. A record has the feed's attributes, and `feedposition` and `feedoffset`: where in the feed it comes from. So whoever
 * reads a partition of `articles` to its end and goes on in that of the feed, one after the highest `feedoffset`, misses nothing.
 *
 * A record cannot be taken back from a compacted topic, so a writer that was replaced must not write any more: each partition has one
 * transactional id, and whoever takes the partition fences its predecessor before it asks how far that one came. Where somebody has
 * deleted `articles`, it is written again from the beginning of the feed.
 */
export async function startFollower({ broker, onStopped = () => undefined }: FollowerOptions): Promise<Follower> {
  const writers = new Map<number, Producer>();
  /** Partitions of `articles` that were found to be empty, though they had been written. */
  const emptied = new Set<number>();
  async function take(partition: number): Promise<Checkpoint | undefined> {
    await writers.get(partition)?.disconnect();
    const writer = writerOf(broker, partition);
    writers.set(partition, writer);
    await writer.connect();
    // It begins with fencing, and with undoing what the writer before it left open.
    await (await writer.transaction()).abort();
    if (!emptied.has(partition)) return checkpointOf(broker, partition, writer);
    await noteNothing(broker, partition, writer);
    emptied.delete(partition);
    return undefined;
  }
  const consumer = await startConsumer({
    ...{ broker, group: articles, topics: [feed], onStopped },
    checkpoints: { load: (_topic, partition) => take(partition) },
    async handle(batch) {
      const writer = writers.get(batch.partition);
      if (!writer) return 'lost';
      const [first] = batch.messages;
      if (first && batch.from && BigInt(first.offset) < BigInt(batch.from.nextOffset))
        throw new CannotGoOn(
          `The feed was made anew, and what ${broker.topic(articles)} says of where in it each item is (feedoffset) leads astray. Delete the topic ${broker.topic(articles)} and restart this service: it is written anew from the feed.`,
        );
      if (await write(broker, writer, batch)) return 'done';
      emptied.add(batch.partition);
      throw new Error(`${broker.topic(articles)} was made anew: it is written from the beginning of the feed.`);
    },
  });
  return {
    assigned: () => consumer.assigned(),
    stopped: () => consumer.stopped(),
    lag: () => consumer.lag(),
    async stop() {
      await leaving(consumer.stop());
      await leaving(Promise.all([...writers.values()].map((writer) => writer.disconnect())));
    },
  };
}

const writerOf = (broker: Broker, partition: number) =>
  broker.kafka.producer({
    ...{ transactionalId: broker.topic(`${articles}-${partition}`), transactionTimeout: transactionMs },
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, retry: { retries: 5 } },
  });

/**
 * False when what was written before is not there any more. Throws when another writer has taken the partition meanwhile, as it does when
 * Kafka is away: it is taken again, if it is still ours.
 */
async function write(broker: Broker, writer: Producer, batch: PartitionBatch): Promise<boolean> {
  const transaction = await writer.transaction();
  const topic = broker.topic(articles);
  for (const messages of runs(batch.messages)) {
    const [sent] = await transaction.send({ topic, messages });
    if (!batch.from || sent?.baseOffset !== '0') continue;
    await transaction.abort();
    return false;
  }
  await transaction.sendOffsets(offsetOf(broker, batch.partition, batch.to));
  await transaction.commit();
  return true;
}

function* runs(messages: readonly Incoming[]): Generator<Message[]> {
  let run: Message[] = [];
  let bytes = 0;
  for (const { data, ...message } of messages) {
    const payload = JSON.stringify(data);
    bytes += Buffer.byteLength(payload);
    if (bytes > runBytes && run.length > 0) {
      yield run;
      run = [];
      bytes = Buffer.byteLength(payload);
    }
    const origin = { feedposition: String(message.position), feedoffset: message.offset };
    run.push(toKafka({ ...message, payload }, origin));
  }
  if (run.length > 0) yield run;
}

/** kafkajs hands the metadata on, though its types do not know of it: what of the checkpoint is no offset. */
function offsetOf(broker: Broker, partition: number, { nextOffset, logId, lastPosition }: Checkpoint) {
  const metadata = JSON.stringify({ logId, lastPosition: String(lastPosition) });
  const partitions = [{ partition, offset: nextOffset, metadata }];
  return { consumerGroupId: broker.topic(articles), topics: [{ topic: broker.topic(feed), partitions }] };
}

/** How far the partition was written. A first writer notes down that there is nothing yet, so that a lost note can be told from none. */
async function checkpointOf(broker: Broker, partition: number, writer: Producer): Promise<Checkpoint | undefined> {
  const { noted, written } = await stateOf(broker, partition);
  if (noted && BigInt(noted.offset) >= 0n) {
    const { logId, lastPosition } = JSON.parse(noted.metadata ?? '') as { logId: string; lastPosition: string };
    return logId === '' || !written
      ? undefined
      : { logId, nextOffset: noted.offset, lastPosition: BigInt(lastPosition) };
  }
  if (written)
    throw new CannotGoOn(
      `Kafka has lost how far ${broker.topic(articles)} was written (the offsets of group ${broker.topic(articles)}; see offsets.retention.minutes), and to begin again would bring back old items. Delete the topic ${broker.topic(articles)} and restart this service: it is written anew from the feed.`,
    );
  await noteNothing(broker, partition, writer);
  return undefined;
}

async function noteNothing(broker: Broker, partition: number, writer: Producer): Promise<void> {
  const transaction = await writer.transaction();
  await transaction.sendOffsets(offsetOf(broker, partition, { logId: '', nextOffset: '0', lastPosition: 0n }));
  await transaction.commit();
}

async function stateOf(broker: Broker, partition: number) {
  const admin = broker.kafka.admin();
  await admin.connect();
  try {
    const [noted] = await admin.fetchOffsets({ groupId: broker.topic(articles), topics: [broker.topic(feed)] });
    const ends = await admin.fetchTopicOffsets(broker.topic(articles));
    return {
      noted: noted?.partitions.find((one) => one.partition === partition),
      written: ends.some((end) => end.partition === partition && end.high !== '0'),
    };
  } finally {
    await admin.disconnect();
  }
}
