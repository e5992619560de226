import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendByHand } from './by-hand.ts';
import { openLog, type TestLog } from './log.ts';
import { order, tally } from './tally.ts';

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
    await appendByHand(hanging, slow);
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
    await appendByHand(client, id);
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
