import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { EventStore, StoredEvent } from '#event-store';
import { appendByHand } from './by-hand.ts';
import { openLog, type TestLog } from './log.ts';
import { order, tally } from './tally.ts';

const kept = ['event', 'head', 'log'];

describe.each([1, 3])('a log of %i shards', (shards) => {
  let log: TestLog;
  /** All in one shard: positions 1 to 6. */
  let events: StoredEvent[];
  let store: EventStore;
  beforeAll(async () => {
    log = await openLog(shards);
    const id = await log.begin(shards - 1);
    for (let by = 1; by <= 5; by++) await log.store.execute(tally, order(id, 'add', { by }));
    events = await log.everything();
    for (const table of kept) await log.admin.query(`create table public.${table} as table ${table}`);
  });
  afterAll(() => log.close());
  beforeEach(async () => {
    store = await log.open();
  });
  // Each finds it as it was written.
  afterEach(async () => {
    await store.close();
    await tamper(
      ...kept.flatMap((table) => [`delete from ${table}`, `insert into ${table} select * from public.${table}`]),
    );
  });

  /** Somebody with the database in their hands. */
  const tamper = async (...statements: string[]) => {
    const trigger = (what: string) => `alter table event ${what} trigger append_only`;
    await log.admin.query(['begin', trigger('disable'), ...statements, trigger('enable'), 'commit'].join(';'));
  };
  /** The head as the rows that are left would have it. */
  const headOfRest = `update head set (position, hash) = (select position, hash from event e where e.shard = head.shard order by position desc limit 1)
    where position > 0`;
  const at = { shard: shards - 1 };

  test('is as it was written', async () => {
    expect(events.map(({ position }) => position)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
    expect(await store.verify(await store.heads())).toEqual({ ok: true });
  });

  test.each([
    ['another payload', `payload = '{"by":2,"note":"x"}'`],
    ['another spelling of the same payload', `payload = '{"by": 2, "note": ""}'`],
    ['another author', `metadata = '{}'`],
    ['another type', `type = 'WasShut'`],
    ['another schema version', 'schema_version = 2'],
    ['another time', 'recorded_at = recorded_at + 1'],
    ['another stream', `stream = 'tally-else'`],
    ['another id of the event', 'event_id = gen_random_uuid()'],
    ['another partition key', `key = 'else'`],
    ['another command', 'command_id = gen_random_uuid()'],
    ['another fingerprint of the command', `fingerprint = 'else'`],
    ['another answer to a repeat of the command', `status = 'shut'`],
    ['another number of events of the command', 'events = 2'],
    ['another type for the other services', `internal_type = 'WasShut'`],
    ['another version for them', 'internal_version = 2'],
    ['another text for them', `internal_payload = '{"by":3}'`],
    ['another type for the feed', `public_type = 'Added'`],
    ['another version for it', 'public_version = 1'],
    ['another text for it', `public_payload = '{"by":2}'`],
  ])('shows %s in a row', async (_what, change) => {
    await tamper(`update event set ${change} where position = 3`);
    expect(await store.verify()).toMatchObject({
      ok: false,
      ...at,
      position: 3n,
      why: 'the row is not what was recorded',
    });
  });

  test('shows a row that is gone, and rows that were exchanged', async () => {
    await tamper('delete from event where position = 4');
    expect(await store.verify()).toMatchObject({ ok: false, ...at, position: 4n, why: 'a position is missing' });
    await tamper('update event set position = 4 where position = 5');
    expect(await store.verify()).toMatchObject({
      ok: false,
      ...at,
      position: 4n,
      why: 'the row is not what was recorded',
    });
  });

  test('shows by an anchor that its tail was cut, which its chain cannot', async () => {
    const anchors = await store.heads();
    await tamper('delete from event where position > 4', headOfRest);
    expect(await store.verify()).toEqual({ ok: true });
    expect(await store.verify(anchors)).toEqual({
      ok: false,
      ...at,
      position: 4n,
      why: 'the log ends before its anchor',
    });
  });

  test('shows by an anchor that it was written anew from somewhere on, which its chain cannot', async () => {
    const anchors = await store.heads();
    await tamper('delete from event where position > 4', headOfRest);
    const forger = await log.open();
    const id = events[0]?.stream.replace('tally-', '') ?? '';
    for (const by of [40, 50, 60]) await forger.execute(tally, order(id, 'add', { by }));
    expect(await forger.verify()).toEqual({ ok: true });
    expect(await forger.verify(anchors)).toEqual({
      ...{ ok: false, ...at, position: 6n, why: 'the history is not the one that was anchored' },
    });
    await forger.close();
  });

  test('shows by an anchor that it was written anew up to the same position', async () => {
    const anchors = await store.heads();
    await tamper('delete from event where position > 4', headOfRest);
    const forger = await log.open();
    const id = events[0]?.stream.replace('tally-', '') ?? '';
    for (const by of [40, 50]) await forger.execute(tally, order(id, 'add', { by }));
    expect(await forger.verify(anchors)).toMatchObject({
      position: 6n,
      why: 'the history is not the one that was anchored',
    });
    await forger.close();
  });

  test('shows a row that was put in, in the middle and behind the head', async () => {
    const columns = 'stream, version, key, type, schema_version, payload, metadata, recorded_at, hash';
    const copy = (
      at: number,
    ) => `insert into event (shard, position, event_id, internal_previous, public_previous, ${columns})
      select shard, ${at}, gen_random_uuid(), 0, 0, stream, 7, key, type, schema_version, payload, metadata, recorded_at, hash
        from event where position = 3`;
    await tamper(copy(7));
    expect(await store.verify()).toMatchObject({
      ok: false,
      ...at,
      position: 7n,
      why: 'the row comes after the head',
    });
    await tamper(
      'delete from event where position = 7',
      'update event set position = position + 10 where position > 3',
      copy(4),
    );
    await tamper(
      'update event set position = position - 9 where position > 10',
      'update head set position = 7 where position > 0',
    );
    expect(await store.verify()).toMatchObject({
      ...{ ok: false, ...at, position: 4n, why: 'the row is not what was recorded' },
    });
  });

  test.each([
    ['nothing', undefined, undefined],
    ['an event that came since', `update event set payload = '{"by":9}' where position = 8`, 8n],
    ['one that is missing', 'delete from event where position = 7', 7n],
    ['the one that stood last', `update event set hash = sha256('x') where position = 6`, 6n],
    ['an end that was cut off, with its head', `delete from event where position > 7; ${headOfRest}`, undefined],
    ['an end that was cut off from what was seen', `delete from event where position > 5; ${headOfRest}`, 6n],
    ['an end that was cut off alone', 'delete from event where position > 7', 8n],
  ])('is watched as it grows: %s', async (_what, change, position) => {
    const watch = store.watchChain();
    expect(await watch.look()).toEqual([]);
    const id = events[0]?.stream.replace('tally-', '') ?? '';
    for (const by of [6, 7]) await store.execute(tally, order(id, 'add', { by }));
    if (change !== undefined) await tamper(change);
    const found = position === undefined ? [] : [{ ...at, position }];
    expect(await watch.look()).toEqual(found);
    expect([...watch.brokenAt.values()]).toEqual(found.map((one) => one.position));
    expect(await watch.look()).toEqual([]);
  });

  test('shows a shard that was removed with its head', async () => {
    const gone = { ok: false, ...at, position: 0n, why: 'the shard has no head' };
    await tamper('delete from event', 'delete from head where position > 0');
    expect(await store.verify()).toEqual(gone);
  });

  test('shows a head that is not that of its rows', async () => {
    await tamper(`update head set hash = sha256('') where position > 0`);
    expect(await store.verify()).toMatchObject({ ok: false, ...at, why: 'the head is not that of the last row' });
  });

  test('holds where its rows were written by an earlier Stet, and shows what was changed of what they covered', async () => {
    const id = await log.begin(0);
    await appendByHand(await log.client(), id);
    const [added] = (await store.readShard(0, 0n, 100)).slice(-1);
    await store.execute(tally, order(id, 'add', { by: 5 }));
    expect(await store.verify()).toEqual({ ok: true });
    await tamper(`update event set payload = '{"by":9}' where shard = 0 and position = ${added?.position ?? 0n}`);
    expect(await store.verify()).toMatchObject({ ok: false, shard: 0, position: added?.position });
  });

  test('goes by the id under which the chain was begun: an import gives a log another one', async () => {
    const anchors = await store.heads();
    await log.admin.query('update log set id = gen_random_uuid()');
    const imported = await log.open();
    expect(imported.logId).not.toBe(store.logId);
    expect(await imported.verify(anchors)).toEqual({ ok: true });
    await imported.close();
  });

  test('shows by an anchor that it is another log altogether', async () => {
    const anchors = await store.heads();
    await log.admin.query('update log set origin = gen_random_uuid()');
    const forger = await log.open();
    expect(await forger.verify(anchors)).toMatchObject({ ok: false, why: 'the anchors are those of another log' });
    await forger.close();
  });

  test('cannot be changed by the role of its service, and the trigger refuses even its owner', async () => {
    const client = await log.client();
    for (const sql of [
      'update event set stream = stream',
      'delete from event',
      'truncate event',
      'insert into event select * from event limit 1',
      'update head set position = 0',
      'delete from repeat',
      'alter table event disable trigger append_only',
      'drop function append',
    ])
      await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/);
    await client.end();
    const owner = new pg.Client({ connectionString: log.adminUrl, options: '-c search_path=drafting' });
    await owner.connect();
    for (const sql of ['update event set stream = stream', 'delete from event', 'truncate event'])
      await expect(owner.query(sql)).rejects.toThrow('append-only');
    await owner.end();
  });
});
