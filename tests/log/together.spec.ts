import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Aggregate, Overloaded } from '#event-store';
import { openLog, outcome, type TestLog } from './log.ts';
import { fresh, order, tally, type Tally, type TallyCommand, type TallyEvent } from './tally.ts';

describe.each([1, 3])('commands that go together, in a log of %i shards', (shards) => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterAll(() => log.close());
  const begun = (many: number) => Promise.all(Array.from({ length: many }, () => log.begin()));

  test('a text that cannot be stored is refused by itself', async () => {
    const ids = await begun(50);
    const outcomes = await Promise.all(
      ids.map((id, at) =>
        outcome(log.store.execute(tally, order(id, 'add', { by: 1, note: at === 25 ? 'a\0b' : '' }))),
      ),
    );
    expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(49);
    expect(outcomes[25]).toBe('unstorable-text');
  });

  // A call that raises is rolled back whole; the others of it must not pay for the one.
  test('one that makes the call raise fails alone, and leaves no hole', async () => {
    const ids = await begun(50);
    const cursed: Aggregate<Tally, TallyCommand, TallyEvent> = {
      ...tally,
      announce: () => ({ internal: { type: 'no\0type', version: 1, data: {} } }),
    };
    const attempts = ids.map((id, at) =>
      outcome(log.store.execute(at === 25 ? cursed : tally, order(id, 'add', { by: 1 }))),
    );
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(49);
    expect(outcomes[25]).toBeInstanceOf(Error);
    expect(await log.store.verify()).toEqual({ ok: true });
    expect((await log.store.load(tally, ids[25] ?? '')).version).toBe(1);
  });

  test('one whose id cannot be looked up fails alone', async () => {
    const ids = await begun(20);
    const attempts = ids.map((id, at) =>
      outcome(log.store.execute(tally, order(id, 'add', { by: 1 }, at === 7 ? { commandId: 'no uuid' } : {}))),
    );
    expect((await Promise.all(attempts)).filter((one) => one === 'accepted')).toHaveLength(19);
  });

  test('two processes that append the same ids to the same shards in opposite orders never wait for each other in a ring', async () => {
    const [here, there] = await Promise.all([log.client(), log.client()]);
    for (let round = 0; round < 40; round++) {
      const commands = Array.from({ length: 30 }, (_, at) => ({ id: fresh(), stream: fresh(), shard: at % shards }));
      const call = (client: typeof here, them: typeof commands) =>
        client.query<{ outcome: string }>('select * from append($1)', [
          JSON.stringify(them.map((one, at) => ({ ...one, number: at + 1, expected: 0, status: 'open', events: 0 }))),
        ]);
      const answers = await Promise.all([call(here, commands), call(there, commands.toReversed())]);
      const outcomes = answers.map(({ rows }) => [...new Set(rows.map((row) => row.outcome))].join());
      expect(outcomes.toSorted()).toEqual(['ok', 'replay']);
    }
    await Promise.all([here.end(), there.end()]);
  });

  // Longer answers would fill the socket of a client that has stopped, before the commit, with the heads locked.
  test('are answered in less than 8 kB', async () => {
    const commands = Array.from({ length: 50 }, (_, at) => ({
      number: at + 1,
      id: fresh(),
      stream: fresh(),
      shard: at % shards,
    }));
    const status = 'a-state-with-the-longest-name-of-all';
    const { rows } = await log.admin.query<{ length: number }>(
      'select sum(octet_length(a::text) + 50)::int as length from append($1) a',
      [JSON.stringify(commands.map((one) => ({ ...one, expected: 0, status, events: 0 })))],
    );
    expect(rows[0]?.length).toBeLessThan(8192);
  });

  test('more than the queue holds are refused at once, with nothing of them done', async () => {
    const id = await log.begin();
    const narrow = await log.open({ queueLimit: 10 });
    const attempts = await Promise.all(
      Array.from({ length: 30 }, () => outcome(narrow.execute(tally, order(id, 'add', { by: 1 })))),
    );
    expect(attempts.filter((one) => one instanceof Overloaded)).toHaveLength(20);
    expect((await log.store.load(tally, id)).state.sum).toBe(10);
    expect(narrow.queueDepth).toBe(0);
    expect(await outcome(narrow.execute(tally, order(id, 'add', { by: 1 })))).toBe('accepted');
    await narrow.close();
  });

  test('a stream that is flooded leaves room for the others', async () => {
    const [flooded = '', ...others] = await begun(6);
    const narrow = await log.open({ queueLimit: 40, streamLimit: 30 });
    const add = (id: string) => outcome(narrow.execute(tally, order(id, 'add', { by: 1 })));
    const flood = Promise.all(Array.from({ length: 200 }, () => add(flooded)));
    expect(await Promise.all(others.map(add))).toEqual(others.map(() => 'accepted'));
    const accepted = (await flood).filter((one) => one === 'accepted').length;
    expect(accepted).toBe(30);
    expect((await log.store.load(tally, flooded)).state.sum).toBe(accepted);
    await narrow.close();
  });

  test('a state that is kept in memory is never older than the log', async () => {
    const id = await log.begin();
    for (let round = 1; round <= 20; round++) {
      const by = round % 2 ? log.store : log.other;
      await by.execute(tally, order(id, 'add', { by: 1 }));
      expect((await (round % 2 ? log.other : log.store).load(tally, id)).state.sum).toBe(round);
    }
    await log.store.execute(tally, order(id, 'shut', {}));
    expect(await outcome(log.other.execute(tally, order(id, 'add', { by: 1 })))).toBe('not-allowed-now');
  });
});
