import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a check may tell besides that it passed. */
type Check = () => Promise<unknown>;

/** Why a check fails, in words that anybody may read. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

const checkTimeoutMs = 2000;

/** What the people who run a service see of it and do with it: readiness, metrics, and the order of its stopping. */
export class Operations {
  readonly registry = new Registry();
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly #stop = new AbortController();
  readonly #checks = new Map<string, Check>();
  readonly #closing: { name: string; close: () => Promise<unknown> }[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'stet_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [this.registry],
    });
  }

  /** Adds something that must work for the service to be ready. What the check resolves to is shown with it. */
  ready(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** Adds a gauge, asked for each time metrics are read; undefined, not known now, is NaN. Names in base units: `stet_relay_lag_seconds`. */
  gauge(name: string, help: string, read: () => number | undefined | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set((await read()) ?? Number.NaN);
      },
    });
  }

  /** Adds a counter of what has happened since the start, by these labels. Names end in `_total`. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** Adds what must be closed at the end. What was opened last is closed first, after the last request is answered. */
  onStop(name: string, close: () => Promise<unknown>): void {
    this.#closing.unshift({ name, close });
  }

  /** Aborted when the service begins to stop. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** From now on the service is not ready, and refuses new requests. */
  beginStop(): void {
    this.#stop.abort();
  }

  /** Closes everything in order, whatever fails; returns the names of what failed. */
  async close(): Promise<string[]> {
    const failed: string[] = [];
    for (const { name, close } of this.#closing.splice(0)) {
      await close().catch(() => failed.push(name));
    }
    return failed;
  }

  /** How each check stands. A check that does not answer in 2 s is down. */
  async readiness(): Promise<Readiness> {
    const checks = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await standing(check)] as const),
    );
    const up = !this.stopping && checks.every(([, { status }]) => status === 'up');
    return { status: this.stopping ? 'stopping' : up ? 'ready' : 'not-ready', checks: Object.fromEntries(checks) };
  }
}

export interface Readiness {
  readonly status: 'ready' | 'not-ready' | 'stopping';
  readonly checks: Readonly<Record<string, Standing>>;
}

interface Standing {
  readonly status: 'up' | 'down';
  readonly detail?: unknown;
}

async function standing(check: Check): Promise<Standing> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('no answer'));
    }, checkTimeoutMs);
  });
  try {
    const detail = await Promise.race([check(), late]);
    return detail === undefined ? { status: 'up' } : { status: 'up', detail };
  } catch (error) {
    if (error instanceof NotReady) return { status: 'down', detail: error.message };
    // Messages of other errors may hold addresses and names that are nobody's business; a code says enough.
    const { code, name } = error as { code?: unknown; name?: unknown };
    return { status: 'down', detail: typeof code === 'string' ? code : name };
  } finally {
    clearTimeout(timer);
  }
}
