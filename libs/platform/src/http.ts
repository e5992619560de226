import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { bound, isForMachines } from './bounds.ts';
import { isEventStream } from './event-streams.ts';
import { jsonBody } from './json-body.ts';
import type { Operations } from './operations.ts';
import { Problem } from './problem.ts';
import type { RouteBook } from './route-book.ts';
import type { Authenticate } from './tokens.ts';
import { correlationOf, header, spanOf, type Visit } from './visit.ts';

interface Parts {
  readonly operations: Operations;
  readonly log: Logger;
  readonly routes: RouteBook;
  readonly authenticate: Authenticate;
}

/** What every request passes whatever its route, and the routes that are for machines. */
export function prepareHttp(http: FastifyInstance, parts: Parts): void {
  http.addHook('onRoute', ({ method, url }) => {
    parts.routes.add(method, url);
  });
  readBodies(http);
  observe(http, parts);
  refuseEarly(http, parts.operations);
  bound(http, parts.authenticate);
  serveHealth(http, parts.operations);
}

/** JSON and nothing else: no form, no plain text, nothing compressed. */
function readBodies(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, jsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

function refuseEarly(http: FastifyInstance, operations: Operations): void {
  http.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'X-Correlation-Id': correlationOf(request), 'X-Content-Type-Options': 'nosniff' });
    const health = request.url.startsWith('/health/');
    if (operations.stopping && !health) done(new Problem('stopping', { headers: { Connection: 'close' } }));
    else if (compressed(request)) done(new Problem('unsupported-media-type'));
    else done();
  });
  // A connection kept alive would hold up the end.
  http.addHook('onSend', (_request, reply, payload, done) => {
    if (operations.stopping) reply.header('Connection', 'close');
    done(null, payload);
  });
}

const compressed = (visit: Visit): boolean => (header(visit, 'content-encoding') ?? 'identity') !== 'identity';

/** One line, one measurement and one step of a trace for each answer. None holds an address as it was sent. */
function observe(http: FastifyInstance, { operations, log }: Parts): void {
  http.addHook('onRequest', (request, _reply, done) => {
    if (!isForMachines(request.routeOptions.url ?? 'none')) spanOf(request);
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    const status = reply.statusCode;
    // How long somebody listened says nothing of how fast they were answered.
    if (!isEventStream(reply)) operations.requests.observe({ method, route, status }, reply.elapsedTime / 1000);
    if (!isForMachines(route)) {
      spanOf(request).note({ 'http.response.status_code': status });
      spanOf(request).end(status >= 500 ? { code: String(status) } : undefined);
      log.info(
        { correlationId: correlationOf(request), method, route, status, ms: Math.round(reply.elapsedTime) },
        'request',
      );
    }
    done();
  });
}

function serveHealth(http: FastifyInstance, operations: Operations): void {
  http.get('/health/live', (_request, reply) => reply.send({ status: 'alive' }));
  http.get('/health/ready', async (_request, reply) => {
    const readiness = await operations.readiness();
    return reply.status(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  http.get('/metrics', async (_request, reply) => {
    reply.type(operations.registry.contentType);
    return reply.send(await operations.registry.metrics());
  });
}
