import { Agent, type IncomingHttpHeaders, request } from 'node:http';

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}
/** One server, over connections that stay open: no more requests at a time than `connections`. */
export class Target {
  private readonly agent: Agent;

  private readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;

  // Written out: this file runs as it stands, with its types stripped.
  constructor(url: string, headers: Readonly<Record<string, string>> = {}, connections = 50) {
    this.url = url;
    this.headers = headers;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Throws unless it is answered as was hoped for. A body makes it a POST. */
  async send(path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const answered = await this.ask(path, body, headers);
    if (answered.status < 300) return answered;
    throw new Error(`${path} was answered ${answered.status}: ${answered.body.slice(0, 300)}`);
  }

  close(): void {
    this.agent.destroy();
  }

  private ask(path: string, body: string | undefined, headers: Readonly<Record<string, string>>): Promise<Answered> {
    return new Promise((done, failed) => {
      const sent =
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const asked = request(
        this.url + path,
        {
          agent: this.agent,
          method: body === undefined ? 'GET' : 'POST',
          headers: { ...this.headers, ...sent, ...headers },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            const { statusCode: status = 0, headers: told } = response;
            done({ status, headers: told, body: Buffer.concat(parts).toString('utf8') });
          });
          response.on('error', failed);
        },
      );
      asked.on('error', failed);
      asked.end(body);
    });
  }
}

/** Work done again and again by a number of workers side by side, until the time is over; it tells how many pieces it did. Pieces per second. */
export async function rate(
  workers: number,
  seconds: number,
  work: (worker: number, turn: number) => Promise<number>,
): Promise<number> {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const done = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      let pieces = 0;
      for (let turn = 0; performance.now() < until; turn++) pieces += await work(worker, turn);
      return pieces;
    }),
  );
  return (done.reduce((sum, pieces) => sum + pieces) * 1000) / (performance.now() - begun);
}

/** Begins so many pieces of work a second, whether or not the earlier ones are done. */
export async function openLoop<T>(
  perSecond: number,
  pieces: readonly T[],
  work: (piece: T) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const running = pieces.map(async (piece, at) => {
    const wait = begun + (at * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((go) => setTimeout(go, wait));
    await work(piece);
  });
  await Promise.all(running);
}

/** Each piece once, by a number of workers side by side. */
export async function each<T>(workers: number, pieces: Iterable<T>, work: (piece: T) => Promise<unknown>) {
  const left = pieces[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** How many milliseconds it took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The value below which this share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
