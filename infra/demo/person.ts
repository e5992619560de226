import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../postgres/migrate.ts';
import { Trouble } from '../stack/trouble.ts';

/** What a service answers: its body parsed if it is JSON, else as text. */
export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** How new an answer of reading is, as a position token. */
  readonly position: string;
}
/** The answer to every command. */
export interface Accepted {
  readonly id: string;
  readonly version: number;
  readonly position: string;
  readonly state: string;
}
export interface Question {
  /** A position token: the answer is to be at least that new. */
  readonly after?: string;
  readonly accept?: string;
}

// A service that is busy says when to come back; this often is more than any busy service asks for.
const mostTries = 20;
const tryAgain = [429, 503, 504];

/** Somebody with a token, at the doors of the services. */
export class Person {
  readonly called: string;
  readonly #token: string;
  readonly #urls: Readonly<Record<Service, string>>;

  constructor(called: string, token: string, urls: Readonly<Record<Service, string>>) {
    this.called = called;
    this.#token = token;
    this.#urls = urls;
  }

  /** What a service knows, not older than `after`. */
  async ask(service: Service, path: string, { after, accept = 'application/json' }: Question = {}): Promise<Reply> {
    const query = after === undefined ? '' : `${path.includes('?') ? '&' : '?'}after=${after}`;
    const reply = await this.call(service, `${path}${query}`, { headers: { accept } });
    return this.well(`GET ${path}`, reply);
  }

  /** Gives a command that must be accepted. */
  async command(service: Service, path: string, body: object = {}): Promise<Accepted> {
    const reply = this.well(`POST ${path}`, await this.post(service, path, body));
    return reply.body as unknown as Accepted;
  }

  /** Gives a command that must be refused, with this code; answers the problem. */
  async refused(service: Service, path: string, sent: { body: object; code: string }): Promise<Reply> {
    const reply = await this.post(service, path, sent.body);
    if (reply.body.code === sent.code) return reply;
    throw new Trouble(`POST ${path} by ${this.called} should have been refused (${sent.code}): ${said(reply)}`);
  }

  /** With a key of its own, so that it is done once, however often it has to be sent. */
  private post(service: Service, path: string, body: object): Promise<Reply> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return this.call(service, path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private async call(service: Service, path: string, request: RequestInit): Promise<Reply> {
    const headers = { ...(request.headers as Record<string, string>), authorization: `Bearer ${this.#token}` };
    for (let tries = 1; ; tries++) {
      const response = await this.fetched(service, path, { ...request, headers });
      const text = await response.text();
      if (!tryAgain.includes(response.status) || tries === mostTries) {
        const isJson = response.headers.get('content-type')?.includes('json') ?? false;
        const body = isJson ? (JSON.parse(text) as Reply['body']) : {};
        return { status: response.status, body, text, position: response.headers.get('stet-position') ?? '' };
      }
      await sleep(1000 * Number(response.headers.get('retry-after') ?? 0));
    }
  }

  private async fetched(service: Service, path: string, request: RequestInit): Promise<Response> {
    const url = `${this.#urls[service]}${path}`;
    try {
      return await fetch(url, request);
    } catch (error) {
      throw new Trouble(`${service} cannot be reached any more at ${url}.`, { cause: error });
    }
  }

  private well(what: string, reply: Reply): Reply {
    if (reply.status < 300) return reply;
    throw new Trouble(`${what} by ${this.called} was answered: ${said(reply)}`);
  }
}

const said = ({ status, text }: Reply): string => `${status} ${text.slice(0, 1000)}`;
