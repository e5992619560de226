import { readFileSync } from 'node:fs';
import { present, readSettings, SettingsError, type Environment } from './read.ts';

export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** Absent: in clear. Without `ca`, the system's own authorities. */
  readonly tls?: { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** How to reach Kafka, from the KAFKA_ settings and STET_TOPIC_PREFIX. Throws a SettingsError. */
export function kafkaConnection(env: Environment): KafkaConnection {
  const read = readSettings(env, ['KAFKA_BROKERS', 'KAFKA_TLS', 'STET_TOPIC_PREFIX'], ['KAFKA_TLS_CA']);
  const tls = read.KAFKA_TLS === 'on' ? { tls: authority(read.KAFKA_TLS_CA) } : {};
  return { brokers: read.KAFKA_BROKERS, topicPrefix: read.STET_TOPIC_PREFIX, ...tls, ...login(env) };
}

function authority(file: string | undefined): { ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    throw new SettingsError([`KAFKA_TLS_CA must be a file that can be read, not '${file.slice(0, 200)}'.`]);
  }
}

function login(env: Environment): Pick<KafkaConnection, 'sasl'> {
  const given = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
  if (given.every((name) => present(env[name]) === undefined)) return {};
  const read = readSettings(env, given);
  return {
    sasl: {
      mechanism: read.KAFKA_SASL_MECHANISM,
      username: read.KAFKA_SASL_USERNAME,
      password: read.KAFKA_SASL_PASSWORD,
    },
  };
}
