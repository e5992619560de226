import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../postgres/migrate.ts';
import { lastLine, launch, type Launched, type Place, tail } from './processes.ts';
import { Trouble } from './trouble.ts';

const all = ['drafting', 'publication', 'moderation', 'reading'] as const;
/** The services that this checkout has. */
export const services = all.filter((service) =>
  existsSync(new URL(`../../apps/${service}/src/main.ts`, import.meta.url)),
);

const readyWithinMs = 90_000;

export interface ServiceOptions {
  readonly place: Place;
  /** What they are told beyond our own environment; each also gets the DATABASE_URL of its own role. */
  readonly env: Readonly<Record<string, string>>;
  readonly databaseUrls: Readonly<Record<Service, string>>;
  /** Told to those alone who seal or open something. */
  readonly masterKey: string;
}
const sealing: readonly Service[] = ['drafting', 'moderation', 'reading'];

/** Megabytes for what is new. What is fetched at once is much for reading, and would be taken for old: a rebuild went for a third into looking at it. */
const young = (service: Service) => (service === 'reading' ? 16 : 8);

/** Starts one process for each service, from what was built. They are not ready yet. */
export const launchServices = (options: ServiceOptions): Promise<Launched[]> =>
  Promise.all(
    services.map((service) =>
      launch(options.place, {
        name: service,
        command: process.execPath,
        args: [
          // Left to itself, a heap grows to nearly twice that under load; in steps of a fifth, a command costs a tenth more.
          ...[`--max-semi-space-size=${young(service)}`, '--heap-growing-percent=50'],
          '--conditions=built',
          fileURLToPath(new URL(`../../dist/apps/${service}/src/main.js`, import.meta.url)),
        ],
        env: {
          // Otherwise each thread keeps for itself what was given back: 40 MB of reading, while it answers fifty clients.
          ...{ MALLOC_ARENA_MAX: '1', ...process.env, ...options.env, DATABASE_URL: options.databaseUrls[service] },
          KEYRING_MASTER_KEY: sealing.includes(service) ? options.masterKey : '',
        },
      }),
    ),
  );

/** Waits until a service says that it is ready. Throws a Trouble with its own last words when it ends instead. */
export async function waitUntilReady(service: Launched, url: string): Promise<void> {
  let how: string | undefined;
  void service.ended.then((ended) => (how = ended));
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const not = await notReady(`${url}/health/ready`);
    if (how !== undefined) {
      throw new Trouble(`${service.name} ${how} while starting: ${lastWords(service.log)} (all of it: ${service.log})`);
    }
    if (not === undefined) return;
    if (performance.now() > deadline) {
      throw new Trouble(`${service.name} is not ready after 90 s (${not}): see ${service.log}.`);
    }
    await sleep(50);
  }
}

/** Undefined when it is ready, else what it answers. */
async function notReady(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    const body = await response.text();
    return response.ok ? undefined : `${response.status} ${body.slice(0, 200)}`;
  } catch {
    return 'no answer';
  }
}

/** The line of a log that says most: an error thrown, else the last one. */
function lastWords(log: string): string {
  const lines = tail(log, 60).split('\n');
  return lines.findLast((line) => /^\w*(Error|Trouble)\b.*: /.test(line)) ?? lastLine(lines.join('\n'));
}
