import { Kafka, type KafkaConfig, logLevel, type logCreator, type SASLOptions } from 'kafkajs';
import './at-rest.ts';
import './headers-once.ts';
import { socketOf } from './socket.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
/** Where the library writes. `details` never hold a message's data. */
export type Log = (level: LogLevel, text: string, details: Readonly<Record<string, unknown>>) => void;

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Put before every topic's and group's name, with a dot. */
  readonly topicPrefix: string;
  /** true: the machine's own authorities; `ca`: PEM text of those to trust. */
  readonly tls?: boolean | { readonly ca: string };
  readonly sasl?: { readonly mechanism: string; readonly username: string; readonly password: string };
  /** Nothing is written when it is left out. */
  readonly log?: Log;
}

/** A Kafka cluster, and the names that Stet uses there. */
export interface Broker {
  readonly kafka: Kafka;
  readonly log: Log;
  /** The topic's (or a group's) full name. */
  topic(name: string): string;
  /** The other way round. */
  bareName(topic: string): string;
  /** A client of its own with other limits of time, in milliseconds. */
  client(limits: { requestTimeout: number }): Kafka;
}

/** What every start and every restart of a broker or a group brings with it, and advice that was heard. Nobody has to act. */
const passing =
  /switched default partitioner|concurrent operation on the same transaction|Limiting retries for the idempotent producer|coordinator is (?:not available|loading|not aware)|group coordinator|rebalanc|no leader for this topic-partition|not the correct coordinator|leadership election|does not host this topic|not aware of this member/i;

/** Whether an error passes by itself. */
export const passes = (text: string) => passing.test(text);

const levels: Readonly<Record<number, LogLevel>> = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
};

function logCreatorOf(log: Log): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...details } = entry.log;
    const error: unknown = details.error;
    const noise = passes(message) || (typeof error === 'string' && passes(error));
    log(noise ? 'debug' : (levels[entry.level] ?? 'debug'), `kafka: ${message}`, details);
  };
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  const known = (['plain', 'scram-sha-256', 'scram-sha-512'] as const).find((one) => one === mechanism.toLowerCase());
  if (!known) throw new Error(`SASL mechanism ${mechanism} is not one of plain, scram-sha-256, scram-sha-512.`);
  return { mechanism: known, username, password };
}

function configOf(settings: KafkaSettings): KafkaConfig {
  const { tls = false } = settings;
  return {
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    socketFactory: socketOf,
    ssl: typeof tls === 'object' ? { ca: [tls.ca] } : tls,
    ...(settings.sasl && { sasl: saslOf(settings.sasl) }),
    logLevel: settings.log ? logLevel.WARN : logLevel.NOTHING,
    ...(settings.log && { logCreator: logCreatorOf(settings.log) }),
  };
}

/** Nothing is asked of the cluster yet: the first producer, consumer or ensureTopics connects. Throws for a wrong setting. */
export function connectKafka(settings: KafkaSettings): Broker {
  const config = configOf(settings);
  const prefix = `${settings.topicPrefix}.`;
  return {
    kafka: new Kafka(config),
    log: settings.log ?? (() => undefined),
    topic: (name) => prefix + name,
    bareName: (topic) => (topic.startsWith(prefix) ? topic.slice(prefix.length) : topic),
    client: (limits) => new Kafka({ ...config, ...limits, enforceRequestTimeout: true }),
  };
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
