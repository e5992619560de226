import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openLog, type TestLog } from './log.ts';
import { fresh, order, tally } from './tally.ts';

describe.each([1, 3])('positions in a log of %i shards', (shards) => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterAll(() => log.close());

  test('have no holes, and a reader that follows them misses nothing while two processes write', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => log.begin()));
    const seen: string[] = [];
    let writing = true;
    const follow = async (shard: number) => {
      let after = 0n;
      for (let last = false; ; last = !writing) {
        const rows = await log.other.readShard(shard, after, 50);
        for (const row of rows) {
          expect(row.position).toBe(after + 1n);
          after = row.position;
          seen.push(row.id);
        }
        if (rows.length === 0 && last) return;
      }
    };
    const readers = Array.from({ length: shards }, (_, shard) => follow(shard));
    const writers = ids.flatMap((id) =>
      [log.store, log.other].flatMap((by) =>
        Array.from({ length: 5 }, () => by.execute(tally, order(id, 'add', { by: 1 }))),
      ),
    );
    await Promise.all(writers);
    writing = false;
    await Promise.all(readers);
    expect(seen.toSorted()).toEqual((await log.everything()).map(({ id }) => id).toSorted());
  });

  // The inversion: one transaction has taken its position and hangs, another comes after it and would be done first.
  test('are given in the order of the commits: nothing gets in front of one that is not done yet', async () => {
    const [slow, quick] = [await log.begin(0), await log.begin(0)];
    const last = (await log.store.readShard(0, 0n, 100_000)).at(-1)?.position ?? 0n;
    const hanging = await log.client();
    await hanging.query('begin');
    await appendIn(hanging, slow);
    const after = log.other.execute(tally, order(quick, 'add', { by: 1 }));
    await log.waiting(1);
    expect(await log.store.readShard(0, last, 10)).toEqual([]);
    await hanging.query('commit');
    await after;
    const read = await log.store.readShard(0, last, 10);
    expect(read.map(({ position, stream }) => [position, stream])).toEqual([
      [last + 1n, `tally-${slow}`],
      [last + 2n, `tally-${quick}`],
    ]);
    await hanging.end();
  });

  test('are used again when what took them was rolled back, and so are versions', async () => {
    const id = await log.begin(0);
    const last = (await log.store.readShard(0, 0n, 100_000)).at(-1)?.position ?? 0n;
    const client = await log.client();
    await client.query('begin');
    await appendIn(client, id);
    await client.query('rollback');
    await client.end();
    expect((await log.store.execute(tally, order(id, 'add', { by: 1 }))).version).toBe(2);
    expect((await log.store.readShard(0, last, 10)).map(({ position }) => position)).toEqual([last + 1n]);
    expect(await log.store.verify()).toEqual({ ok: true });
  });

  test('go with recorded times that never go back, whatever the clock does', async () => {
    const id = await log.begin(0);
    const ahead = (BigInt(Date.now()) + 3_600_000n) * 1000n;
    await log.admin.query('update head set recorded_at = $1 where shard = 0', [String(ahead)]);
    await log.store.execute(tally, order(id, 'add', { by: 1 }));
    for (let shard = 0; shard < shards; shard++) {
      const times = (await log.store.readShard(shard, 0n, 100_000)).map(({ recordedAt }) => recordedAt);
      expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
    }
    expect((await log.store.readShard(0, 0n, 100_000)).at(-1)?.recordedAt).toBe(ahead);
    expect((await log.other.load(tally, id)).now >= new Date(Number(ahead / 1000n)).toISOString().slice(0, -1)).toBe(
      true,
    );
  });
});

/** What a store sends, in a transaction that the test holds open. */
async function appendIn(client: pg.Client, id: string): Promise<void> {
  const commandId = fresh();
  const payload = '{"by":1,"note":""}';
  const command = { number: 1, id: commandId, stream: `tally-${id}`, shard: 0, expected: 1, status: 'open', events: 1 };
  const row = {
    ...{ ...command, metadata: {}, event_id: commandId, key: id, type: 'Added', schema_version: 1 },
    ...{ payload: JSON.parse(payload) as unknown, inner_hash: inner([`tally-${id}`, 'Added', '1', '{}', payload]) },
  };
  const { rows } = await client.query<{ outcome: string }>('select * from append($1)', [JSON.stringify([row])]);
  expect(rows.map(({ outcome }) => outcome)).toEqual(['ok']);
}

/** As the log documents it: SHA-256 over each part behind its length in four bytes. */
function inner(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    hash.update(length).update(part);
  }
  return hash.digest('hex');
}
