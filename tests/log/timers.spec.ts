import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { commandId, type EventStore, startTimers, timed, timerRole } from '#event-store';
import { alarm, type AlarmCommand } from './alarm.ts';
import { openLog, outcome, type TestLog } from './log.ts';
import { fresh } from './tally.ts';

const person = { id: 'c', name: 'Clerk', roles: ['clerk'], desks: [] };
const timer = { ...person, id: 'timer', roles: [timerRole] };

describe.each([1, 3])('timers, in a log of %i shards', (shards) => {
  let log: TestLog;
  let running: ReturnType<typeof startTimers>[] = [];
  const failures: object[] = [];
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
    expect(failures.splice(0)).toEqual([]);
  });
  afterAll(() => log.close());

  const start = (store: EventStore = log.store, leaseMs = 10_000) => {
    const told = { log: (text: string, details: object) => failures.push({ text, ...details }) };
    const one = startTimers({ store, aggregates: [timed(alarm)], leaseMs, ...told });
    running.push(one);
    return one;
  };
  const send = (id: string, command: Pick<AlarmCommand, 'type' | 'data'>, store = log.store, as = fresh()) =>
    store.execute(alarm, {
      ...{ id, commandId: as, trace: { correlationId: 'test' } },
      command: { ...command, actor: command.type === 'ring' ? timer : person },
    });
  /** Seconds from now, by the database's clock. */
  const inSeconds = async (seconds: number) => {
    const { now } = await log.store.load(alarm, 'nobody');
    return new Date(Date.parse(now) + 1000 * seconds).toISOString();
  };
  const set = async (seconds: number, id = fresh()) => {
    await send(id, { type: 'set', data: { id, at: await inSeconds(seconds) } });
    return id;
  };
  const eventsOf = async (id: string) => (await log.everything()).filter(({ stream }) => stream === `alarm-${id}`);
  const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type);
  const rang = async (...ids: string[]) => {
    for (;;) {
      const states = await Promise.all(ids.map((id) => log.store.load(alarm, id)));
      if (states.every(({ state }) => state.status === 'quiet')) return;
      await pause(10);
    }
  };
  /** A leader that read what is due, and stops before it fires: dead, or a zombie. */
  async function readBy(holder: string, leaseMs: number) {
    const epoch = (await log.other.timers.acquireLease(holder, leaseMs)) ?? -1n;
    return { epoch, due: await log.other.timers.due(epoch, 100) };
  }
  const timerId = (id: string, epoch: string) => commandId('timer', `alarm-${id}`, 'ring', epoch);

  test('one fires at its time: never early, once, and its row is gone with its event', async () => {
    start();
    const id = await set(0.3);
    expect(await log.store.timers.standing()).toMatchObject({ waiting: 1, overdue: 0 });
    await rang(id);
    const [, ring] = await eventsOf(id);
    const { at, now } = ring?.data as { at: string; now: string };
    expect(now >= at).toBe(true);
    expect(await typesOf(id)).toEqual(['AlarmSet', 'AlarmRang']);
    expect(await log.store.timers.standing()).toEqual({ waiting: 0, overdue: 0, seconds: 0 });
  });

  test('one that is set to an earlier time wakes who sleeps until a later', async () => {
    start(log.store, 3_600_000);
    await rang(await set(-1));
    const later = await set(3600);
    await rang(await set(0.2));
    await send(later, { type: 'cancel', data: {} });
  });

  test('a backlog fires in due order, and says how late it is', async () => {
    const ids = [fresh(), fresh(), fresh(), fresh()];
    for (const [at, id] of ids.entries()) await set(-100 + 10 * ((at * 3) % 4), id);
    expect((await log.store.timers.standing()).seconds).toBeGreaterThan(99);
    const one = start();
    await rang(...ids);
    const fired = (await log.everything())
      .filter(({ type, stream }) => type === 'AlarmRang' && ids.some((id) => stream.endsWith(id)))
      .toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
    const due = fired.map(({ data }) => (data as { at: string }).at);
    expect(due).toHaveLength(4);
    expect(due).toEqual(due.toSorted());
    await one.stop();
    expect(one.drift()).toBeGreaterThan(69);
  });

  test('those of the same time fire side by side, and before any of a later time', async () => {
    const at = [await inSeconds(-60), await inSeconds(-50)];
    const ids = [fresh(), fresh(), fresh(), fresh()];
    for (const [turn, id] of ids.entries()) await send(id, { type: 'set', data: { id, at: at[turn % 2] ?? '' } });
    const firing: string[] = [];
    const begunAtEnd: number[] = [];
    const both = Promise.withResolvers<undefined>();
    const one = startTimers({
      ...{ store: log.store, log: (text, details) => failures.push({ text, ...details }) },
      aggregates: [
        {
          category: 'alarm',
          async fire(store, order) {
            firing.push(order.id);
            if (firing.length === 2) both.resolve(undefined);
            await both.promise;
            const fired = await timed(alarm).fire(store, order);
            begunAtEnd.push(firing.length);
            return fired;
          },
        },
      ],
    });
    running.push(one);
    await rang(...ids);
    await one.stop();
    expect(firing.slice(0, 2).toSorted()).toEqual([ids[0], ids[2]].toSorted());
    expect(begunAtEnd).toEqual([2, 2, 4, 4]);
  });

  test('cancelled or moved, the old one does nothing: nothing is refused aloud, nothing is recorded', async () => {
    const [cancelled, moved] = [await set(-1), await set(-1)];
    const { due } = await readBy('slow', 1);
    await send(cancelled, { type: 'cancel', data: {} });
    const at = await inSeconds(3600);
    await send(moved, { type: 'set', data: { id: moved, at } });
    expect(await log.store.timers.standing()).toMatchObject({ waiting: 1, overdue: 0 });
    for (const { stream, epoch, command } of due) {
      const id = stream.slice('alarm-'.length);
      const ring = send(id, command as AlarmCommand, log.other, timerId(id, epoch));
      expect(await outcome(ring)).toBe('timer-outdated');
      expect(await log.other.answered(alarm, { id, commandId: timerId(id, epoch) })).toBeUndefined();
    }
    expect(await typesOf(cancelled)).toEqual(['AlarmSet', 'AlarmCancelled']);
    expect(await typesOf(moved)).toEqual(['AlarmSet', 'AlarmSet']);
    await send(moved, { type: 'cancel', data: {} });
    expect(await log.store.timers.standing()).toMatchObject({ waiting: 0, overdue: 0 });
  });

  test('a leader that dies between reading and firing: the next one fires what it read', async () => {
    const id = await set(-1);
    const { due } = await readBy('dead', 300);
    expect(due).toHaveLength(1);
    start(log.store, 400);
    await rang(id);
    expect(await typesOf(id)).toEqual(['AlarmSet', 'AlarmRang']);
  });

  test('a zombie: what it read before it lost the lease is done once, and it reads no more', async () => {
    const id = await set(-1);
    const { epoch, due } = await readBy('zombie', 1);
    start();
    await rang(id);
    const [read] = due;
    const again = await send(id, read?.command as AlarmCommand, log.other, timerId(id, read?.epoch ?? ''));
    expect(again.replayed).toBe(true);
    expect(await typesOf(id)).toEqual(['AlarmSet', 'AlarmRang']);
    await running[0]?.stop();
    const next = await set(-1);
    expect(await log.other.timers.due(epoch, 100)).toEqual([]);
    start();
    await rang(next);
  });

  test('two at once: one fires, and when it stops the other goes on', async () => {
    const pair = [start(log.store, 400), start(log.other, 400)];
    const ids = await Promise.all(Array.from({ length: 20 }, () => set(-1)));
    await rang(...ids);
    await pair[0]?.stop();
    const more = await set(0.1);
    await rang(more);
    for (const id of [...ids, more]) expect(await typesOf(id)).toEqual(['AlarmSet', 'AlarmRang']);
  });

  test('one that cannot be fired rests, the others go on, and it is told', async () => {
    const { rows } = await log.admin.query<{ stream: string }>(
      `insert into timer (stream, name, epoch, due_at, command) values ('stranger-1', 'ring', 1, 0, '{}') returning stream`,
    );
    expect(rows).toHaveLength(1);
    start();
    await rang(await set(-1));
    expect(failures.splice(0)).toMatchObject([{ stream: 'stranger-1', failure: 'Error: no aggregate fires it' }]);
    expect(await log.store.timers.standing()).toMatchObject({ overdue: 1 });
    await log.admin.query(`delete from timer where stream = 'stranger-1'`);
  });

  test('an append that is refused sets none', async () => {
    const id = await set(3600);
    const [one, two] = [await inSeconds(7200), await inSeconds(7300)];
    await log.admin.query('begin; select from head for update');
    const race = [one, two].map((at, of) =>
      outcome(
        (of === 0 ? log.store : log.other).execute(alarm, {
          ...{ id, commandId: fresh(), trace: { correlationId: 'test' }, expected: 1 },
          command: { type: 'set', data: { id, at }, actor: person },
        }),
      ),
    );
    await log.waiting(2);
    await log.admin.query('commit');
    expect((await Promise.all(race)).toSorted()).toEqual(['accepted', 'version-conflict']);
    const { at, epoch } = (await log.store.load(alarm, id)).state;
    const { rows } = await log.admin.query(`select epoch, due_at from timer`);
    expect(rows).toEqual([{ epoch: String(epoch), due_at: String(Date.parse(at) * 1000) }]);
    await send(id, { type: 'cancel', data: {} });
  });

  test('the service cannot set or remove one but by an append', async () => {
    const client = await log.client();
    for (const change of [
      'delete from timer',
      'update timer set due_at = 0',
      "insert into timer values ('a', 'b', 1, 1, '{}')",
    ])
      await expect(client.query(change)).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });
});
