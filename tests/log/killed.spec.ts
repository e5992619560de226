import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Executed } from '#event-store';
import { openLog, outcome, type TestLog } from './log.ts';
import { fresh, order, tally } from './tally.ts';

const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));

describe.each([1, 3])('a process that dies while it appends, in a log of %i shards', (shards) => {
  let log: TestLog;
  let children: ChildProcess[] = [];
  beforeAll(async () => {
    log = await openLog(shards);
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
  });
  afterAll(() => log.close());

  function write(id: string, commandId: string): ChildProcess {
    const flags = ['--conditions=built', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, writer, log.url, id, commandId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }
  const answerOf = async ({ stdout }: ChildProcess) => JSON.parse(stdout ? await text(stdout) : '') as Executed;
  const again = (id: string, commandId: string) => order(id, 'add', { by: 1 }, { commandId, fingerprint: 'a' });
  const holdHeads = async () => {
    await log.admin.query('begin; select from head for update');
    return () => log.admin.query('commit');
  };
  const sum = async (id: string) => (await log.store.load(tally, id)).state.sum;

  test('while it waits for the lock: whoever asks again gets one answer, and it is in the log once or not at all', async () => {
    const id = await log.begin();
    const commandId = fresh();
    const release = await holdHeads();
    const child = write(id, commandId);
    await log.waiting(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const others = [log.store, log.other].map((by) => by.execute(tally, again(id, commandId)));
    await release();
    const [first, second] = await Promise.all(others);
    expect({ ...first, replayed: true }).toEqual({ ...second, replayed: true });
    expect(await sum(id)).toBe(1);
    expect(await log.store.verify()).toEqual({ ok: true });
  });

  test('when it is committed and the answer is lost: a retry gets that answer, though by now it would be refused', async () => {
    const id = await log.begin();
    const commandId = fresh();
    const release = await holdHeads();
    const child = write(id, commandId);
    await log.waiting(1);
    // Stopped, it cannot read what Postgres is about to say.
    child.kill('SIGSTOP');
    await release();
    while ((await sum(id)) === 0) await pause(10);
    child.kill('SIGKILL');
    await log.store.execute(tally, order(id, 'shut', {}));
    expect(await outcome(log.store.execute(tally, order(id, 'add', { by: 1 })))).toBe('not-allowed-now');
    expect(await log.other.execute(tally, again(id, commandId))).toMatchObject({
      version: 2,
      state: 'open',
      replayed: true,
    });
    expect(await sum(id)).toBe(1);
  });

  test('does not stop the others: a stopped client holds no lock', async () => {
    const [id, else_] = [await log.begin(0), await log.begin(0)];
    const release = await holdHeads();
    const child = write(id, fresh());
    await log.waiting(1);
    child.kill('SIGSTOP');
    await release();
    expect((await log.store.execute(tally, order(else_, 'add', { by: 1 }))).version).toBe(2);
    child.kill('SIGCONT');
    expect(await answerOf(child)).toMatchObject({ version: 2, replayed: false });
  });

  test('or two at once with the same command: one of them does it', async () => {
    const id = await log.begin();
    const commandId = fresh();
    const release = await holdHeads();
    const writers = [write(id, commandId), write(id, commandId)];
    await log.waiting(2);
    await release();
    const answers = await Promise.all(writers.map(answerOf));
    expect(answers.map(({ replayed }) => replayed).toSorted()).toEqual([false, true]);
    expect(new Set(answers.map(({ version, position }) => `${version} ${position}`)).size).toBe(1);
    expect(await sum(id)).toBe(1);
  });
});
