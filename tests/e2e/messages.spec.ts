import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { type IHeaders, Kafka, logLevel } from 'kafkajs';
import { Parser } from '@asyncapi/parser';
import { asyncApi } from '../../infra/docs/asyncapi.ts';
import { documents } from '../../infra/docs/documents.ts';
import { examples, examplesFile } from '../../infra/docs/examples.ts';
import { type Desk, openDesk, until } from './desk.ts';
import { playEverything } from './every-message.ts';

/** Every kind of message there is, made by the real services, read by a plain client, and held against what the documents say. */
interface Seen {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}
interface Message {
  readonly name: string;
  readonly headers: { readonly $ref: string };
  readonly payload: object;
  readonly examples?: readonly { readonly payload: unknown }[];
}
const document = asyncApi(examples()) as unknown as {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  components: { messages: Record<string, Message>; schemas: Record<string, object> };
};
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);

let desk: Desk;
const seen: Seen[] = [];
/** Every hole that the checker has named, in a system where nothing is wrong. */
const holes: unknown[] = [];
const textOf = (headers: IHeaders = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '3' });
  const looking = setInterval(() => {
    void look().then((named) => holes.push(...named));
  }, 300);
  const kafka = new Kafka({ brokers: [desk.newsroom.stack.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  await consumer.subscribe({
    topics: Object.values(document.channels).map(({ address }) => desk.newsroom.topic(address.replace('stet.', ''))),
    fromBeginning: true,
  });
  await consumer.run({
    eachMessage({ topic, message }) {
      const data: unknown = JSON.parse(message.value?.toString('utf8') ?? 'null');
      // Only the prefix is another than that of the document.
      seen.push({ topic: topic.replace(/^[^.]+/, 'stet'), headers: textOf(message.headers), data });
      return Promise.resolve();
    },
  });
  try {
    await playEverything(desk);
    const wanted = Object.values(document.components.messages).map(({ name }) => name);
    const typeOf = ({ topic, headers }: Seen) => (topic.endsWith('.anchors') ? 'Head' : headers.ce_type);
    const missing = () => wanted.filter((name) => !seen.some((one) => typeOf(one) === name));
    for (const deadline = Date.now() + 20_000; missing().length > 0 && Date.now() < deadline;)
      await new Promise((done) => setTimeout(done, 100));
    expect(missing()).toEqual([]);
    await rebuild();
  } finally {
    clearInterval(looking);
    await consumer.disconnect();
  }
}, 180_000);
afterAll(() => desk.close());

const operator = () => desk.newsroom.as('operator');
const look = async () => (await operator().get('reading', '/operations/holes')).body.holes as unknown[];

/** Until every read model that is built anew serves, and what it shows was looked at. */
async function rebuild(): Promise<void> {
  await operator().command('reading', '/operations/rebuild', {});
  await until(async () => {
    const { generations } = (await operator().get('reading', '/operations/generations')).body;
    return (generations as { state: string }[]).every(({ state }) => state !== 'building');
  });
  await new Promise((done) => setTimeout(done, 6000));
}

test('no hole is named while everything that can happen happens, and read models are built anew', async () => {
  expect(holes).toEqual([]);
  const metrics = await (await fetch(`${desk.newsroom.stack.urls.reading}/metrics`)).text();
  const metric = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1]);
  expect(metric('stet_publication_holes')).toBe(0);
  expect(metric('stet_publication_checked_seconds')).toBeLessThan(5);
});

test('with DATABASE_URL and KAFKA_BROKERS nothing is embedded, and stories go their whole way on three shards', async () => {
  const { home, brokers } = desk.newsroom.stack;
  expect([`${home.data}/postgres`, `${home.data}/kafka`].filter(existsSync)).toEqual([]);
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({
    topics: ['drafting', 'feed', 'articles'].map(desk.newsroom.topic),
  });
  await admin.disconnect();
  expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 3, 3]);
  const ids: string[] = [];
  // Several, so that more than one shard has some.
  while (ids.length < 5) {
    const { id, position } = await desk.published();
    const page = await desk.site.get('reading', `/articles/${id}/page?after=${position}`);
    expect(page).toMatchObject({ status: 200, body: { headline: 'Bridge opens' } });
    ids.unshift(id);
  }
  const { items } = (await desk.editor.get('reading', '/board?limit=5')).body;
  expect((items as { articleId: string }[]).map(({ articleId }) => articleId)).toEqual(ids);
});

test('each message is as its channel describes it, headers and data', () => {
  const problems = seen.flatMap(({ topic, headers, data }) => {
    const channel = Object.values(document.channels).find(({ address }) => address === topic);
    const messages = Object.values(channel?.messages ?? {}).map(
      ({ $ref }) => document.components.messages[named($ref)],
    );
    const message = messages.find((one) => one?.name === 'Head' || one?.name === headers.ce_type);
    if (!message) return [`${topic} does not name ${headers.ce_type ?? 'this'}`];
    const wrong = ajv.validate(message.payload, data) ? [] : [`${message.name}: ${ajv.errorsText()}`];
    if (message.name === 'Head') return wrong;
    const schema = document.components.schemas[named(message.headers.$ref)] ?? false;
    return ajv.validate(schema, headers) ? wrong : [...wrong, `${message.name}, headers: ${ajv.errorsText()}`];
  });
  expect(problems).toEqual([]);
  // A plain record is what a reader of headers expects; nothing that is not described comes along.
  const described = new Set(
    Object.keys((document.components.schemas.NewestHeaders as { properties: object }).properties),
  );
  expect(
    [...new Set(seen.flatMap(({ headers }) => Object.keys(headers)))].filter((name) => !described.has(name)),
  ).toEqual([]);
});

test('nothing about an article is public before its first release, and nothing follows a kill', () => {
  const feed = seen.filter(({ topic }) => topic.endsWith('.feed'));
  const byArticle = Map.groupBy(feed, ({ data }) => (data as { articleId: string }).articleId);
  for (const items of byArticle.values()) {
    const types = items.map(({ headers }) => headers.ce_type);
    expect(types[0]).toBe('stet.ItemReleased.v2');
    expect(
      types.slice(types.indexOf('stet.ItemCanceled.v2') + 1).filter(() => types.includes('stet.ItemCanceled.v2')),
    ).toEqual([]);
    const versions = items.map(({ data }) => Number((data as { item: { version: string } }).item.version));
    expect(versions).toEqual(versions.map((_, at) => at + 1));
  }
});

describe('the document', () => {
  test('is valid AsyncAPI 3', async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify(document));
    // Severity 0 is an error; hints about taste are left out.
    expect(
      diagnostics
        .filter(({ severity }) => String(severity) === '0')
        .map(({ message, path }) => `${message} ${path.join('.')}`),
    ).toEqual([]);
  });

  test('has a real message of each kind as its example', async () => {
    if (process.env.STET_RECORD) {
      const recorded = Object.fromEntries(
        seen.map(({ headers, data }) => [/^stet\.(\w+)\./.exec(headers.ce_type ?? '')?.[1] ?? 'Head', data]),
      );
      writeFileSync(examplesFile, `${JSON.stringify(recorded, null, 2)}\n`);
      await recordGolden();
    }
    for (const { name, payload, examples: given = [] } of Object.values(document.components.messages)) {
      if (name === 'Head') continue;
      expect({ name, examples: given.length }).toEqual({ name, examples: 1 });
      expect({ name, valid: ajv.validate(payload, given[0]?.payload) }).toEqual({ name, valid: true });
    }
  });

  test('stands in docs/ as the code makes it, with the settings in README', () => {
    for (const [path, text] of documents()) {
      const there = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
      expect({ path, content: bare(path, there) }).toEqual({ path, content: bare(path, text) });
    }
  });
});

const named = (reference: string) => reference.split('/').at(-1) ?? '';
/** The logs of this story, for tests/replay: written where there are none yet. Newer versions are added by hand, none is taken away. */
async function recordGolden(): Promise<void> {
  const file = new URL('../replay/golden.json', import.meta.url);
  if (existsSync(file)) return;
  const { rows } = await desk.admin.query(
    ['drafting', 'publication', 'moderation']
      .map(
        (service) =>
          `(select '${service}' as service, stream, type, schema_version as "schemaVersion", payload as data from ${service}.event order by shard, position)`,
      )
      .join(' union all '),
  );
  writeFileSync(file, `${JSON.stringify({ events: rows, states: {}, schemas: {} }, null, 2)}\n`);
}
/** Without what the formatter is free to choose. */
const bare = (path: string, text: string): unknown =>
  path.endsWith('.json') ? JSON.parse(text) : text.replaceAll(/[\s|-]+/g, ' ');
