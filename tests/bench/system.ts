import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { freePorts, type Stack, stackSettings, startStack, toNobody } from '../../infra/stack/stack.ts';
import type { Service } from '../../infra/postgres/migrate.ts';
import { Target } from './load.ts';

/** The whole system, and beside it the bare routes that it is held against. */
export interface System {
  readonly stack: Stack;
  readonly bare: { readonly insert: Target; readonly select: Target };
  as(role: string, service: Service): Promise<Target>;
  /** Resident memory of each service, in megabytes. */
  memory(): Record<string, number>;
  stop(): Promise<void>;
}
const names = ['ISSUER', 'DRAFTING', 'PUBLICATION', 'MODERATION', 'READING', 'POSTGRES', 'KAFKA'];

export async function startSystem(home: string): Promise<System> {
  const first = await freePorts(names.length + 3);
  const ports = Object.fromEntries(names.map((name, at) => [`${name}_PORT`, String(first + at)]));
  const settings = stackSettings({ ...ports, STET_HOME: home });
  // No limit to what one caller may ask.
  process.env.RATE_LIMIT = '0';
  process.env.LOG_LEVEL = 'warn';
  const stack = await startStack({ settings, report: toNobody });
  const [insert, select] = [first + names.length + 1, first + names.length + 2];
  const child = await bareRoutes(stack, { insert, select });
  return {
    stack,
    bare: { insert: new Target(`http://127.0.0.1:${insert}`), select: new Target(`http://127.0.0.1:${select}`) },
    async as(role, service) {
      const token = await stack.token?.({ sub: role, name: role, roles: [role], desks: ['city'] });
      return new Target(stack.urls[service].replace('localhost', '127.0.0.1'), {
        authorization: `Bearer ${token ?? ''}`,
      });
    },
    memory: () => memoryOf(stack),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await stack.stop();
    },
  };
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
  await once(child.stdout, 'data');
  return child;
}

function memoryOf(stack: Stack): Record<string, number> {
  const records = readdirSync(stack.home.records).map(
    (file) => JSON.parse(readFileSync(`${stack.home.records}/${file}`, 'utf8')) as { name: string; pid: number },
  );
  return Object.fromEntries(
    records.map(({ name, pid }) => {
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      return [name, Math.round(kilobytes / 1024)];
    }),
  );
}
