import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import pg from 'pg';
import { EventStore } from '#event-store';
import { Keyring } from '#keyring';
import type { Service } from '../../infra/postgres/migrate.ts';
import { endWith, freePorts, type Stack, stackSettings, startStack, toNobody } from '../../infra/stack/stack.ts';
import { Target } from './load.ts';

/** The whole system, and beside it the bare routes that it is held against. */
export interface System {
  readonly stack: Stack;
  readonly bare: { readonly insert: Target; readonly select: Target };
  /** Asks its database as the owner of everything. */
  readonly admin: pg.Pool;
  as(role: string, service: Service): Promise<Target>;
  /** A service's own log, opened in this process beside the service. */
  log(service: Exclude<Service, 'reading'>): Promise<EventStore>;
  /** Resident memory of each service, in megabytes. */
  memory(): Record<string, number>;
  stop(): Promise<void>;
}
const names = ['ISSUER', 'DRAFTING', 'PUBLICATION', 'MODERATION', 'READING', 'POSTGRES', 'KAFKA'];

/** What a stack is told, on ports that are free. The settings of one that ran before at the same home fit as well. */
export async function environment(home: string): Promise<Record<string, string>> {
  const first = await freePorts(names.length + 1);
  const ports = Object.fromEntries(names.map((name, at) => [`${name}_PORT`, String(first + at)]));
  // No limit to what one caller may ask.
  return { ...ports, STET_HOME: home, RATE_LIMIT: '0', LOG_LEVEL: 'warn' };
}

export async function startSystem(home: string): Promise<System> {
  const env = await environment(home);
  // The services inherit our environment.
  Object.assign(process.env, env);
  const entered = (stop: () => Promise<void>) => {
    endWith(async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    });
  };
  const stack = await startStack({ settings: stackSettings(env), report: toNobody, entered });
  const insert = await freePorts(2);
  const child = await bareRoutes(stack, { insert, select: insert + 1 });
  const admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 });
  admin.on('error', () => undefined);
  const opened = new Map<string, Promise<EventStore>>();
  return {
    stack,
    admin,
    bare: { insert: new Target(`http://127.0.0.1:${insert}`), select: new Target(`http://127.0.0.1:${insert + 1}`) },
    async as(role, service) {
      const token = await stack.token?.({ sub: role, name: role, roles: [role], desks: ['city'] });
      return new Target(stack.urls[service].replace('localhost', '127.0.0.1'), {
        authorization: `Bearer ${token ?? ''}`,
      });
    },
    log(service) {
      const open = opened.get(service) ?? openLog(stack, service);
      opened.set(service, open);
      return open;
    },
    memory: () => memoryOf(stack),
    async stop() {
      for (const open of opened.values()) {
        const store = await open;
        await store.close();
        if (store.service === 'moderation') await store.keyring.close();
      }
      await admin.end();
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await stack.stop();
    },
  };
}

async function openLog({ adminUrl, home }: Stack, service: string): Promise<EventStore> {
  const masterKey = () => Buffer.from(readFileSync(`${home.path}/keyring-key`, 'utf8'), 'base64url');
  const keyring =
    service === 'moderation' ? await Keyring.open({ connectionString: adminUrl, masterKey: masterKey() }) : undefined;
  return EventStore.open({ connectionString: adminUrl, service, keyring });
}

async function bareRoutes(stack: Stack, ports: { insert: number; select: number }): Promise<ChildProcess> {
  const env = {
    ...process.env,
    DATABASE_URL: stack.adminUrl,
    INSERT_PORT: String(ports.insert),
    SELECT_PORT: String(ports.select),
  };
  const file = new URL('bare.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=built', '--disable-warning=ExperimentalWarning', file], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('The bare routes ended before they listened.')),
  );
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  return child;
}

function memoryOf(stack: Stack): Record<string, number> {
  const records = readdirSync(stack.home.records).map(
    (file) => JSON.parse(readFileSync(`${stack.home.records}/${file}`, 'utf8')) as { name: string; pid: number },
  );
  const services = records.filter(({ name }) => name in stack.urls);
  return Object.fromEntries(
    services.map(({ name, pid }) => {
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      return [name, Math.round(kilobytes / 1024)];
    }),
  );
}
