import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Service } from '../../infra/postgres/migrate.ts';
import { startPostgres } from '../../infra/stack/postgres.ts';
import { end, isAlive, launch, type Launch, readRecord, type Recorded } from '../../infra/stack/processes.ts';
import { freePorts } from '../../infra/stack/stack.ts';
import { newHome, type Newsroom, openNewsroom } from '../newsroom.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { steps } from './steps.ts';

const services = ['drafting', 'publication', 'moderation', 'reading'] as const;
const replicaOf = (service: Service) => `${service}-2`;

/** The whole system with two processes for each service, the clock of one an hour wrong, every one of which can be killed, stopped and started again as it was. Linux only. */
export interface Victims {
  readonly newsroom: Newsroom;
  /** Names of the services' processes. */
  readonly names: readonly [string, ...string[]];
  /** Where both processes of a service listen. */
  readonly urls: Readonly<Record<Service, readonly [string, ...string[]]>>;
  /** Processes that ended though nobody had struck them, and the last that they said; each was started again, as compose and Kubernetes do. */
  readonly ended: string[];
  /** Topics that have lost messages, whatever was sent again. */
  readonly lost: Set<string>;
  /** What stands between the services and these; all else connects directly. */
  readonly ways: Readonly<Record<'Postgres' | 'Kafka', Proxy>>;
  signal(name: string, signal: NodeJS.Signals): void;
  /** A process and those that it has started. */
  pids(name: string): number[];
  /** Ends it in this way, and starts it again after so many milliseconds. */
  restart(name: string, signal: NodeJS.Signals, afterMs: number): Promise<void>;
  /** Lets one process die at this step, as soon as one comes to it, and starts it again; answers which. Undefined: none did within this time. */
  dieAt(step: string, withinMs: number): Promise<string | undefined>;
  /** Everything runs again, whatever happened to it; answers when all are ready. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

const preload = (file: string) => `--import ${fileURLToPath(new URL(file, import.meta.url))}`;

/** How a process was started, from what the kernel knows of it. */
function launchOf({ name, pid }: Recorded): Launch {
  const words = (file: string) =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  const [command = '', ...args] = words('cmdline');
  const env = Object.fromEntries(
    words('environ').map((word) => [word.replace(/=.*/s, ''), word.replace(/^.*?=/s, '')]),
  );
  return { name, command, args, env };
}

export async function openVictims(env: Record<string, string> = {}): Promise<Victims> {
  const orders = mkdtempSync(join(tmpdir(), 'stet-crashes-'));
  const beneath = await freePorts(3);
  const ways = { Postgres: await openProxy(beneath), Kafka: await openProxy(beneath + 1) };
  const crashing = `${process.env.NODE_OPTIONS ?? ''} ${preload('crashing.ts')} ${preload('through-proxy.ts')}`;
  const newsroom = await openNewsroom(
    {
      ...{ ...env, NODE_OPTIONS: crashing, CRASH_AT: orders },
      ...{ POSTGRES_PORT: String(beneath), KAFKA_PORT: String(beneath + 1) },
      THROUGH: `${beneath}:${ways.Postgres.port},${beneath + 1}:${ways.Kafka.port}`,
    },
    newHome(),
  );
  const { home, urls } = newsroom.stack;
  const launches = new Map<string, Launch>();
  const running = new Map<string, Recorded>();
  const port = Number(new URL(newsroom.stack.adminUrl).port);
  const first = await freePorts(services.length);
  const replicas: string[] = [];
  for (const name of [...services, 'postgres', 'kafka']) {
    const record = readRecord(`${home.records}/${name}.json`);
    if (!record) throw new Error(`${name} does not run.`);
    running.set(name, record);
    launches.set(name, launchOf(record));
  }
  for (const [at, service] of services.entries()) {
    const original = launches.get(service);
    const name = replicaOf(service);
    if (!original) continue;
    const own = { [`${service.toUpperCase()}_PORT`]: String(first + at), ANCHOR_FILE: `${home.path}/${name}.jsonl` };
    // An hour ahead, or behind.
    const clock = {
      NODE_OPTIONS: `${crashing} ${preload('shifted-clock.ts')}`,
      CLOCK_AHEAD: at % 2 === 0 ? '3600000' : '-3600000',
    };
    launches.set(name, { ...original, name, env: { ...original.env, ...own, ...clock } });
    replicas.push(name);
    await start(name);
  }

  async function start(name: string): Promise<void> {
    const how = launches.get(name);
    // Postgres may have to run as somebody that its process alone does not show.
    if (name === 'postgres') running.set(name, (await startPostgres(home, { port, throwaway: true })).process);
    else if (how) running.set(name, await launch(home, how));
  }
  const alive = (name: string) => {
    const record = running.get(name);
    return record !== undefined && isAlive(record);
  };
  const addresses = Object.fromEntries(
    services.map((service, at) => [service, [urls[service], `http://localhost:${first + at}`]]),
  ) as unknown as Victims['urls'];

  /** Undefined when it is ready, else what it says. */
  async function unready(url: string): Promise<string | undefined> {
    try {
      const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) });
      const said = await response.text();
      return response.ok ? undefined : said;
    } catch {
      return 'no answer';
    }
  }

  const signal = (name: string, which: NodeJS.Signals) => {
    const record = running.get(name);
    if (record && isAlive(record)) process.kill(record.pid, which);
  };
  const struck = new Set<string>();
  const restart: Victims['restart'] = async (name, how, afterMs) => {
    const record = running.get(name);
    struck.add(name);
    if (record) await end(record, how, 10_000);
    await pause(afterMs);
    if (!alive(name)) await start(name);
    struck.delete(name);
  };
  const ended: string[] = [];
  const missed = new Set<string>();
  const watch = setInterval(() => {
    for (const name of [...services, ...replicas]) {
      const isGone = !alive(name) && !struck.has(name);
      // One that a strike has just ended is started again by it.
      if (isGone && missed.has(name)) {
        ended.push(`${name}: ${readFileSync(`${home.logs}/${name}.log`, 'utf8').trimEnd().split('\n').at(-1) ?? ''}`);
        start(name).catch(() => undefined);
      }
      if (isGone && !missed.delete(name)) missed.add(name);
      if (!isGone) missed.delete(name);
    }
  }, 1000);
  return {
    ...{ newsroom, urls: addresses, ways, signal, restart, ended, lost: new Set() },
    pids(name) {
      const { pid = 0 } = running.get(name) ?? {};
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
      return [pid, ...children.filter((child) => child !== '').map(Number)];
    },
    names: ['drafting', ...services.slice(1), ...replicas],
    async dieAt(step, withinMs) {
      const service = steps[step]?.service ?? '';
      const order = `${orders}/${service}`;
      writeFileSync(order, step);
      for (const deadline = Date.now() + withinMs; existsSync(order) && Date.now() < deadline;) await pause(10);
      rmSync(order, { force: true });
      const [file] = readdirSync(orders).filter((one) => one.startsWith(`${service}.`));
      if (file === undefined) return undefined;
      rmSync(`${orders}/${file}`);
      const name = [...running].find(([, { pid }]) => String(pid) === file.split('.')[1])?.[0];
      if (name === undefined) throw new Error(`${file} is none of ours.`);
      await restart(name, 'SIGKILL', 0);
      return name;
    },
    async heal() {
      for (const name of launches.keys()) signal(name, 'SIGCONT');
      for (const name of ['postgres', 'kafka', ...services, ...replicas]) if (!alive(name)) await start(name);
      const deadline = Date.now() + 90_000;
      for (const url of Object.values(addresses).flat())
        for (let said = await unready(url); said !== undefined; said = await unready(url)) {
          if (Date.now() > deadline) throw new Error(`${url} is not ready again: ${said}`);
          for (const name of [...services, ...replicas]) if (!alive(name)) await start(name);
          await pause(200);
        }
    },
    async close() {
      clearInterval(watch);
      for (const name of launches.keys()) signal(name, 'SIGCONT');
      await newsroom.close();
      for (const way of Object.values(ways)) way.close();
      rmSync(orders, { recursive: true, force: true });
    },
  };
}
