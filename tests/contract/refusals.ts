import { randomUUID } from 'node:crypto';
import { problems } from '#platform';
import type { Issuer } from '../../infra/stack/issuer.ts';
import type { ApiDocument, Operation } from './api-document.ts';
import { marker } from './spoilt.ts';

/** A request with something wrong; everything else is as it should be. A header that is undefined is left out. */
export interface Bad {
  readonly what: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string;
  readonly query?: string;
  readonly id?: string;
  readonly status: number;
  readonly code: string | readonly string[];
}

/** Has every right that the tables know, so that nothing but what is wrong can be refused. */
export const everybody = {
  ...{ sub: 'carl', name: 'Carl', desks: ['city'] },
  roles: ['reporter', 'editor', 'legal', 'duty-editor', 'chief', 'moderator', 'site', 'operator', 'privacy-officer'],
};

/** A running service. `effects` is another whenever something has been done. */
export interface Target {
  readonly url: string;
  readonly issuer: Issuer;
  readonly lines: readonly string[];
  readonly effects: () => Promise<unknown>;
}

/** Sends what is bad to a service, and tells what is wrong with its refusals. */
export class Refusals {
  /** Something of each kind that is there, so that bad input could do something to it. */
  readonly there = new Map<string, string>();

  /** Signed once: thousands of requests go with it. */
  private readonly token: Promise<string>;

  constructor(
    private readonly service: Target,
    private readonly api: ApiDocument,
  ) {
    this.token = service.issuer.token(everybody);
  }

  /** The body that is shown as an example, or an empty one. */
  example(operation: Operation): object {
    return { ...(this.api.bodyExample(operation) as object) };
  }

  /** Each bad request to this operation must be refused as it says, and all of them together must have left nothing behind. */
  async faults(operation: Operation, bad: readonly Bad[]): Promise<string[]> {
    const { lines, effects } = this.service;
    const [before, logged] = [await effects(), lines.length];
    const found = (await Promise.all(bad.map((one) => this.refused(operation, one)))).flat();
    if ((await effects()) !== before) found.push('an effect');
    if (lines.slice(logged).some((line) => line.includes(marker))) found.push('what was sent, in the log');
    return found.map((fault) => `${operation.method} ${operation.path}, ${fault}`);
  }

  private async refused(operation: Operation, bad: Bad): Promise<string[]> {
    const response = await fetch(await this.request(operation, bad));
    const text = await response.text();
    const answer = JSON.parse(text) as { code: string };
    const { status, headers } = response;
    const wrong = {
      [`${status} ${answer.code}`]: status !== bad.status || ![bad.code].flat().includes(answer.code),
      'a code that is not in the catalogue': problems.get(answer.code)?.status !== status,
      'no problem+json': headers.get('content-type') !== 'application/problem+json; charset=utf-8',
      'a stack trace': /node_modules|\.ts[:"]|\bat [\w.]+ \(/.test(text),
      'what was sent, in the answer': text.includes(marker),
      'not as documented': this.api.answerFaults(operation, { status, headers, body: answer }).length > 0,
    };
    return Object.entries(wrong).flatMap(([fault, is]) => (is ? [`${bad.what}: ${fault}`] : []));
  }

  private async request(operation: Operation, bad: Bad): Promise<Request> {
    const { method, path } = operation;
    const commanding = method === 'post';
    const headers = Object.entries<string | undefined>({
      authorization: `Bearer ${await this.token}`,
      ...(commanding && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      ...bad.headers,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const id = bad.id ?? this.there.get(path.split('/')[1] ?? '');
    if (id === undefined && path.includes('{')) throw new Error(`Nothing is there for ${path}.`);
    const address = path.replace(/\{\w+\}/, id ?? '') + (bad.query ?? '');
    const body = commanding && { body: bad.body ?? JSON.stringify(this.example(operation)) };
    return new Request(this.service.url + address, { method: method.toUpperCase(), headers, ...body });
  }
}
