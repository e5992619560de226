import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventStore, Head } from '#event-store';
import { type Broker, reasonOf } from './connection.ts';

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

/**
 * Notes where the chain of each shard stands, outside the database: in a file and on a topic, at the start, every few seconds if it has
 * moved, and at the end. A chain alone shows neither that its tail was cut nor that it was rewritten as a whole; these witnesses do. What
 * cannot be noted now is noted next time.
 */
export async function startAnchors({ broker, store, file, everyMs = 5000 }: AnchorsOptions): Promise<Anchors> {
  const producer = broker.kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 3 } });
  await mkdir(dirname(file), { recursive: true });
  await producer.connect();
  const inFile = new Map<number, string>();
  const onTopic = new Map<number, string>();

  async function note(to: Map<number, string>, write: (moved: readonly Noted[]) => Promise<unknown>): Promise<void> {
    try {
      const at = new Date().toISOString();
      const heads = await store.heads();
      const moved = heads.filter(({ shard, hash }) => to.get(shard) !== hash);
      if (moved.length === 0) return;
      const { service } = store;
      await write(moved.map(({ position, ...head }) => ({ service, ...head, position: String(position), at })));
      for (const { shard, hash } of moved) to.set(shard, hash);
    } catch (error) {
      broker.log('error', 'anchors: a head could not be noted', { service: store.service, reason: reasonOf(error) });
    }
  }
  const noteAll = async () => {
    await note(inFile, (moved) => appendFile(file, moved.map((head) => `${JSON.stringify(head)}\n`).join('')));
    await note(onTopic, (moved) => {
      const messages = moved.map((head) => ({ key: `${head.service}-${head.shard}`, value: JSON.stringify(head) }));
      return producer.send({ topic: broker.topic(topic), acks: -1, messages });
    });
  };
  let noting = noteAll();
  const timer = setInterval(() => {
    noting = noting.then(noteAll);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await noting;
      await noteAll();
      await producer.disconnect();
    },
  };
}

/** The heads that a file has noted; a last line that was not written whole is left out. */
export async function readAnchors(file: string): Promise<Head[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => {
    const { logId, shard, position, hash } = JSON.parse(line) as Noted;
    return { logId, shard, position: BigInt(position), hash };
  });
}
