import { Agent, request } from 'node:http';

export interface Answered {
  readonly status: number;
  readonly body: string;
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

  send(path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
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
            done({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') });
          });
          response.on('error', failed);
        },
      );
      asked.on('error', failed);
      asked.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** A number of clients, each asking again as soon as it is answered, for so long; answers per second. */
export async function closedLoop(clients: number, seconds: number, ask: () => Promise<Answered>): Promise<number> {
  const begun = performance.now();
  let answered = 0;
  const client = async () => {
    while (performance.now() - begun < seconds * 1000) {
      const { status, body } = await ask();
      if (status >= 300) throw new Error(`A request was answered ${status}: ${body.slice(0, 300)}`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (answered * 1000) / (performance.now() - begun);
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

/** The value below which this share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
