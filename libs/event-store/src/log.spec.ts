import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Actor, type Command, decider, Rejection } from '#decider';
import { createTestDatabase, type TestDatabase } from '#testing';
import { type Aggregate, commandId, derivedId, EventStore, type Expected, type Order, Overloaded } from './index.ts';

interface Tally {
  status: 'none' | 'open' | 'shut';
  id: string;
  sum: number;
}
type Open = Command & { type: 'open'; data: { id: string } };
type Add = Command & { type: 'add'; data: { by: number; note?: string } };
type Shut = Command & { type: 'shut'; data: object };
type TallyEvent =
  | { type: 'Opened'; data: { id: string } }
  | { type: 'Added'; data: { by: number; note: string } }
  | { type: 'WasShut'; data: object };

const tally: Aggregate<Tally, Open | Add | Shut, TallyEvent> = {
  category: 'tally',
  decider: decider<Tally, Open | Add | Shut, TallyEvent>(
    { status: 'none', id: '', sum: 0 },
    {
      open: { from: ['none'], by: ['clerk'], decide: ({ data }) => [{ type: 'Opened', data }] },
      add: {
        from: ['open'],
        by: ['clerk'],
        decide: ({ data: { by, note = '' } }) => (by === 0 ? [] : [{ type: 'Added', data: { by, note } }]),
      },
      shut: { from: ['open'], by: ['clerk'], decide: () => [{ type: 'WasShut', data: {} }] },
    },
    {
      Opened: (state, { id }) => ({ ...state, status: 'open', id }),
      Added: (state, { by }) => ({ ...state, sum: state.sum + by }),
      WasShut: (state) => ({ ...state, status: 'shut' }),
    },
  ),
  partitionKey: ({ id }) => id,
  announce: () => ({ internal: 'payload' }),
  versionOf: () => 1,
};
const clerk: Actor = { id: 'c', name: 'Clerk', roles: ['clerk'], desks: [] };
let counted = 0;
const fresh = () => commandId('test', String(counted++));
type Sent = { [T in 'open' | 'add' | 'shut']: Extract<Open | Add | Shut, { type: T }>['data'] };
function order<T extends keyof Sent>(id: string, type: T, data: Sent[T], more: Partial<Order<Open | Add | Shut>> = {}) {
  const command = { type, data, actor: clerk } as Order<Open | Add | Shut>['command'];
  return { id, command, commandId: fresh(), trace: { correlationId: 'test' }, ...more };
}
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Rejection ? error.code : error),
  );

describe.each([1, 3])('a log of %i shards', (shards) => {
  let database: TestDatabase;
  let store: EventStore;
  let other: EventStore;
  let admin: pg.Client;
  const open = () => EventStore.open({ connectionString: database.urls.drafting, service: 'drafting' });
  const begin = async (name: string) => {
    const id = derivedId(commandId(String(shards)), name);
    await store.execute(tally, order(id, 'open', { id }));
    return id;
  };
  const everything = async () =>
    (await Promise.all(Array.from({ length: shards }, (_, shard) => store.readShard(shard, 0n, 100_000)))).flat();

  beforeAll(async () => {
    database = await createTestDatabase({ shards });
    [store, other] = await Promise.all([open(), open()]);
    admin = new pg.Client({ connectionString: database.adminUrl, options: '-c search_path=drafting' });
    await admin.connect();
  });
  afterAll(async () => {
    await Promise.all([store.close(), other.close(), admin.end()]);
    await database.drop();
  });

  test('positions have no holes, and a reader that follows them misses nothing while two processes write', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, at) => begin(`followed ${at}`)));
    const seen: string[][] = [];
    let writing = true;
    const follow = async (shard: number) => {
      let after = 0n;
      for (let last = false; ; last = !writing) {
        const rows = await other.readShard(shard, after, 50);
        for (const row of rows) {
          expect(row.position).toBe(after + 1n);
          after = row.position;
          seen.push([row.stream, String(row.version)]);
        }
        if (rows.length === 0 && last) return;
      }
    };
    const readers = Array.from({ length: shards }, (_, shard) => follow(shard));
    const writers = ids.flatMap((id) =>
      [store, other].flatMap((by) => Array.from({ length: 5 }, () => by.execute(tally, order(id, 'add', { by: 1 })))),
    );
    await Promise.all(writers);
    writing = false;
    await Promise.all(readers);
    expect(seen).toHaveLength((await everything()).length);
  });

  test.each<[Expected, number, string]>([
    ['any', 50, 'accepted'],
    ['exists', 50, 'accepted'],
    [1, 1, 'version-conflict'],
    ['none', 0, 'version-conflict'],
  ])('expected version %s lets %i of 50 racing writers in', async (expected, accepted, code) => {
    const id = await begin(`raced ${expected}`);
    const results = await Promise.all(
      Array.from({ length: 25 }, () => [store, other])
        .flat()
        .map((by) => codeOf(by.execute(tally, order(id, 'add', { by: 1 }, { expected })))),
    );
    expect(results.filter((result) => result === 'accepted')).toHaveLength(accepted);
    expect(results.filter((result) => result !== 'accepted').every((result) => result === code)).toBe(true);
    expect((await store.load(tally, id)).state.sum).toBe(accepted);
  });

  test('none lets exactly one of 50 begin a stream', async () => {
    const id = derivedId(commandId(String(shards)), 'begun');
    const racing = Array.from({ length: 50 }, (_, at) =>
      codeOf(
        [store, other][at % 2]?.execute(tally, order(id, 'open', { id }, { expected: 'none' })) ??
          Promise.reject(new Error()),
      ),
    );
    const results = await Promise.all(racing);
    expect(results.filter((result) => result === 'accepted')).toHaveLength(1);
    expect((await store.load(tally, id)).version).toBe(1);
  });

  test('a repeat answers the same and writes nothing: at once, elsewhere, after a restart, and when it could no longer be accepted', async () => {
    const id = await begin('repeated');
    const asked = order(id, 'add', { by: 5 }, { fingerprint: 'a' });
    const answers = await Promise.all([store, store, other, other].map((by) => by.execute(tally, asked)));
    const first = answers.find((answer) => !answer.replayed);
    await store.execute(tally, order(id, 'shut', {}));
    const again = await open();
    answers.push(await again.execute(tally, asked));
    await again.close();
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    for (const answer of answers) expect({ ...answer, replayed: false }).toEqual(first);
    expect((await store.load(tally, id)).state.sum).toBe(5);
  });

  test('a harmless repeat is remembered though it wrote nothing', async () => {
    const id = await begin('harmless');
    const asked = order(id, 'add', { by: 0 }, { fingerprint: 'a' });
    const first = await store.execute(tally, asked);
    await store.execute(tally, order(id, 'shut', {}));
    expect(await other.execute(tally, asked)).toEqual({ ...first, replayed: true });
  });

  test('the same id for another request is refused', async () => {
    const id = await begin('mismatched');
    const asked = order(id, 'add', { by: 5 }, { fingerprint: 'a' });
    await store.execute(tally, asked);
    expect(await codeOf(other.execute(tally, { ...asked, fingerprint: 'b' }))).toBe('idempotency-mismatch');
  });

  test('batches of two processes that touch the same ids and shards in opposite orders all end', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => begin(`opposed ${at}`)));
    const asked = ids.map((id) => order(id, 'add', { by: 1 }));
    for (let round = 0; round < 5; round++)
      await Promise.all([
        ...asked.map((one) => store.execute(tally, one)),
        ...asked.toReversed().map((one) => other.execute(tally, one)),
      ]);
    for (const id of ids) expect((await store.load(tally, id)).state.sum).toBe(1);
  });

  test('one command among fifty that cannot be stored fails by itself and leaves no hole', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, (_, at) => begin(`fifty ${at}`)));
    const results = await Promise.all(
      ids.map((id, at) => codeOf(store.execute(tally, order(id, 'add', { by: 1, note: at === 25 ? 'a\u0000b' : '' })))),
    );
    expect(results.filter((result) => result === 'accepted')).toHaveLength(49);
    expect(results[25]).toBe('unstorable-text');
    expect(await store.verify()).toEqual({ ok: true });
  });

  test('connections killed in the middle of appends lose nothing that was accepted and double nothing', async () => {
    const id = await begin('killed');
    const writing = Array.from({ length: 40 }, () => codeOf(store.execute(tally, order(id, 'add', { by: 1 }))));
    for (let kills = 0; kills < 5; kills++)
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'stet_drafting' and datname = current_database()",
      );
    const results = await Promise.all(writing);
    const accepted = results.filter((result) => result === 'accepted').length;
    expect((await other.load(tally, id).catch(() => other.load(tally, id))).state.sum).toBe(accepted);
    expect(await store.verify()).toEqual({ ok: true });
  });

  test('the role of the service can neither change nor remove an event, and the trigger refuses even the owner', async () => {
    const client = new pg.Client({ connectionString: database.urls.drafting, options: '-c search_path=drafting' });
    await client.connect();
    for (const sql of [
      'update event set stream = stream',
      'delete from event',
      'truncate event',
      'insert into event select * from event limit 1',
    ])
      await expect(client.query(sql)).rejects.toThrow('permission denied');
    await client.end();
    for (const sql of ['update event set stream = stream', 'delete from event', 'truncate event'])
      await expect(admin.query(sql)).rejects.toThrow('append-only');
  });

  test('more than the queue holds is refused at once, with nothing of it done', async () => {
    const id = await begin('crowded');
    const narrow = await EventStore.open({
      connectionString: database.urls.drafting,
      service: 'drafting',
      queueLimit: 10,
    });
    const asked = Array.from({ length: 30 }, () => narrow.execute(tally, order(id, 'add', { by: 1 })));
    const results = await Promise.allSettled(asked);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(20);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(Overloaded);
    expect((await store.load(tally, id)).state.sum).toBe(10);
    await narrow.close();
  });

  test('recorded times never go back within a shard', async () => {
    for (let shard = 0; shard < shards; shard++) {
      const times = (await store.readShard(shard, 0n, 100_000)).map(({ recordedAt }) => recordedAt);
      expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
    }
  });

  test('a changed row is found by its chain; a cut tail only by its anchor', async () => {
    const id = await begin('tampered');
    await store.execute(tally, order(id, 'add', { by: 1 }));
    const anchors = await store.heads();
    const rows = (await everything()).filter(({ stream }) => stream === `tally-${id}`);
    const [victim] = rows.slice(-1);
    if (!victim) throw new Error('nothing to tamper with');
    const at = [victim.shard, String(victim.position)];
    await admin.query('alter table event disable trigger append_only');
    await admin.query(`update event set payload = '{"by":2,"note":""}' where shard = $1 and position = $2`, at);
    expect(await store.verify()).toMatchObject({ ok: false, shard: victim.shard, position: victim.position });
    await admin.query('delete from event where shard = $1 and position = $2', at);
    await admin.query(
      `update head set (position, hash) = (select position, hash from event e where e.shard = $1 order by position desc limit 1) where shard = $1`,
      [victim.shard],
    );
    expect(await store.verify()).toEqual({ ok: true });
    expect(await store.verify(anchors)).toMatchObject({
      ok: false,
      shard: victim.shard,
      why: 'the log ends before its anchor',
    });
  });
});
