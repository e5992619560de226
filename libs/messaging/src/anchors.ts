import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Producer } from 'kafkajs';
import type { EventStore, Head } from '#event-store';
import { type Broker, reasonOf } from './connection.ts';
import { leaving, within } from './within.ts';

export interface AnchorsOptions {
  readonly broker: Broker;
  readonly store: Pick<EventStore, 'heads' | 'service'>;
  /** One JSON object a line; made with its folder when it is not there. */
  readonly file: string;
  readonly everyMs?: number;
}
export interface Anchors {
  /** Notes the heads once more, as they stand. */
  stop(): Promise<void>;
}
/** A head as it is noted: its position as text, since JSON has no such numbers. */
type Noted = Omit<Head, 'position'> & { readonly position: string; readonly service: string; readonly at: string };

const topic = 'anchors';
/** Longer than a broker takes to come back. */
const longestMs = 30_000;

async function openProducer(broker: Broker): Promise<Producer> {
  const producer = broker.kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 3 } });
  await within(longestMs, producer.connect());
  return producer;
}

/**
 * Notes where the chain of each shard stands, outside the database: in a file and on a topic, at the start, every few seconds if it has
 * moved, and at the end. A chain alone shows neither that its tail was cut nor that it was rewritten as a whole; these witnesses do. What
 * cannot be noted now is noted next time.
 */
export async function startAnchors({ broker, store, file, everyMs = 5000 }: AnchorsOptions): Promise<Anchors> {
  await mkdir(dirname(file), { recursive: true });
  let producer = await openProducer(broker);
  const notedInFile = new Map<number, string>();
  const notedOnTopic = new Map<number, string>();

  const failed = (error: unknown) => {
    broker.log('error', 'anchors: a head could not be noted', { service: store.service, reason: reasonOf(error) });
  };
  /** One look at the heads for all these witnesses, none of which keeps another from its note. */
  const note = async (...witnesses: readonly ((heads: readonly Head[]) => Promise<void>)[]): Promise<void> => {
    const heads = await store.heads().catch(failed);
    if (heads) for (const witness of witnesses) await witness(heads).catch(failed);
  };
  async function moved(
    heads: readonly Head[],
    to: Map<number, string>,
    write: (all: readonly Noted[]) => Promise<unknown>,
  ) {
    const at = new Date().toISOString();
    const news = heads.filter(({ shard, hash }) => to.get(shard) !== hash);
    if (news.length === 0) return;
    await write(
      news.map(({ position, ...head }) => ({ service: store.service, ...head, position: String(position), at })),
    );
    for (const { shard, hash } of news) to.set(shard, hash);
  }
  const inFile = (heads: readonly Head[]) =>
    moved(heads, notedInFile, (all) => appendFile(file, all.map((head) => `${JSON.stringify(head)}\n`).join('')));
  const onTopic = (heads: readonly Head[]) =>
    moved(heads, notedOnTopic, async (all) => {
      const messages = all.map((head) => ({ key: `${head.service}-${head.shard}`, value: JSON.stringify(head) }));
      try {
        await within(longestMs, producer.send({ topic: broker.topic(topic), acks: -1, messages }));
      } catch (error) {
        // One that has lost its cluster may not find it again.
        void producer.disconnect().catch(() => undefined);
        producer = await openProducer(broker);
        throw error;
      }
    });
  // The file first, and the topic of the same look: a proof goes by a head that one of them has, and whoever checks it may have the file alone.
  const noteAll = () => note(inFile, onTopic);
  let noting = noteAll();
  const timer = setInterval(() => {
    noting = noting.then(noteAll);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await note(inFile);
      await leaving(noting.then(noteAll));
      await leaving(producer.disconnect());
    },
  };
}

/** What a file has noted, of whatever log; a last line that was not written whole is left out. Throws for a line that is no anchor. */
export async function readAnchors(file: string): Promise<Head[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line, at) => headOf(line, `${file}, line ${at + 1}`));
}

/** What the topic has noted of a service's log, up to its end as it is now. Throws for a message that is no anchor. */
export async function readAnchorTopic(broker: Broker, service: string): Promise<Head[]> {
  const name = broker.topic(topic);
  const admin = broker.kafka.admin();
  const group = broker.topic(`${topic}-${randomUUID()}`);
  const consumer = broker.kafka.consumer({ groupId: group, retry: { retries: 3 } });
  const found: Head[] = [];
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(name);
    const open = new Map(ends.filter(({ high, low }) => high !== low).map((end) => [end.partition, BigInt(end.high)]));
    if (open.size === 0) return [];
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    await consumer.connect();
    await consumer.subscribe({ topic: name, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        try {
          const own = batch.messages.filter(({ key }) => key?.toString('utf8').startsWith(`${service}-`));
          for (const { value, offset } of own)
            found.push(headOf(value?.toString('utf8') ?? '', `${name}, offset ${offset}`));
          if (BigInt(batch.lastOffset()) + 1n >= (open.get(batch.partition) ?? 0n)) open.delete(batch.partition);
          if (open.size === 0) resolve(undefined);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        return Promise.resolve();
      },
    });
    await promise;
    return found;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([group]).catch(() => undefined); // It is gone by itself in time.
    await admin.disconnect();
  }
}

function headOf(text: string, where: string): Head {
  try {
    const { logId, shard, position, hash } = JSON.parse(text) as Noted;
    if (typeof logId !== 'string' || typeof shard !== 'number' || typeof hash !== 'string') throw new Error();
    return { logId, shard, position: BigInt(position), hash };
  } catch {
    throw new BadAnchor(`${where}: this is no anchor.`);
  }
}

/** Something that is not an anchor stands where anchors are. */
export class BadAnchor extends Error {}
