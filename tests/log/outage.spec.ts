import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isTransient } from '#event-store';
import { openLog, outcome, type TestLog } from './log.ts';
import { order, tally } from './tally.ts';

let log: TestLog;
beforeAll(async () => {
  log = await openLog(3);
});
afterAll(() => log.close());

/** A way to the database that can be cut, as a restart of the database cuts it: what is open breaks, what is new is refused. */
async function cuttable(address: string) {
  const target = new URL(address);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, two] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one.on('error', () => two.destroy()).on('close', () => two.destroy()));
      one.pipe(two);
    }
  });
  const listen = async (port: number) => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return (server.address() as { port: number }).port;
  };
  const port = await listen(0);
  const cut = () => {
    server.close();
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const url = new URL(address);
  url.host = `127.0.0.1:${port}`;
  return { url: url.href, cut, mend: () => listen(port) };
}

test('a database that restarts in the middle costs commands a moment: each is done, and once', async () => {
  const way = await cuttable(log.url);
  const store = await log.open({ connectionString: way.url });
  const ids = await Promise.all(Array.from({ length: 20 }, () => log.begin()));
  const writing = ids.flatMap((id) => [1, 2, 3].map(() => outcome(store.execute(tally, order(id, 'add', { by: 1 })))));
  await pause(20);
  for (let cuts = 0; cuts < 3; cuts++) {
    way.cut();
    await pause(100);
    await way.mend();
    await pause(20);
  }
  expect(new Set(await Promise.all(writing))).toEqual(new Set(['accepted']));
  for (const id of ids) expect(await log.other.load(tally, id)).toMatchObject({ version: 4, state: { sum: 3 } });
  expect(await log.other.verify()).toEqual({ ok: true });
  await store.close();
  way.cut();
});

test('one that does not come back is said to be away, and nothing of the command was done', async () => {
  const way = await cuttable(log.url);
  const store = await log.open({ connectionString: way.url });
  const id = await log.begin();
  way.cut();
  const said = await outcome(store.execute(tally, order(id, 'add', { by: 1 })));
  expect(isTransient(said)).toBe(true);
  expect((await log.other.load(tally, id)).version).toBe(1);
  await store.close();
});

test('back ends that are ended in the middle of appends lose nothing that was accepted and double nothing', async () => {
  const id = await log.begin();
  const writing = Array.from({ length: 40 }, () => outcome(log.store.execute(tally, order(id, 'add', { by: 1 }))));
  for (let kills = 0; kills < 5; kills++)
    await log.admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'stet_drafting' and datname = current_database()",
    );
  expect(new Set(await Promise.all(writing))).toEqual(new Set(['accepted']));
  expect(await log.store.load(tally, id)).toMatchObject({ version: 41, state: { sum: 40 } });
  expect(await log.store.verify()).toEqual({ ok: true });
});

// Long enough that a second try would be past all patience; of a stream that is remembered, a first try was one more than that once.
test('a lock that is never given back ends a command after a while, tried once and undone; and the next goes on', async () => {
  const store = await log.open({ statementTimeout: 6000 });
  const id = await log.begin();
  await store.execute(tally, order(id, 'add', { by: 1 }));
  await log.admin.query('begin; select from head for update');
  const tries = new Set<string>();
  const saying = outcome(store.execute(tally, order(id, 'add', { by: 1 })));
  for (let ended = false; !ended; ended = await Promise.race([saying.then(() => true), pause(100, false)])) {
    await log.admin.query('select pg_stat_clear_snapshot()');
    const { rows } = await log.admin.query<{ since: string }>(
      `select query_start::text as since from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    for (const { since } of rows) tries.add(since);
  }
  const said = await saying;
  expect(tries.size).toBe(1);
  await log.admin.query('rollback');
  expect(isTransient(said)).toBe(true);
  expect((await log.other.load(tally, id)).version).toBe(2);
  expect((await store.execute(tally, order(id, 'add', { by: 1 }))).version).toBe(3);
  await store.close();
});

test('nobody waits for ever behind what waits for a database: all are told, and what was not begun is not done', async () => {
  const store = await log.open({ answerWithin: 300 });
  const [id = '', ...ids] = await Promise.all(Array.from({ length: 200 }, () => log.begin()));
  await log.admin.query('begin; select from head for update');
  const began = performance.now();
  const add = (one: string) => outcome(store.execute(tally, order(one, 'add', { by: 1 })));
  const said = await Promise.all([...ids, id, id, id].map(add));
  // One statement alone may take ten seconds, and there are several behind each other.
  expect(performance.now() - began).toBeLessThan(8000);
  await log.admin.query('rollback');
  expect(said.filter((one) => !isTransient(one))).toEqual([]);
  await store.close();
  expect((await log.other.load(tally, id)).version).toBeLessThanOrEqual(2);
});
