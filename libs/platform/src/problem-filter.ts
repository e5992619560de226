import type { Socket } from 'node:net';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { faultOf } from './logging.ts';
import { Problem, problemOf, problemOfStatus } from './problem.ts';
import type { RouteBook } from './route-book.ts';
import { correlationOf, pathOf, type Visit } from './visit.ts';

const mediaType = 'application/problem+json; charset=utf-8';

/** Sends a problem. Neither the address nor anything of the body comes back in it. */
export function sendProblem(problem: Problem, visit: Visit, reply: FastifyReply): void {
  void reply
    .status(problem.status)
    .headers({ ...problem.headers(), 'Cache-Control': 'no-store' })
    .type(mediaType)
    .send(JSON.stringify(problem.body(correlationOf(visit))));
}

/** The one place where what was thrown, by whomever, becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly routes: RouteBook,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const visit = http.getRequest<Visit>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const problem = this.#problemOf(error, visit);
    if (problem.code === 'internal') {
      this.log.error({ correlationId: correlationOf(visit), fault: faultOf(error) }, 'unexpected fault');
    }
    sendProblem(problem, visit, reply);
  }

  /** Whatever else throws a 404 is no HTTP exception: that one is an address, or a method, that no route takes. */
  #problemOf(error: unknown, visit: Visit): Problem {
    if (error instanceof HttpException && error.getStatus() === 404) {
      const allowed = this.routes.methodsOf(pathOf(visit.url));
      return allowed.length === 0
        ? new Problem('route-not-found')
        : new Problem('method-not-allowed', { headers: { Allow: allowed.join(', ') } });
    }
    return problemOf(error, visit.headers['if-match'] !== undefined);
  }
}

/** Addresses that the router cannot even read. */
export function frameworkError(error: { statusCode?: number }, visit: Visit, reply: FastifyReply): void {
  sendProblem(problemOfStatus(error.statusCode ?? 400), visit, reply);
}

/** What is not HTTP at all has neither request nor reply: the answer is written as bytes, and the connection ends. */
export function clientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
  const problem = problemOfStatus(statuses[error.code ?? ''] ?? 400);
  const body = JSON.stringify(problem.body());
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // Whoever is told why and stays all the same must not keep the connection.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
