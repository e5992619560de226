import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import Value from 'typebox/value';
import { contractOf, encodePosition, type NewsItem } from '#contracts';
import { fromKafka, type Incoming, type Reaction, step, toKafka } from '#messaging';
import { createService, openWriteParts, type Service } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';
import { onArticleApproved } from '../../apps/publication/src/on-article-approved.ts';
import { onClearanceStopped } from '../../apps/publication/src/on-clearance-stopped.ts';
import { onCorrectionApproved } from '../../apps/publication/src/on-correction-approved.ts';
import { PublicationModule } from '../../apps/publication/src/publication.module.ts';
import { Paper } from '../../apps/publication/src/publication/paper.ts';
import { publicationLog } from '../../apps/publication/src/publication/publication.announcements.ts';
import { content, corrected, correctionId } from '../../apps/publication/src/publication/publication.examples.ts';
import { type Issuer, startIssuer } from '../../infra/stack/issuer.ts';
import { freePorts } from '../../infra/stack/ports.ts';

const brokers = process.env.STET_TEST_KAFKA_BROKERS ?? '';
const prefix = `publ-${randomUUID().slice(0, 8)}`;
const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'outside', logLevel: logLevel.NOTHING });
const home = mkdtempSync(join(tmpdir(), 'stet-publication-'));
const logId = randomUUID();
const seen: Incoming[] = [];
/** Unpublishes what was never approved. */
const onRumour: Reaction = {
  name: 'on-rumour',
  topic: 'drafting',
  on: {
    Rumour: ({ key }) => [step(publicationLog, key, { type: 'unpublish', data: { reason: 'Untrue.' } }, ['not-found'])],
  },
};
let database: TestDatabase;
let issuer: Issuer;
let service: Service;
let url = '';
let outside: Consumer;
let drafting: Producer;
let position = 0n;

/** The service as it runs, with its relay and its reactions; drafting is played by a producer, a subscriber by a plain consumer. */
beforeAll(async () => {
  database = await createTestDatabase();
  const claims = { roles: 'roles', desks: 'desks' };
  issuer = await startIssuer({ port: await freePorts(1), audience: 'stet', keyFile: join(home, 'key.json'), claims });
  const reactions = [onArticleApproved, onClearanceStopped, onCorrectionApproved, onRumour];
  const provide = () => [{ provide: Paper, useValue: new Paper('The Harbour Post') }];
  const parts = { name: 'publication', publicTopic: 'feed', reactions, provide } as const;
  service = await createService({
    ...{ name: 'publication', module: PublicationModule, title: 'publication', description: 'under test' },
    open: (ground) => openWriteParts(parts, ground),
    env: {
      ...{
        DATABASE_URL: database.urls.publication,
        KAFKA_BROKERS: brokers,
        STET_TOPIC_PREFIX: prefix,
        STET_HOME: home,
      },
      ...{ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'stet', LOG_LEVEL: 'silent' },
    },
    port: 0,
  });
  url = await service.listen();
  drafting = kafka.producer({ allowAutoTopicCreation: false });
  outside = kafka.consumer({ groupId: `${prefix}.subscriber` });
  await Promise.all([drafting.connect(), outside.connect()]);
  await outside.subscribe({ topic: `${prefix}.feed`, fromBeginning: true });
  await outside.run({
    eachMessage: ({ message, partition }) => {
      seen.push(fromKafka(message, { topic: 'feed', partition }));
      return Promise.resolve();
    },
  });
});
afterAll(async () => {
  await Promise.all([outside.disconnect(), drafting.disconnect(), service.stop()]);
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
  await admin.deleteTopics({ topics });
  await admin.disconnect();
  await Promise.all([issuer.stop(), database.drop()]);
  rmSync(home, { recursive: true });
});

/** Sends an event as drafting would; answers its position token. */
async function decided(type: string, articleId: string, data: object): Promise<string> {
  position += 1n;
  const payload = JSON.stringify({ articleId, by: { id: 'edna', name: 'Edna' }, ...data });
  const message = toKafka({
    ...{ partition: 0, id: randomUUID(), key: articleId, source: '/stet/drafting', type, version: 1, payload },
    ...{ recordedAt: '2026-01-01T00:00:00.000000Z', position, previousPosition: position - 1n, logId },
    ...{ sequence: 1, subject: articleId, correlationId: 'test', causationId: undefined, traceparent: undefined },
  });
  await drafting.send({ topic: `${prefix}.drafting`, messages: [message] });
  return encodePosition({ service: 'drafting', logId, shard: 0, position });
}
const approved = (articleId: string, version = 1, text = content) =>
  decided('ArticleApproved', articleId, { version, desk: 'city', kind: 'story', content: text, knownStops: 0 });

async function command(who: string, path: string, body: object): Promise<{ status: number; code: unknown }> {
  const token = await issuer.token({ sub: who, name: who, roles: [who], desks: ['city'] });
  const response = await fetch(`${url}/publications/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  return { status: response.status, code: ((await response.json()) as { code?: unknown }).code };
}
const done = async (who: string, path: string, body: object) => {
  expect(await command(who, path, body)).toEqual({ status: 200, code: undefined });
};
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((go) => setTimeout(go, 20));
}

test('an outside team that reads the feed knows all that concerns it, in order, and nothing else', async () => {
  const [story, stopped] = [randomUUID(), randomUUID()];
  await approved(stopped);
  const stop = await decided('ClearanceStopped', stopped, { version: 1, why: 'Wrong.' });
  expect(await command('duty-editor', `${stopped}/publish`, { version: 1, after: stop })).toEqual({
    ...{ status: 409, code: 'not-allowed-now' },
  });
  const after = await approved(story);
  await done('duty-editor', `${story}/publish`, { version: 1, after });
  const ready = await decided('CorrectionApproved', story, {
    ...{ correctionId, base: 1, version: 2, content: corrected, ancestor: content, changed: ['p2'] },
  });
  await done('duty-editor', `${story}/correct`, { correctionId, note: 'It took ten years.', after: ready });
  await done('editor', `${story}/ask-kill`, { reason: 'Libel.' });
  await done('legal', `${story}/decline-kill`, { reason: 'It is true.' });
  await done('duty-editor', `${story}/unpublish`, { reason: 'Rights.' });
  await done('duty-editor', `${story}/repeat`, { item: 5 });
  const newer = await approved(story, 2, { ...corrected, headline: 'Bridge open' });
  await done('duty-editor', `${story}/refile`, { version: 2, after: newer });
  await done('legal', `${story}/ask-kill`, { reason: 'Libel.' });
  await done('duty-editor', `${story}/sign-kill`, {});
  await until(() => seen.length >= 9);

  const items = seen.map(({ data }) => (data as { item: NewsItem }).item);
  expect(seen.map(({ type }, at) => `${type} ${items[at]?.version ?? ''} ${items[at]?.pubStatus ?? ''}`)).toEqual([
    ...['ItemReleased 1 usable', 'ItemCorrected 2 usable', 'ItemWithheld 3 withheld', 'ItemReleased 4 usable'],
    ...['ItemWithheld 5 withheld', 'ItemRepeated 6 usable', 'ItemRefiled 7 usable', 'ItemWithheld 8 withheld'],
    'ItemCanceled 9 canceled',
  ]);
  expect(seen.map(({ key }) => key)).toEqual(seen.map(() => story));
  for (const { type, data } of seen) expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
  // A message names the one before it, so that a gap is seen.
  expect(seen.map(({ previousPosition }) => previousPosition)).toEqual([
    0n,
    ...seen.slice(0, -1).map((message) => message.position),
  ]);
  const told = JSON.stringify(seen, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  expect(told).not.toMatch(/Libel|Rights\.|kill|edna/i);
  const times = items.map(({ versionCreated }) => versionCreated);
  expect(times).toEqual(times.toSorted());
  expect(new Set(items.map(({ firstCreated }) => firstCreated))).toEqual(new Set([times[0]]));
});

test('metrics tell what reactions were refused, as may be', async () => {
  await decided('Rumour', randomUUID(), {});
  await decided('Rumour', randomUUID(), {});
  const refusals = async () =>
    /^stet_reaction_refusals_total\{reaction="on-rumour",code="not-found"\} (\d+)$/m.exec(
      await (await fetch(`${url}/metrics`)).text(),
    )?.[1];
  while ((await refusals()) !== '2') await new Promise((go) => setTimeout(go, 20));
});
