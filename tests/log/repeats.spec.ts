import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLog, outcome, type TestLog } from './log.ts';
import { fresh, order, tally } from './tally.ts';

describe.each([1, 3])('a command that comes again, in a log of %i shards', (shards) => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterAll(() => log.close());

  test('answers the same and writes nothing: at once, elsewhere, after a restart, and when it could no longer be accepted', async () => {
    const id = await log.begin();
    const asked = order(id, 'add', { by: 5 }, { fingerprint: 'a' });
    const answers = await Promise.all(
      [log.store, log.store, log.other, log.other].map((by) => by.execute(tally, asked)),
    );
    const first = answers.find((answer) => !answer.replayed);
    await log.store.execute(tally, order(id, 'shut', {}));
    const again = await log.open();
    answers.push(await again.execute(tally, asked));
    await again.close();
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    for (const answer of answers) expect({ ...answer, replayed: false }).toEqual(first);
    expect((await log.store.load(tally, id)).state.sum).toBe(5);
  });

  // The look finds a repeat as a rule; here both have looked before either appends, and the append itself has to find it.
  test('is found by the append as well, under its lock', async () => {
    const id = await log.begin(0);
    const asked = order(id, 'add', { by: 5 }, { fingerprint: 'a' });
    await log.admin.query('begin; select from head for update');
    const answers = [log.store, log.other].map((by) => by.execute(tally, asked));
    await log.waiting(2);
    await log.admin.query('commit');
    expect((await Promise.all(answers)).map(({ replayed }) => replayed).toSorted()).toEqual([false, true]);
    expect(await log.store.load(tally, id)).toMatchObject({ version: 2, state: { sum: 5 } });
  });

  test('is known when it had changed nothing, too', async () => {
    const id = await log.begin();
    const asked = order(id, 'add', { by: 0 }, { fingerprint: 'a' });
    const first = await log.store.execute(tally, asked);
    await log.store.execute(tally, order(id, 'shut', {}));
    expect(await log.other.execute(tally, asked)).toEqual({ ...first, replayed: true });
    expect(await log.store.load(tally, id)).toMatchObject({ version: 2 });
  });

  test('with something else in it is refused, also when it is for another stream of another shard at the same moment', async () => {
    const id = await log.begin();
    const asked = order(id, 'add', { by: 5 }, { fingerprint: 'a' });
    await log.store.execute(tally, asked);
    expect(await outcome(log.other.execute(tally, { ...asked, fingerprint: 'b' }))).toBe('idempotency-mismatch');
    for (let round = 0; round < 10; round++) {
      const [here, there] = [await log.begin(0), await log.begin(shards - 1)];
      const commandId = fresh();
      const outcomes = await Promise.all([
        outcome(log.store.execute(tally, order(here, 'add', { by: 0 }, { commandId, fingerprint: 'a' }))),
        outcome(log.other.execute(tally, order(there, 'add', { by: 1 }, { commandId, fingerprint: 'b' }))),
      ]);
      expect(outcomes.toSorted()).toEqual(['accepted', 'idempotency-mismatch']);
    }
  });

  test('was refused before: then it is decided anew', async () => {
    const id = fresh();
    const asked = order(id, 'add', { by: 1 }, { fingerprint: 'a' });
    expect(await outcome(log.store.execute(tally, asked))).toBe('not-found');
    await log.store.execute(tally, order(id, 'open', { id }));
    expect(await log.store.execute(tally, asked)).toMatchObject({ version: 2, replayed: false });
  });
});
