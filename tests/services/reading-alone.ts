import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Producer } from 'kafkajs';
import { encodePositions } from '#contracts';
import { connectKafka, ensureTopics, type Incoming } from '#messaging';
import { Parking } from '#parking';
import { createService } from '#platform';
import { type Projection, Projections, startProjections } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Checker } from '../../apps/reading/src/holes/checker.ts';
import { id } from '../../apps/reading/src/samples.ts';
import { readModels } from '../../apps/reading/src/read-models.ts';
import { ReadingModule } from '../../apps/reading/src/reading.module.ts';
import { type Issuer, startIssuer } from '../../infra/stack/issuer.ts';
import { freePorts } from '../../infra/stack/ports.ts';
import { firstOf, isStream } from './listening.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when it is JSON. */
  readonly body: Record<string, unknown>;
}
export interface Reading {
  readonly url: string;
  readonly models: Projections;
  readonly issuer: Issuer;
  readonly database: TestDatabase;
  /** Every line that the service has logged. */
  readonly lines: readonly string[];
  /** As somebody with this role. A body makes it a POST. */
  call(role: string, path: string, options?: { accept?: string; body?: object }): Promise<Reply>;
  /** The same, not older than this position. */
  after(position: string, role: string, path: string, accept?: string): Promise<Reply>;
  /** Lets the topics carry these, and answers the token of the last of each: `?after=` of it waits for them all. */
  send(...messages: readonly Incoming[]): Promise<string>;
  close(): Promise<void>;
}

/** Every test has articles and comments of its own. */
let made = 100;
export const newArticle = (): { articleId: string } => ({ articleId: id(made++) });
export const newComment = (): string => id(10_000 + made++);

export const itemsOf = ({ body }: Reply) => body.items as Record<string, unknown>[];
/** All items of a list, page after page; each page says how many they are. */
export async function allOf(
  reading: Reading,
  role: string,
  first: string,
  items: (reply: Reply) => unknown[] = itemsOf,
) {
  const found: unknown[] = [];
  const counts = new Set<unknown>();
  for (let path: string | undefined = first; path !== undefined;) {
    const reply: Reply = await reading.call(role, path);
    if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}.`);
    found.push(...items(reply));
    counts.add(reply.body.count);
    path = /^<(.+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1];
  }
  if (items === itemsOf && (counts.size > 1 || !counts.has(found.length)))
    throw new Error(`${first} has ${found.length} items, and said ${[...counts].join()}.`);
  return found;
}

const topics = ['drafting', 'publication', 'moderation'];

/** The service reading in this process, with a database, topics and an issuer of its own. */
export async function openReading(projections: readonly Projection[] = readModels): Promise<Reading> {
  const home = mkdtempSync(join(tmpdir(), 'stet-reading-'));
  const issuer = await startIssuer({
    ...{ port: await freePorts(1), audience: 'stet', keyFile: join(home, 'key.json') },
    claims: { roles: 'roles', desks: 'desks' },
  });
  const database = await createTestDatabase();
  const broker = connectKafka({
    brokers: (process.env.STET_TEST_KAFKA_BROKERS ?? '').split(','),
    ...{ clientId: 'reading', topicPrefix: `reading-${randomUUID().slice(0, 8)}` },
  });
  await ensureTopics(
    broker,
    topics.map((name) => ({ name, partitions: 1, config: {} })),
    { partitions: 1 },
  );
  const models = await startProjections({ broker, connectionString: database.urls.reading, projections });
  const lines: string[] = [];
  const service = await createService({
    ...{ name: 'reading', module: ReadingModule, title: 'reading', description: 'under test', port: 0 },
    open: () =>
      Promise.resolve([
        { provide: Checker, useValue: new Checker(models, broker) },
        { provide: Projections, useValue: models },
        { provide: Parking, useValue: models.parking },
      ]),
    env: { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'stet', RATE_LIMIT: '0' },
    logTo: { write: (line) => lines.push(line) },
  });
  const url = await service.listen();
  const producer = broker.kafka.producer();
  await producer.connect();
  const reading: Reading = {
    ...{ url, models, issuer, database, lines },
    after: (position, role, path, accept) =>
      reading.call(role, `${path}${path.includes('?') ? '&' : '?'}after=${position}`, accept ? { accept } : {}),
    async call(role, path, { accept, body } = {}) {
      const token = await issuer.token({ sub: role, name: role, roles: [role], desks: [] });
      const headers = { authorization: `Bearer ${token}`, ...(accept === undefined ? {} : { accept }) };
      const post = { method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(
        path.startsWith('http') ? path : `${url}${path}`,
        body ? { ...post, headers: { ...headers, 'content-type': 'application/json' } } : { headers },
      );
      const text = isStream(response) ? await firstOf(response) : await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      const parsed = (isJson ? JSON.parse(text) : isStream(response) ? text : {}) as Reply['body'];
      return { status: response.status, headers: response.headers, text, body: parsed };
    },
    async send(...messages) {
      for (const topic of topics) await sendTo(producer, broker.topic(topic), of(topic, messages));
      return encodePositions(
        messages.map(({ topic: service, logId, partition: shard, position }) => ({ service, logId, shard, position })),
      );
    },
    async close() {
      await producer.disconnect();
      await service.stop();
      await Promise.all([models.stop(), issuer.stop()]);
      await database.drop();
      rmSync(home, { recursive: true });
    },
  };
  return reading;
}

const of = (topic: string, messages: readonly Incoming[]) => messages.filter((message) => message.topic === topic);

/** CloudEvents in binary mode, put together by hand: what the service reads is the contract, not our own codec. */
async function sendTo(producer: Producer, topic: string, messages: readonly Incoming[]): Promise<void> {
  if (messages.length === 0) return;
  await producer.send({
    topic,
    messages: messages.map((message) => ({
      key: message.key,
      partition: message.partition,
      value: JSON.stringify(message.data),
      headers: {
        ...{ ce_specversion: '1.0', 'content-type': 'application/json', ce_id: message.id, ce_source: message.source },
        ...{ ce_type: `stet.${message.type}.v${message.version}`, ce_subject: message.subject, ce_time: message.time },
        ...{ ce_partitionkey: message.key, ce_sequence: String(message.sequence).padStart(10, '0') },
        ...{ ce_position: String(message.position), ce_previousposition: String(message.previousPosition) },
        ...{ ce_logid: message.logId, ce_correlationid: message.correlationId },
      },
    })),
  });
}
