import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readRecord } from '../../infra/stack/processes.ts';
import type { Desk } from '../e2e/desk.ts';
import type { Reply } from '../newsroom.ts';

/** The bytes of a request; a body is left to whoever sends it. */
export const requestOf = (line: string, headers: Record<string, string | number> = {}) =>
  [`${line} HTTP/1.1`, 'Host: x', ...Object.entries(headers).map((one) => one.join(': ')), '', ''].join('\r\n');

/** Drafting as the network sees it, and its process as the kernel does. Linux only. */
export async function crowdBefore({ newsroom }: Desk) {
  const { hostname, port } = new URL(newsroom.stack.urls.drafting);
  const { pid = 0 } = readRecord(`${newsroom.stack.home.records}/drafting.json`) ?? {};
  const token = await newsroom.stack.token?.({ sub: 'rana', name: 'rana', roles: ['reporter'], desks: ['city'] });
  const reporter = newsroom.as('reporter', 'rana');

  /** Connects and says this much. */
  const open = (bytes: string): Promise<Socket> =>
    new Promise((done, failed) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => {
        socket.write(bytes);
        done(socket);
      });
      socket.once('error', failed).on('error', () => undefined);
    });
  return {
    open,
    /** The head of a command with a body of so many bytes. */
    head: (length: number, authorization = `Bearer ${token ?? ''}`) =>
      requestOf('POST /articles', {
        ...{ Authorization: authorization, 'Content-Type': 'application/json' },
        ...{ 'Idempotency-Key': crypto.randomUUID(), 'Content-Length': length },
      }),
    /** All that is said until the other side ends the connection. */
    async heard(socket: Socket): Promise<string> {
      let text = '';
      socket.setEncoding('latin1').on('data', (some: string) => (text += some));
      await new Promise((done) => socket.once('close', done));
      return text;
    },
    /** A body as it is. */
    async send(body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Reply> {
      const sent = { authorization: `Bearer ${token ?? ''}`, 'idempotency-key': crypto.randomUUID(), ...headers };
      const url = `${newsroom.stack.urls.drafting}/articles`;
      const json = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', body, headers: { ...json, ...sent } });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Reply['body'] };
    },
    /** As a client has to: where it was too much, or nobody answered, the same again. */
    async persist(path: string, body: object): Promise<Reply> {
      const key = { 'idempotency-key': crypto.randomUUID() };
      for (;;) {
        const reply = await reporter.post('drafting', path, body, key).catch(() => undefined);
        if (reply !== undefined && reply.status !== 503) return reply;
        await pause(Number(reply?.headers.get('retry-after') ?? 1) * 1000);
      }
    },
    megabytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
  };
}
