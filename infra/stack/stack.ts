import { randomBytes } from 'node:crypto';
import { migrate, passwordOfRoles, type Service } from '../postgres/migrate.ts';
import {
  enter,
  firstToEnd,
  type Ground,
  kafkaPorts,
  kafkaRuntime,
  ownKafka,
  ownPostgres,
  postgresPort,
} from './backing.ts';
import { build } from './build.ts';
import { type Home, keep } from './home.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type NeededPort, requireBrokers, requireFree } from './ports.ts';
import type { Launched } from './processes.ts';
import type { Report } from './report.ts';
import { launchServices, services, waitUntilReady } from './services.ts';
import type { StackSettings } from './settings.ts';
import { codeOf, Trouble } from './trouble.ts';

export { startBacking, type Backing } from './backing.ts';
export { type Person, roles } from './issuer.ts';
export { endWith } from './interrupted.ts';
export { freePorts } from './ports.ts';
export { toNobody, toStandardError, toTerminal } from './report.ts';
export { stackSettings, type StackSettings } from './settings.ts';

/** The whole system, running. */
export interface Stack {
  readonly home: Home;
  /** Connects as the owner of everything. */
  readonly adminUrl: string;
  readonly brokers: string;
  readonly urls: Readonly<Record<Service, string>>;
  readonly issuerUrl: string;
  /** A token of the development issuer; undefined when tokens come from a real one. */
  readonly token: Issuer['token'] | undefined;
  /** Says which part has ended, and how, if one does by itself. */
  readonly failed: Promise<string>;
  /** Stops services, Kafka, Postgres, in this order; the data stay. */
  readonly stop: () => Promise<void>;
}

export interface StackOptions {
  readonly settings: StackSettings;
  readonly report: Report;
  /** Data that are thrown away: Postgres does not wait for the disk. */
  readonly throwaway?: boolean;
  /** Told as soon as there is something to stop, so that it can be stopped while it is starting. */
  readonly entered?: (stop: () => Promise<void>) => void;
}

/** Builds what has changed, starts everything that is not there already, and answers when all services are ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, report } = options;
  const ground = await enter(settings.home, report);
  let issuer: Issuer | undefined;
  const stop = async () => {
    await ground.leave();
    await issuer?.stop();
  };
  options.entered?.(stop);
  try {
    await requireFree(portsOf(settings));
    if (settings.oidcIssuer === undefined) {
      issuer = await startIssuer({
        port: settings.ports.issuer,
        audience: settings.audience,
        claims: settings.claims,
        keyFile: `${ground.home.path}/issuer-key.json`,
      });
    }
    const running = await startAll(ground, { ...options, issuerUrl: issuer?.url ?? settings.oidcIssuer ?? '' });
    return { ...running, home: ground.home, token: issuer?.token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const serverPorts = ({ ports, databaseUrl, kafkaBrokers }: StackSettings): NeededPort[] => [
  ...(databaseUrl === undefined ? [postgresPort(ports.postgres)] : []),
  ...(kafkaBrokers === undefined ? kafkaPorts(ports.kafka) : []),
];

function portsOf({ ports, ...settings }: StackSettings): NeededPort[] {
  return [
    ...serverPorts({ ports, ...settings }),
    ...(settings.oidcIssuer === undefined
      ? [{ port: ports.issuer, of: 'the token issuer', variable: 'ISSUER_PORT' }]
      : []),
    ...services.map((of) => ({ port: ports[of], of, variable: `${of.toUpperCase()}_PORT` })),
  ];
}

/** What the services stand on: Postgres with every schema, and Kafka; of our own, or as the settings name them. */
interface Servers {
  readonly adminUrl: string;
  readonly brokers: string;
  readonly databaseUrls: Readonly<Record<Service, string>>;
  readonly processes: readonly Launched[];
}

/** Has them run for as long as `work` takes, without services. Nobody else works in that home meanwhile. */
export async function withServers<T>(options: StackOptions, work: (servers: Servers) => Promise<T>): Promise<T> {
  const { settings, report } = options;
  const ground = await enter(settings.home, report);
  options.entered?.(ground.leave);
  try {
    await requireFree(serverPorts(settings));
    return await work(await startServers(ground, { ...options, runtime: await runtimeOf(ground, settings) }));
  } finally {
    await ground.leave();
  }
}

/** Undefined where Kafka is not our own. */
const runtimeOf = (ground: Ground, { kafkaBrokers }: StackSettings) =>
  kafkaBrokers === undefined ? kafkaRuntime(ground) : requireBrokers(kafkaBrokers);

type Starting = StackOptions & { readonly runtime: Awaited<ReturnType<typeof runtimeOf>> };

async function startServers(ground: Ground, { settings, runtime, throwaway = false }: Starting): Promise<Servers> {
  const { home, report } = ground;
  const processes: Launched[] = [];
  const database = async () => {
    if (settings.databaseUrl !== undefined) return settings.databaseUrl;
    const postgres = await ownPostgres(ground, { port: settings.ports.postgres, throwaway });
    processes.push(postgres.process);
    return postgres.adminUrl;
  };
  const broker = async () => {
    if (!runtime) return settings.kafkaBrokers ?? '';
    const kafka = await ownKafka(ground, { ...runtime, port: settings.ports.kafka });
    processes.push(kafka.process);
    return kafka.brokers;
  };
  const [adminUrl, brokers] = await Promise.all([database(), broker()]);
  const databaseUrls = await report.step('Creating or checking roles, schemas and tables', () =>
    migrated(home, adminUrl, settings),
  );
  return { adminUrl, brokers, databaseUrls, processes };
}

async function startAll(ground: Ground, options: StackOptions & { issuerUrl: string }) {
  const { settings, issuerUrl } = options;
  const { home, report } = ground;
  const [runtime] = await Promise.all([runtimeOf(ground, settings), build(report)]);
  const { adminUrl, brokers, databaseUrls, processes } = await startServers(ground, { ...options, runtime });
  const urls = Object.fromEntries(
    services.map((service) => [service, `http://localhost:${settings.ports[service]}`]),
  ) as Record<Service, string>;
  const env = { ...environment(settings), KAFKA_BROKERS: brokers, OIDC_ISSUER: issuerUrl, STET_HOME: home.path };
  const masterKey =
    settings.masterKey?.toString('base64url') ??
    keep(`${home.path}/keyring-key`, () => randomBytes(32).toString('base64url'));
  const running = [...processes];
  await report.step('Starting the services', async () => {
    const launched = await launchServices({ place: home, env, databaseUrls, masterKey });
    running.push(...launched);
    await Promise.all(launched.map((service) => waitUntilReady(service, urls[service.name as Service])));
  });
  return { adminUrl, brokers, urls, issuerUrl, failed: firstToEnd(running) };
}

/** The settings that a service shares with the stack. */
const environment = ({ ports, shards, audience, claims }: StackSettings): Record<string, string> => ({
  STET_SHARDS: String(shards),
  OIDC_AUDIENCE: audience,
  OIDC_ROLES_CLAIM: claims.roles,
  OIDC_DESKS_CLAIM: claims.desks,
  ...Object.fromEntries(services.map((service) => [`${service.toUpperCase()}_PORT`, String(ports[service])])),
});

async function migrated(home: Home, adminUrl: string, { shards, databaseUrl }: StackSettings) {
  try {
    const password = (databaseUrl && passwordOfRoles(databaseUrl)) ?? home.password;
    return await migrate(adminUrl, { shards, password });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const advice = `Run the Stet that made these data, or set ${databaseUrl === undefined ? 'STET_HOME' : 'DATABASE_URL'} to others.`;
    // Without a code it is no failure of Postgres, but a refusal by the migration itself.
    if (codeOf(error) === undefined) throw new Trouble(`${error.message} ${advice}`, { cause: error });
    if (databaseUrl === undefined) throw error;
    const said = error.message || String(codeOf(error));
    throw new Trouble(
      `The Postgres of DATABASE_URL (${new URL(databaseUrl).host}) could not be set up: ${said}. Its role must be able to connect, and to create roles and schemas.`,
      { cause: error },
    );
  }
}
