import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#decider';
import { begin, type Span } from '#tracing';

/** A request as the platform knows it, from its first hook on. */
export interface Visit extends FastifyRequest {
  correlationId?: string;
  caller?: Actor;
  span?: Span;
}

export const visitOf = (context: ExecutionContext): Visit => context.switchToHttp().getRequest<Visit>();

/** One header, as text; one that was sent twice is as good as none. */
export function header({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The address without its query. */
export const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

/** The caller's own correlation id when it has the form of one, else a new one. */
export function correlationOf(visit: Visit): string {
  const given = header(visit, 'x-correlation-id');
  visit.correlationId ??= given !== undefined && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
  return visit.correlationId;
}

/** The step that a request is, in the trace of whoever calls (W3C Trace Context; anything else is ignored, as it asks for). */
export function spanOf(visit: Visit): Span {
  const given = header(visit, 'traceparent');
  const isOne = given !== undefined && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(given);
  const route = visit.routeOptions.url ?? 'none';
  visit.span ??= begin({
    ...{ name: `${visit.method} ${route}`, kind: 'server', parent: isOne ? given : undefined },
    // Not the address as it was sent: nobody knows what is in it.
    attributes: { 'http.request.method': visit.method, 'http.route': route },
  });
  return visit.span;
}
