import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { type Broker, connectKafka } from '#messaging';
import { type Environment, kafkaConnection, readSettings } from '#settings';
import type { Service } from '../postgres/migrate.ts';
import { stackSettings } from '../stack/settings.ts';
import { codeOf, Trouble } from '../stack/trouble.ts';

/** The services that have a log. */
export const writers = ['drafting', 'publication', 'moderation'] as const satisfies readonly Service[];
export type Writer = (typeof writers)[number];

/** What cannot be reached: Postgres, Kafka, a service, a file that must be there. */
export class Unreachable extends Trouble {}

/** The system that the settings name, as its operator sees it. */
export interface Ground {
  readonly env: Environment;
  readonly home: string;
  /** Connections that cannot write, whatever is sent over them, with one service's schema in front. */
  pool(schema: Service): pg.Pool;
  /** Nothing is asked of Kafka until it is used. */
  broker(): Broker;
  anchorFile(service: Writer): string;
  /** Tells how far something has come, on standard error; not more often than once a second. */
  progress(text: string): void;
  close(): Promise<void>;
}

export function openGround(env: Environment): Ground {
  const settings = stackSettings(env);
  const { ANCHORS_AT: anchorsAt = `${settings.home}/anchors/{service}.jsonl` } = readSettings(env, [], ['ANCHORS_AT']);
  const pools: pg.Pool[] = [];
  const began = performance.now();
  let told = began;
  return {
    env,
    home: settings.home,
    pool(schema) {
      const pool = new pg.Pool({
        ...{ connectionString: databaseUrl(settings), max: 2, connectionTimeoutMillis: 5000 },
        options: `-c search_path=${schema} -c default_transaction_read_only=on`,
      });
      pool.on('error', () => undefined);
      pools.push(pool);
      return pool;
    },
    broker() {
      const KAFKA_BROKERS = settings.kafkaBrokers ?? `127.0.0.1:${settings.ports.kafka}`;
      const { tls, ...connection } = kafkaConnection({ ...env, KAFKA_BROKERS });
      return connectKafka({
        ...{ ...connection, clientId: 'stet-operator' },
        ...(tls && { tls: tls.ca === undefined ? true : { ca: tls.ca } }),
      });
    },
    anchorFile: (service) => resolve(anchorsAt.replaceAll('{service}', service)),
    progress(text) {
      const now = performance.now();
      if (now - told < 1000) return;
      told = now;
      process.stderr.write(`${((now - began) / 1000).toFixed(0)} s: ${text}\n`);
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

function databaseUrl({ databaseUrl: given, home, ports }: ReturnType<typeof stackSettings>): string {
  if (given !== undefined) return given;
  const file = `${home}/data/password`;
  try {
    return `postgres://postgres:${readFileSync(file, 'utf8').trim()}@127.0.0.1:${ports.postgres}/stet`;
  } catch (error) {
    throw new Unreachable(`There is no system in ${home} (no ${file}): set DATABASE_URL, or STET_HOME to its folder.`, {
      cause: error,
    });
  }
}

const network = /^(E[A-Z]+|08\w{3}|57P\d\d|28\w{3}|3D000)$/;

/** Whether an error says that something could not be reached, and not that something is wrong with it. */
export const unreached = (error: unknown): boolean =>
  error instanceof Unreachable ||
  network.test(String(codeOf(error))) ||
  (error instanceof Error &&
    /^(KafkaJS(Connection|NumberOfRetries)|AggregateError)|timeout/i.test(`${error.name} ${error.message}`));
