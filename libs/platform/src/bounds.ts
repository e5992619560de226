import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Room } from './room.ts';
import type { Authenticate } from './tokens.ts';
import { header, type Visit } from './visit.ts';

/** Bytes of a body that is long, and of the longest. */
const long = 16_384;
const longest = 1_048_576;
/** Requests that are worked at in this process at a time, and those with a long body, from its first byte on. */
const most = { working: 2000, long: 128 };
/** Connections; each is a file of the process, see `ulimit -n`. */
const mostConnections = 12_000;
/** Milliseconds that somebody may take to send the head of a request, all of it, and to read on of an answer; and that an idle connection is kept, longer than by balancers. */
const patience = { head: 10_000, request: 20_000, answer: 15_000, idle: 72_000 };
/** Milliseconds between two looks at the first two of them. */
const betweenLooks = 1000;

/** What Fastify and Node see to. */
export const serverBounds = {
  bodyLimit: longest,
  requestTimeout: patience.request,
  keepAliveTimeout: patience.idle,
  http: { headersTimeout: patience.head, connectionsCheckingInterval: betweenLooks },
};

/** Beyond the most, a connection is refused, and those that are idle are closed to make room. */
export function boundConnections(server: Server): void {
  server.maxConnections = mostConnections;
  server.on('drop', () => {
    server.closeIdleConnections();
  });
}

/** Whether the process lives, and how, can be asked at any time. */
export const isForMachines = (route: string) => /^\/(health|metrics)/.test(route);

/** No more is taken on than fits into memory, and nobody keeps what it takes by being slow. Whoever sends much has to say first who they are. */
export function bound(http: FastifyInstance, authenticate: Authenticate): void {
  const [working, sending] = [new Room(most.working), new Room(most.long)];
  http.addHook('onRequest', async (request, reply) => {
    if (!isLong(request)) return;
    await authenticate(request.headers.authorization);
    sending.enter(request.raw, reply.raw);
  });
  http.addHook('preHandler', (request, reply, done) => {
    if (!isForMachines(request.routeOptions.url ?? '')) working.enter(request.raw, reply.raw);
    done();
  });
  http.addHook('onSend', ({ raw: { socket } }, _reply, payload, done) => {
    // Node sets it anew when the answer is out. Without a network there is no real one.
    if (socket instanceof Socket) socket.setTimeout(patience.answer);
    done(null, payload);
  });
}

/** A body that does not say how long it is may be as long as any. */
const isLong = (visit: Visit) =>
  header(visit, 'transfer-encoding') !== undefined || Number(header(visit, 'content-length') ?? 0) > long;
