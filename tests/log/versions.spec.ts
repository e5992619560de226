import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Expected } from '#event-store';
import { openLog, outcome, type TestLog } from './log.ts';
import { fresh, order, tally } from './tally.ts';

describe.each([1, 3])('fifty that race for one stream, in a log of %i shards', (shards) => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterAll(() => log.close());

  const race = (id: string, expected: Expected, type: 'open' | 'add') =>
    Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        const by = at % 2 ? log.store : log.other;
        const asked =
          type === 'open' ? order(id, type, { id }, { expected }) : order(id, type, { by: 1 }, { expected });
        return outcome(by.execute(tally, asked));
      }),
    );
  const count = (outcomes: unknown[], wanted: unknown) => outcomes.filter((one) => one === wanted).length;

  test.each<Expected>(['any', 'exists'])('all get in when they expect %s version', async (expected) => {
    const id = await log.begin();
    expect(count(await race(id, expected, 'add'), 'accepted')).toBe(50);
    expect(await log.store.load(tally, id)).toMatchObject({ version: 51, state: { sum: 50 } });
  });

  test('one gets in when they expect a number', async () => {
    const id = await log.begin();
    const outcomes = await race(id, 1, 'add');
    expect([count(outcomes, 'accepted'), count(outcomes, 'version-conflict')]).toEqual([1, 49]);
    expect(await log.store.load(tally, id)).toMatchObject({ version: 2, state: { sum: 1 } });
  });

  test('one begins it when they expect none, and afterwards nobody', async () => {
    const id = fresh();
    const outcomes = await race(id, 'none', 'open');
    expect([count(outcomes, 'accepted'), count(outcomes, 'version-conflict')]).toEqual([1, 49]);
    expect((await log.store.load(tally, id)).version).toBe(1);
    expect(count(await race(id, 'none', 'add'), 'version-conflict')).toBe(50);
  });

  test('nobody gets in when they expect that there is one, and there is none', async () => {
    const id = fresh();
    expect(count(await race(id, 'exists', 'open'), 'version-conflict')).toBe(50);
    expect((await log.store.load(tally, id)).version).toBe(0);
  });

  test('a conflict says which version there is', async () => {
    const id = await log.begin();
    await expect(log.store.execute(tally, order(id, 'add', { by: 1 }, { expected: 7 }))).rejects.toMatchObject({
      code: 'version-conflict',
      details: { expected: 7, actual: 1 },
    });
  });

  // What a process remembers of a stream is decided on first.
  test('what another process has done since is seen', async () => {
    const id = await log.begin();
    await log.other.execute(tally, order(id, 'add', { by: 1 }));
    const added = await log.store.execute(tally, order(id, 'add', { by: 2 }, { expected: 2 }));
    expect(added).toMatchObject({ version: 3, replayed: false });
    await log.other.execute(tally, order(id, 'shut', {}));
    expect(await outcome(log.store.execute(tally, order(id, 'add', { by: 3 })))).toBe('not-allowed-now');
    expect(await log.store.load(tally, id)).toMatchObject({ version: 4, state: { sum: 3, status: 'shut' } });
  });
});
