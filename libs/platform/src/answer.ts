import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { pathOf, type Visit } from './visit.ts';

/** What a handler returns when headers go with its body. */
export class Answer<B = unknown> {
  constructor(
    readonly body: B,
    readonly headers: (visit: Visit) => Readonly<Record<string, string>> = () => ({}),
  ) {}
}

/** An answer that is JSON already. */
export const written = (json: string, headers: Answer['headers']): Answer<string> =>
  new Answer(json, (visit) => ({ ...headers(visit), 'Content-Type': 'application/json; charset=utf-8' }));

/** The body of every command's answer. */
export interface CommandAnswer {
  readonly id: string;
  readonly version: number;
  readonly position: string;
  readonly state: string;
}

const etag = (version: number) => ({ ETag: `"${version}"` });

/**
 * The answer to a command: its version as ETag, and whether it is a repeat. For a route that creates, pass
 * `created`: the answer then says where the new thing is, which is below the address of the request unless told.
 */
export const answer = (
  { id, version, position, state, replayed }: CommandAnswer & { readonly replayed: boolean },
  created?: 'below' | `/${string}`,
): Answer<CommandAnswer> =>
  new Answer({ id, version, position, state }, (visit) => ({
    ...etag(version),
    ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}),
    ...location(visit, id, created),
  }));

function location(visit: Visit, id: string, created: 'below' | `/${string}` | undefined): Record<string, string> {
  if (created === undefined) return {};
  return { Location: created === 'below' ? `${pathOf(visit.url)}/${id}` : created };
}

/** The state of one thing, with its version as ETag. */
export const tagged = <B>(body: B, version: number): Answer<B> => new Answer(body, () => etag(version));

/** RFC 8288: the same address with another cursor. */
export function linkTo(url: string, next: string | undefined): Record<string, string> {
  if (next === undefined) return {};
  const [path = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', next);
  return { Link: `<${path}?${parameters.toString()}>; rel="next"` };
}

/** Unwraps an Answer into body and headers. An interceptor would make an observable of each answer. */
export class AnsweringAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, result: unknown, status?: number): FastifyReply {
    if (!(result instanceof Answer)) return super.reply(response, result, status);
    return super.reply(response.headers(result.headers(response.request)), result.body, status);
  }
}
