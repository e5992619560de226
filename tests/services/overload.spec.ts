import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { article, type Desk, openDesk, story, until } from '../e2e/desk.ts';
import type { Reply } from '../newsroom.ts';
import { crowdBefore, requestOf } from './crowd.ts';

/** A real process that is asked too much, too slowly, or for nothing. Everything is held against bounds, nothing against a clock. */
let desk: Desk;
let crowd: Awaited<ReturnType<typeof crowdBefore>>;
let before: { megabytes: number };
const ended: { what: string; heard: Promise<string> }[] = [];
let deaf: Socket;
const asked = 1000;
/** Far above what any of this takes (a text of two thousand blocks among it), far below what it would take without bounds. */
const mostMegabytes = 400;

beforeAll(async () => {
  desk = await openDesk();
  crowd = await crowdBefore(desk);
  await started();
  before = { megabytes: crowd.megabytes() };
  await sendSlowly();
}, 120_000);
afterAll(() => desk.close());
const grown = () => crowd.megabytes() - before.megabytes;
const started = async () => (await desk.reporter.command('drafting', '/articles', story)).id;
const many = <T>(count: number, one: (at: number) => T) => Array.from({ length: count }, (_, at) => one(at));
const told = ({ status, headers, body }: Reply) => ({ status, code: body.code, again: headers.get('retry-after') });

/** Their end is looked at in the last test; the others run beside them. */
async function sendSlowly(): Promise<void> {
  const body = JSON.stringify(story);
  const dribble = (text: string) => (socket: Socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(text.charAt(at++) || ' '), 300);
    socket.once('close', () => {
      clearInterval(timer);
    });
  };
  const slow: [string, string, ((socket: Socket) => void)?][] = [
    ['nothing at all', ''],
    ['half a head', 'GET /health/live HTTP/1.1\r\nHost'],
    ['a head byte by byte', '', dribble(requestOf('GET /health/live', { 'X-Long': 'x'.repeat(1000) }))],
    ['half a body', crowd.head(body.length) + body.slice(0, 40)],
    ['a body byte by byte', crowd.head(10_000), dribble(body)],
  ];
  for (const [what, bytes, go] of slow) {
    const socket = await crowd.open(bytes);
    go?.(socket);
    ended.push({ what, heard: crowd.heard(socket) });
  }
  deaf = (await crowd.open(requestOf('GET /openapi.json').repeat(asked))).pause();
}

const bad: [string, string | Buffer<ArrayBuffer>, number, string, Record<string, string>?][] = [
  ['a gzip bomb', gzipSync(Buffer.alloc(100_000_000)), 415, 'unsupported-media-type', { 'content-encoding': 'gzip' }],
  ['more than a megabyte', JSON.stringify({ ...story, more: 'x'.repeat(1_048_576) }), 413, 'body-too-large'],
  ['a deep one', `{"desk":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 400, 'invalid-body'],
  ['a long list', `{"blocks":[${'{},'.repeat(300_000)}{}]}`, 400, 'invalid-body'],
  ['a prototype', '{"__proto__":{"desk":"city"},"kind":"story"}', 400, 'invalid-body'],
  ['a long number', `{"desk":${'9'.repeat(1_000_000)}}`, 400, 'invalid-body'],
];
test.each(bad)('%s is refused', async (_what, ...[body, status, code, headers]) => {
  expect(told(await crowd.send(body, headers))).toMatchObject({ status, code });
});

test('a name that comes twice counts as it comes last', async () => {
  const { status, body } = await crowd.send(`{"desk":"nowhere",${JSON.stringify(story).slice(1)}`);
  expect(status).toBe(201);
  expect((await desk.reporter.get('drafting', `/articles/${String(body.id)}`)).body.desk).toBe('city');
});

test.each<[string, () => string, RegExp]>([
  [
    'an address without end',
    () => requestOf(`GET /articles/${'x'.repeat(100_000)}`),
    /^HTTP\/1.1 431.*headers-too-large/s,
  ],
  ['headers without end', () => requestOf('GET /articles', { A: 'x\r\nA: '.repeat(10_000) }), /^HTTP\/1.1 431/],
  ['a length of gigabytes', () => crowd.head(10_000_000_000), /^HTTP\/1.1 413.*body-too-large/s],
])('%s is refused, and the connection ends', async (_what, bytes, answer) => {
  expect(await crowd.heard(await crowd.open(bytes()))).toMatch(answer);
});

test('a stranger sends no long body: that is refused before any of it has come', async () => {
  const socket = await crowd.open(crowd.head(1_000_000, 'Bearer x.y.z'));
  expect(
    await new Promise((done) =>
      socket.once('data', (bytes) => {
        done(String(bytes));
      }),
    ),
  ).toMatch(/^HTTP\/1.1 401/);
  socket.destroy();
});

test('long bodies that do not come take no place but that of long bodies', async () => {
  const stalled = await Promise.all(many(150, () => crowd.open(`${crowd.head(1_000_000)}{`)));
  const long = {
    ...story,
    fields: { slugline: 'long', keywords: many(50, () => 'x'.repeat(300)) },
    blocks: many(9, block),
  };
  expect(JSON.stringify(long).length).toBeGreaterThan(16_384);
  await until(async () => told(await desk.reporter.post('drafting', '/articles', long)).code === 'overloaded');
  for (const _ of many(20, () => 0)) await started();
  for (const socket of stalled) socket.destroy();
  expect((await crowd.persist('/articles', long)).status).toBe(201);
});
const block = (at: number) => ({ id: `b${at}`, kind: 'paragraph', html: 'Words, '.repeat(200) });

test('a flood for one article leaves room for the others; what was accepted of it is there, once', async () => {
  const [flooded = '', ...others] = await Promise.all(many(21, started));
  const refused: Reply[] = [];
  const accepted: string[] = [];
  const add = async (id: string) => {
    const put = [{ id, kind: 'paragraph', html: 'More.' }];
    const reply = await desk.reporter.post('drafting', article(flooded, 'revise'), { base: 1, put });
    if (reply.status === 200) accepted.push(id);
    else refused.push(reply);
  };
  // Nobody gets through until all have come.
  await desk.admin.query('begin; select from drafting.head for update');
  const flood = many(1000, (at) => add(`flood${at}`));
  await until(() => Promise.resolve(refused.length >= 900));
  const through = Promise.all(others.map((id) => desk.reporter.post('drafting', article(id, 'submit'))));
  await pause(200);
  await desk.admin.query('rollback');
  expect((await through).map(({ status }) => status)).toEqual(others.map(() => 200));
  await Promise.all([...flood, ...many(1000, (at) => add(`again${at}`))]);
  for (const reply of refused)
    expect(told(reply)).toEqual({ status: 503, code: expect.stringMatching(/^(overloaded|unavailable)$/), again: '1' });
  const { body } = await desk.reporter.get('drafting', `/articles/${flooded}`);
  const there = (body.content as { blocks: { id: string }[] }).blocks.map(({ id }) => id);
  expect(there).toEqual(expect.arrayContaining(accepted));
  expect(new Set(there).size).toBe(there.length);
  expect(await desk.eventsOf('drafting', `article-${flooded}`)).toHaveLength(1 + there.length - story.blocks.length);
}, 90_000);

test('more at a time than fits are told to come again; each that does is done, once, and memory stays bounded', async () => {
  const slugline = 'crowd';
  const all = many(2000, () => crowd.persist('/articles', { ...story, fields: { ...story.fields, slugline } }));
  expect((await desk.reporter.get('drafting', '/health/live')).status).toBe(200);
  const answers = await Promise.all(all);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const ids = answers.map(({ body }) => `article-${String(body.id)}`).toSorted();
  const { rows } = await desk.admin.query<{ stream: string }>(
    `select stream from drafting.event where type = 'ArticleStarted' and payload::text like '%"slugline":"crowd"%'`,
  );
  expect(rows.map(({ stream }) => stream).toSorted()).toEqual(ids);
  expect(grown()).toBeLessThan(mostMegabytes);
}, 120_000);

test('ten thousand idle connections cost little, and nobody else notices them', async () => {
  // Clients keep theirs for four seconds.
  await pause(6000);
  const idle: Socket[] = [];
  const small = crowd.megabytes();
  // As browsers and balancers do: each has asked once, and keeps its connection.
  while (idle.length < 10_000) idle.push(...(await Promise.all(many(250, () => crowd.open(live)))));
  while (idle.some(({ bytesRead, destroyed }) => bytesRead === 0 && !destroyed)) await pause(100);
  expect(crowd.megabytes() - small).toBeLessThan(mostMegabytes);
  for (const _ of many(20, () => 0)) await started();
  // A busy machine may lose one of so many.
  expect(idle.filter(({ destroyed }) => destroyed).length).toBeLessThan(10);
  for (const socket of idle) socket.destroy();
}, 120_000);
const live = requestOf('GET /health/live');

test('a database that takes no more connections is said to be away, and missed no longer than it is', async () => {
  const { rows } = await desk.admin.query<{ name: string }>('select quote_ident(current_database()) as name');
  const limit = (most: number) => desk.admin.query(`alter database ${rows[0]?.name ?? ''} connection limit ${most}`);
  await limit(0);
  await desk.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'stet_drafting' and datname = current_database()`,
  );
  const reply = await desk.reporter.post('drafting', '/articles', story);
  await limit(-1);
  expect(told(reply)).toEqual({ status: 503, code: 'unavailable', again: '1' });
  expect((await crowd.persist('/articles', story)).status).toBe(201);
});

test('whoever is slow is cut off, having been told, and nobody has noticed', async () => {
  // Whoever is still writing when it is cut off may lose the answer with the connection.
  for (const { what, heard } of ended)
    expect([what, await heard]).toEqual([
      what,
      expect.stringMatching(what.includes('byte by byte') ? /^(?:$|HTTP\/1.1 408)/ : /^HTTP\/1.1 408/),
    ]);
  // Who asked for many answers at a time and read none was sent a part of them; now that it listens, no more come.
  expect((await crowd.heard(deaf.resume())).split('HTTP/1.1 200').length).toBeLessThan(asked);
  expect(grown()).toBeLessThan(mostMegabytes);
}, 90_000);
