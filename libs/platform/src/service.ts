import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream, Logger } from 'pino';
import type { Actor } from '#decider';
import { readSettings, type Environment } from '#settings';
import { startTracing } from '#tracing';
import { Admission } from './admission.ts';
import { AnsweringAdapter } from './answer.ts';
import { boundConnections, serverBounds } from './bounds.ts';
import { EventStreams } from './event-streams.ts';
import { prepareHttp } from './http.ts';
import { nestLog, openLog } from './logging.ts';
import { serveOpenApi, type Description } from './openapi.ts';
import { Operations } from './operations.ts';
import { clientError, frameworkError, ProblemFilter } from './problem-filter.ts';
import { RateLimit } from './rate-limit.ts';
import { RouteBook } from './route-book.ts';
import { type Authenticate, authentication } from './tokens.ts';
import { BodyPipe } from './validation.ts';

export type ServiceName = 'drafting' | 'publication' | 'moderation' | 'reading';

/** What a service opens its connections with. */
export interface Ground {
  readonly env: Environment;
  readonly log: Logger;
  readonly operations: Operations;
  /** Where somebody is of a desk is asked here from now on; what their token says of desks counts no more. */
  readonly askDesks: (of: DesksOf) => void;
}
/** The desks that somebody is of, and their roles at each. */
export type DesksOf = (actor: Actor) => Promise<Required<Pick<Actor, 'desks' | 'at'>>>;

export interface ServiceOptions extends Description {
  readonly name: ServiceName;
  readonly module: Type;
  /** Opens logs, relays, consumers; registers their checks and their closing; gives what controllers are built with. */
  readonly open?: (ground: Ground) => Promise<Provider[]>;
  readonly env?: Environment;
  /** The service's own setting unless told; 0 is any free one. */
  readonly port?: number;
  /** Where log lines go; standard output unless told. */
  readonly logTo?: DestinationStream;
}

/** Requests that are not done by then are cut off. */
const stopTimeoutMs = 10_000;

/** Holds what the service's own modules are built with. */
@Module({})
class Platform {}

/** One running service. */
export class Service {
  constructor(
    readonly app: NestFastifyApplication,
    readonly operations: Operations,
    readonly log: Logger,
    private readonly listening: { readonly port: number; readonly host: string },
  ) {}

  /** Begins to listen; returns the address. */
  async listen(): Promise<string> {
    await this.app.listen(this.listening.port, this.listening.host);
    const url = await this.app.getUrl();
    this.log.info({ url }, 'listening');
    return url;
  }

  /**
   * Not ready from now on; finishes what is in flight (10 s at most), then closes what was opened, the last first.
   * Returns the names of what could not be closed.
   */
  async stop(): Promise<string[]> {
    this.operations.beginStop();
    const cut = setTimeout(() => {
      this.app.getHttpServer().closeAllConnections();
    }, stopTimeoutMs);
    await this.app.close();
    clearTimeout(cut);
    return this.operations.close();
  }
}

/** Builds a service with everything that is the same in all of them. Throws a SettingsError when a setting is wrong. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const env = options.env ?? process.env;
  const port = `${options.name.toUpperCase() as Uppercase<ServiceName>}_PORT` as const;
  const names = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_ROLES_CLAIM', 'OIDC_DESKS_CLAIM'] as const;
  const read = readSettings(
    env,
    [...names, 'LISTEN_HOST', 'RATE_LIMIT', 'LOG_LEVEL', port],
    [...(['OIDC_JWKS_URI', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const)],
  );
  const log = openLog(options.name, read.LOG_LEVEL, options.logTo);
  const operations = new Operations();
  try {
    if (read.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) {
      const traces = await startTracing(options.name, read.OTEL_EXPORTER_OTLP_ENDPOINT);
      operations.onStop('traces', () => traces.stop());
    }
    let desksOf: DesksOf | undefined;
    const askDesks = (asked: DesksOf) => {
      desksOf = asked;
    };
    const providers = (await options.open?.({ env, log, operations, askDesks })) ?? [];
    const verified = authentication({
      issuer: read.OIDC_ISSUER,
      audience: read.OIDC_AUDIENCE,
      jwksUri: read.OIDC_JWKS_URI,
      rolesClaim: read.OIDC_ROLES_CLAIM,
      desksClaim: read.OIDC_DESKS_CLAIM,
    });
    const authenticate: Authenticate = async (authorization) => {
      const actor = await verified(authorization);
      return desksOf ? { ...actor, ...(await desksOf(actor)) } : actor;
    };
    const admission = new Admission(authenticate, new RateLimit(read.RATE_LIMIT));
    const app = await build(options, { operations, log, providers, authenticate, admission });
    return new Service(app, operations, log, { port: options.port ?? read[port], host: read.LISTEN_HOST });
  } catch (error) {
    await operations.close();
    throw error;
  }
}

interface Parts {
  readonly operations: Operations;
  readonly log: Logger;
  readonly providers: Provider[];
  readonly authenticate: Authenticate;
  readonly admission: Admission;
}

async function build(options: ServiceOptions, parts: Parts): Promise<NestFastifyApplication> {
  const { operations, log, authenticate, admission } = parts;
  const provided = [
    ...parts.providers,
    { provide: Operations, useValue: operations },
    { provide: EventStreams, useValue: new EventStreams(operations) },
  ];
  const root = { module: Platform, global: true, imports: [options.module], providers: provided, exports: provided };
  const adapter = new AnsweringAdapter({
    ...serverBounds,
    return503OnClosing: false,
    frameworkErrors: frameworkError,
    clientErrorHandler: clientError,
  });
  const routes = new RouteBook();
  const http = adapter.getInstance<FastifyInstance>();
  prepareHttp(http, { operations, log, routes, authenticate });
  boundConnections(http.server);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLog(log),
  });
  app.useGlobalGuards(admission);
  app.useGlobalPipes(new BodyPipe());
  app.useGlobalFilters(new ProblemFilter(log, routes));
  serveOpenApi(app, options);
  await app.init();
  await http.ready();
  return app;
}
