import { afterAll, beforeAll } from '@jest/globals';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Environment } from '#settings';
import type { Service } from './index.ts';
import { SampleIssuer } from './sample-issuer.ts';
import { noteId, sampleService, Seen } from './sample-service.ts';

/** A running sample service with its issuer, for the tests of one `describe`. */
export class SampleCaller {
  seen = new Seen();
  service!: Service;
  issuer!: SampleIssuer;
  token = '';

  constructor(env: Environment = {}) {
    beforeAll(async () => {
      this.issuer = await SampleIssuer.start();
      this.token = await this.issuer.token();
      this.service = await sampleService(this.seen, { OIDC_ISSUER: this.issuer.url, ...env });
    });
    afterAll(async () => {
      await this.service.stop();
      await this.issuer.stop();
    });
  }

  send(options: InjectOptions): Promise<LightMyRequestResponse> {
    const authorization = `Bearer ${this.token}`;
    return this.service.app.inject({ ...options, headers: { authorization, ...options.headers } });
  }

  get = (url: string) => this.send({ method: 'GET', url });

  /** Starts a note; the body as text is sent as it is. */
  write(payload: unknown, headers: Record<string, string> = { 'idempotency-key': crypto.randomUUID() }) {
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    return this.send({
      method: 'POST',
      url: '/notes',
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
  }

  command(verb: string, payload?: object, headers: Record<string, string> = {}, id: string = noteId) {
    return this.send({ method: 'POST', url: `/notes/${id}/${verb}`, headers, ...(payload ? { payload } : {}) });
  }
}

export interface Told {
  readonly code: string;
  readonly status: number;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly code: string }[];
}

/** What a refusal says, after the form of every refusal was checked. */
export function told(response: LightMyRequestResponse): Told {
  const problem = response.json<Told & { type: string }>();
  if (response.headers['content-type'] !== 'application/problem+json; charset=utf-8') throw new Error(response.body);
  if (problem.status !== response.statusCode || problem.type !== `urn:stet:problem:${problem.code}`) {
    throw new Error(`${response.statusCode} ${response.body}`);
  }
  return problem;
}

/** The fields that a refusal names, each with its code. */
export const faults = (response: LightMyRequestResponse): string[] =>
  (told(response).errors ?? []).map(({ pointer, parameter, code }) => `${pointer ?? parameter ?? ''} ${code}`);
