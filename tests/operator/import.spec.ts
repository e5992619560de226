import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { EventStore } from '#event-store';
import { Keyring } from '#keyring';
import { commentLog } from '../../apps/moderation/src/comment/comment.announcements.ts';
import { enter, ownPostgres } from '../../infra/stack/backing.ts';
import { freePorts, toNobody } from '../../infra/stack/stack.ts';
import type { Row } from '../../infra/stet/archive.ts';
import { type Desk, openDesk, until } from '../e2e/desk.ts';
import { placeOnServers } from '../newsroom.ts';
import { pointingAt, type Said, stet } from './command.ts';
import { again, dead, digestsOf, exportedSystem, quiet, shards, source } from './first-system.ts';
import { everything, manifestIn, type Tables } from './kept.ts';
import { spoiltArchives } from './spoilt.ts';

const logs = ['drafting', 'publication', 'moderation'] as const;
const work = mkdtempSync(join(tmpdir(), 'stet-import-'));
const below = (name: string) => join(work, name);
const archive = below('archive');
/** The system that the archive is to go into, and a folder for a command that must not work in its home. */
const [second, elsewhere] = [below('second'), below('elsewhere')];
const { all, spoilt, fileOf } = spoiltArchives(archive, work);
let first: Awaited<ReturnType<typeof exportedSystem>>;
let place: Awaited<ReturnType<typeof placeOnServers>>;

beforeAll(async () => {
  first = await exportedSystem(archive, `${second}/anchors`);
}, 240_000);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

describe('an empty system', () => {
  let admin: pg.Client;
  let empty: Tables;
  let env: Record<string, string>;
  const load = (folder: string, more: Record<string, string> = {}): Promise<Said> =>
    stet({ ...env, ...more }, 'import', folder);

  beforeAll(async () => {
    place = await placeOnServers(2);
    mkdirSync(second, { recursive: true });
    writeFileSync(`${second}/keyring-key`, first.masterKey, { mode: 0o600 });
    admin = new pg.Client({ connectionString: place.env.DATABASE_URL });
    await admin.connect();
    empty = await everything(admin);
    const there = { ...place.env, STET_TOPIC_PREFIX: place.topicPrefix };
    env = { ...shards, ...there, STET_HOME: elsewhere, KEYRING_MASTER_KEY: first.masterKey };
  }, 120_000);
  afterAll(() => admin.end());

  test.each(all)(
    'refuses %s, and stays empty',
    async (_what, make, says) => {
      const said = await load(make());
      expect(said).toMatchObject({ code: 1, out: '' });
      expect(said.error).toMatch(says);
      expect(said.error).not.toMatch(/^\s+at /m);
      expect(await everything(admin)).toEqual(empty);
    },
    120_000,
  );

  test('refuses another master key, another number of shards, and topics that have messages', async () => {
    const other = await load(archive, { KEYRING_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url') });
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.error).toContain('keyring: it was made with another master key');
    const none = await load(archive, { KEYRING_MASTER_KEY: '' });
    expect(none).toMatchObject({ code: 1, error: expect.stringContaining('set KEYRING_MASTER_KEY') as unknown });
    const more = await load(archive, { STET_SHARDS: '3' });
    expect(more).toMatchObject({ code: 1, error: expect.stringContaining('has 2 shards: set STET_SHARDS') as unknown });
    const kafka = new Kafka({ brokers: place.env.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
    const [maker, producer] = [kafka.admin(), kafka.producer()];
    await Promise.all([maker.connect(), producer.connect()]);
    const prefix = `${place.topicPrefix}-used`;
    await maker.createTopics({ topics: [{ topic: `${prefix}.feed`, numPartitions: 2 }] });
    await producer.send({ topic: `${prefix}.feed`, messages: [{ partition: 1, value: 'x' }] });
    await Promise.all([maker.disconnect(), producer.disconnect()]);
    const used = await load(archive, { STET_TOPIC_PREFIX: prefix });
    const says = `topic ${prefix}.feed has messages`;
    expect(used).toMatchObject({ code: 1, error: expect.stringContaining(says) as unknown });
    expect(await everything(admin)).toEqual(empty);
  }, 120_000);

  test('takes an archive row for row, under ids of its own; reactions stand where they stood', async () => {
    const { code, out } = await stet(env, 'import', archive, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ heads: manifestIn(archive).heads });
    const loaded = await everything(admin);
    for (const [table, rows] of Object.entries(first.exported))
      if (!/\.(log|reaction_checkpoint)$/.test(table)) expect(loaded[table]).toEqual(rows);
    const idOf = (tables: Tables, log: string) => JSON.parse(tables[`${log}.log`]?.[0] ?? '') as Row;
    const renewed = new Map(logs.map((log) => [idOf(first.exported, log).id ?? '', idOf(loaded, log).id ?? '']));
    for (const log of logs) {
      expect(idOf(loaded, log)).toEqual({ ...idOf(first.exported, log), id: idOf(empty, log).id });
      const before = first.exported[`${log}.reaction_checkpoint`]?.map((line) => JSON.parse(line) as Row) ?? [];
      const expected = before.map((row) => ({ ...row, log_id: renewed.get(row.log_id ?? ''), next_offset: '0' }));
      expect(loaded[`${log}.reaction_checkpoint`]?.map((line) => JSON.parse(line) as Row)).toEqual(
        expect.arrayContaining(expected),
      );
    }
    const { rows } = await admin.query(
      `select nextval(pg_get_serial_sequence('publication.reaction_parked', 'id')) as parked, nextval(pg_get_serial_sequence('publication.parked_wish', 'id')) as wish`,
    );
    expect(rows).toEqual([{ parked: '42', wish: '2' }]);
    const twice = await load(archive);
    expect(twice).toMatchObject({ code: 1, error: expect.stringMatching(/empty system: \w+ has rows of/) as unknown });
    // Until it is looked at, nothing comes due there either.
    await admin.query(`update publication.timer_lease set holder = 'a test', expires_at = now() + interval '1 hour'`);
  }, 120_000);
});

describe('the system that it went into', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(shards, second, place);
    await quiet(desk);
  }, 180_000);
  afterAll(() => desk.close());

  test('has the chains that the old anchors tell of, and read models that come to the same', async () => {
    const said = await stet(pointingAt(desk.newsroom.stack), 'verify', '--json');
    expect(said).toMatchObject({ code: 0 });
    expect(await digestsOf(desk)).toEqual(first.digests);
    // Nothing was done a second time by what is sent anew.
    const now = await everything(desk.admin);
    for (const log of logs)
      for (const table of ['event', 'repeat', 'timer', 'reaction_parked'])
        expect(now[`${log}.${table}`]).toEqual(first.exported[`${log}.${table}`]);
  }, 60_000);

  test('answers retries as it did, also one of a reader who was erased since', async () => {
    for (const one of first.asked) {
      const { status, headers, body } = await again(desk, one);
      expect({ status, replayed: headers.get('idempotency-replayed') }).toEqual({
        status: one.reply.status,
        replayed: 'true',
      });
      expect({ ...body, position: '' }).toEqual({ ...one.reply.body, position: '' });
    }
    const { count, items } = (await desk.site.get('reading', `/articles/${first.out}/page`)).body.comments as {
      count: number;
      items: { author: string; text: string }[];
    };
    expect({ count, items }).toMatchObject({ count: 1, items: [{ author: 'Leo', text: 'Good\u2028to hear.' }] });
    const fresh = { articleId: first.out, reader: dead, text: 'Me again.', articleVersion: 1 };
    expect((await desk.site.post('moderation', '/comments', fresh)).body.code).toBe('person-erased');
  });

  test('keeps its confidential sources, and shows who they are to those who know', async () => {
    const reason = { reason: 'To see that they are still here.' };
    const seen = await desk.newsroom.as('reporter').post('drafting', `/sources/${first.sourceId}/look`, reason);
    expect(seen).toMatchObject({ status: 200, body: { identity: source.identity } });
  });

  test('has what was scheduled come due, and goes on with new commands', async () => {
    expect(await desk.stateOf('publication', first.scheduled)).toBe('scheduled');
    await desk.admin.query(`update publication.timer_lease set holder = null, expires_at = '-infinity'`);
    await until(async () => (await desk.stateOf('publication', first.scheduled)) === 'published');
    const operator = (...args: string[]) => stet(pointingAt(desk.newsroom.stack), ...args);
    expect(await operator('prove', first.out)).toMatchObject({ code: 0 });
    const { id, position } = await desk.published();
    await desk.comment(id, { after: position });
    expect((await desk.site.get('reading', `/articles/${id}/page?after=${position}`)).status).toBe(200);
    await quiet(desk);
    expect(await operator('verify')).toMatchObject({ code: 0 });
    expect(await operator('export', below('again'))).toMatchObject({ code: 0 });
  }, 120_000);

  test('takes no import while its services run', async () => {
    const { adminUrl, brokers } = desk.newsroom.stack;
    const env = { ...shards, DATABASE_URL: adminUrl, KAFKA_BROKERS: brokers, KEYRING_MASTER_KEY: first.masterKey };
    const there = await stet({ ...env, STET_HOME: elsewhere }, 'import', archive);
    expect(there).toMatchObject({
      code: 1,
      error: expect.stringContaining('whose services are stopped: drafting') as unknown,
    });
    const here = await stet({ ...shards, STET_HOME: second }, 'import', archive);
    expect(here).toMatchObject({ code: 3, error: expect.stringContaining('Stet already runs on') as unknown });
  }, 120_000);
});

test('a system that was never started is made; without the keys what readers wrote and who sources are stays sealed', async () => {
  const port = await freePorts(3);
  const env = { ...shards, STET_HOME: below('third'), POSTGRES_PORT: String(port), KAFKA_PORT: String(port + 1) };
  const folder = spoilt((manifest) => {
    for (const part of ['keyring', 'vault'] as const) rmSync(fileOf(manifest, part));
  });
  const said = await stet(env, 'import', folder);
  expect(said.code).toBe(0);
  for (const part of ['keyring', 'vault']) expect(said.out).toContain(`${part}  not in the archive`);
  expect(said.error).toContain('Starting Postgres');
  const ground = await enter(env.STET_HOME, toNobody);
  const { adminUrl: connectionString } = await ownPostgres(ground, { port, throwaway: true });
  const keyring = await Keyring.open({ connectionString, masterKey: Buffer.alloc(32, 1) });
  const store = await EventStore.open({ connectionString, service: 'moderation', keyring });
  expect(await store.verify()).toEqual({ ok: true });
  const { state } = await store.load(commentLog, String(first.asked[1]?.reply.body.id));
  expect(state).toMatchObject({ status: 'published', text: '' });
  await Promise.all([store.close(), keyring.close()]);
  await ground.leave();
}, 180_000);
