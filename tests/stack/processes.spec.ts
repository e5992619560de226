import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tryLock, withLock } from '../../infra/stack/lock.ts';
import { isAlive, launch, type Launched, type Place, recordOf, startOf } from '../../infra/stack/processes.ts';
import { close, stopRecorded } from '../../infra/stack/stopping.ts';

let place: Place & { path: string };
const silent = () => undefined;

beforeEach(() => {
  const path = mkdtempSync(`${tmpdir()}/stet-processes-`);
  place = { path, logs: `${path}/logs`, records: `${path}/run`, closing: false };
  for (const folder of [place.logs, place.records]) mkdirSync(folder);
});
afterEach(async () => {
  await stopRecorded(place, silent);
  rmSync(place.path, { recursive: true });
});

const launchScript = (name: string, script: string): Promise<Launched> =>
  launch(place, { name, command: process.execPath, args: ['-e', script] });
const forever = 'setInterval(() => {}, 1000)';

describe('what an earlier run left behind', () => {
  it('is found by its record and ended', async () => {
    const left = await launchScript('drafting', forever);
    await stopRecorded(place, silent);
    expect(isAlive(left)).toBe(false);
    expect(existsSync(`${place.records}/drafting.json`)).toBe(false);
  });

  it('is left alone when its pid has been given to another process since', async () => {
    const stranger = await launchScript('drafting', forever);
    writeFileSync(`${place.records}/drafting.json`, JSON.stringify({ ...stranger, started: 'before the last boot 7' }));
    await stopRecorded(place, silent);
    expect(isAlive(stranger)).toBe(true);
    process.kill(stranger.pid, 'SIGKILL');
    await stranger.ended;
  });

  it('is ended in order: services, then Kafka, then Postgres', async () => {
    for (const name of ['postgres', 'drafting', 'kafka', 'reading']) await launchScript(name, forever);
    const said: string[] = [];
    await stopRecorded(place, (line) => said.push(line.replaceAll(/ \(process \d+\)/g, '')));
    expect(said).toEqual(['Stopping drafting, reading …', 'Stopping kafka …', 'Stopping postgres …']);
  });

  it('does not stop the next start with a record that was cut short', async () => {
    writeFileSync(`${place.records}/drafting.json`, '{"pid": 1');
    await expect(stopRecorded(place, silent)).resolves.toBeUndefined();
  });
});

it('a zombie counts as ended', async () => {
  // The child of a parent that has stopped cannot be waited for: it stays a zombie when it ends.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; kill -STOP $$'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = await new Promise<number>((done) =>
    parent.stdout.once('data', (text: Buffer) => {
      done(Number(text));
    }),
  );
  try {
    const state = () => spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
    while (!state().startsWith('Z')) await new Promise((done) => setTimeout(done, 10));
    expect(startOf(pid)).toBeUndefined();
  } finally {
    parent.kill('SIGKILL');
  }
});

it('nothing is started any more once everything is being stopped', async () => {
  await close(place, silent);
  await expect(launchScript('drafting', forever)).rejects.toThrow(/not started any more/);
});

describe('a lock', () => {
  const file = () => `${place.path}/lock`;

  it('is refused while its holder lives, and says who that is', () => {
    const release = tryLock(file(), 'building');
    expect(tryLock(file(), 'building')).toMatchObject({ pid: process.pid, name: 'building' });
    if (typeof release === 'function') release();
    expect(typeof tryLock(file(), 'building')).toBe('function');
  });

  it('is taken over from a holder that has ended, or wrote nothing readable', async () => {
    const gone = await launchScript('gone', '');
    await gone.ended;
    for (const content of [JSON.stringify({ ...gone, name: 'building' }), '']) {
      writeFileSync(file(), content);
      const release = tryLock(file(), 'building');
      expect(typeof release).toBe('function');
    }
  });

  it('lets one at a time work, and is let go when the work fails', async () => {
    let inside = 0;
    const work = async () => {
      inside++;
      await new Promise((done) => setImmediate(done));
      expect(inside--).toBe(1);
    };
    const all = Array.from({ length: 5 }, () => withLock(file(), 'building', { waiting: silent, work }));
    await Promise.all(all);
    const failing = { waiting: silent, work: () => Promise.reject(new Error('out of luck')) };
    await expect(withLock(file(), 'building', failing)).rejects.toThrow('out of luck');
    expect(existsSync(file())).toBe(false);
  });

  it('names this process in a form that is compared, not guessed', () => {
    expect(recordOf('me', process.pid)?.started).toBe(startOf(process.pid));
    expect(recordOf('nobody', 2 ** 22 + 1)).toBeUndefined();
  });
});
