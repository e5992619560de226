import { readFileSync } from 'node:fs';
import type { Service } from '../../infra/postgres/migrate.ts';
import { startPostgres } from '../../infra/stack/postgres.ts';
import { end, isAlive, launch, type Launch, readRecord, type Recorded } from '../../infra/stack/processes.ts';
import { freePorts } from '../../infra/stack/stack.ts';
import { type Newsroom, openNewsroom } from '../newsroom.ts';

const services = ['drafting', 'publication', 'moderation', 'reading'] as const;
const replicaOf = (service: Service) => `${service}-2`;

/** The whole system with two processes for each service, every one of which can be killed, stopped and started again as it was. Linux only. */
export interface Victims {
  readonly newsroom: Newsroom;
  /** Names of the services' processes. */
  readonly names: readonly [string, ...string[]];
  /** Where both processes of a service listen. */
  readonly urls: Readonly<Record<Service, readonly [string, ...string[]]>>;
  signal(name: string, signal: NodeJS.Signals): void;
  /** Ends it in this way, and starts it again after so many milliseconds. */
  restart(name: string, signal: NodeJS.Signals, afterMs: number): Promise<void>;
  /** Everything runs again, whatever happened to it; answers when all are ready. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

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
  const newsroom = await openNewsroom(env);
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
    launches.set(name, { ...original, name, env: { ...original.env, ...own } });
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
  return {
    ...{ newsroom, urls: addresses, signal },
    names: ['drafting', ...services.slice(1), ...replicas],
    async restart(name, how, afterMs) {
      const record = running.get(name);
      if (record) await end(record, how, 10_000);
      await new Promise((done) => setTimeout(done, afterMs));
      if (!alive(name)) await start(name);
    },
    async heal() {
      for (const name of launches.keys()) signal(name, 'SIGCONT');
      for (const name of ['postgres', 'kafka', ...services, ...replicas]) if (!alive(name)) await start(name);
      const deadline = Date.now() + 90_000;
      for (const url of Object.values(addresses).flat())
        for (let said = await unready(url); said !== undefined; said = await unready(url)) {
          if (Date.now() > deadline) throw new Error(`${url} is not ready again: ${said}`);
          for (const name of [...services, ...replicas]) if (!alive(name)) await start(name);
          await new Promise((done) => setTimeout(done, 200));
        }
    },
    async close() {
      for (const name of launches.keys()) signal(name, 'SIGCONT');
      await newsroom.close();
    },
  };
}
