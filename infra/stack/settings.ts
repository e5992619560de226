import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, kafkaConnection, readSettings } from '#settings';
import type { Service } from '../postgres/migrate.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the local stack goes by. */
export interface StackSettings {
  /** The folder of everything that it keeps. */
  readonly home: string;
  /** The real ones, where there are any; nothing is embedded for them then. */
  readonly databaseUrl: string | undefined;
  readonly kafkaBrokers: string | undefined;
  readonly oidcIssuer: string | undefined;
  /** Of the keyring; the stack keeps one of its own without it. */
  readonly masterKey: Buffer | undefined;
  readonly audience: string;
  readonly claims: { readonly roles: string; readonly desks: string };
  readonly shards: number;
  readonly ports: Readonly<Record<Service | 'issuer' | 'postgres' | 'kafka', number>>;
}

const needed = [
  ...(['STET_HOME', 'STET_SHARDS', 'OIDC_AUDIENCE', 'OIDC_ROLES_CLAIM', 'OIDC_DESKS_CLAIM'] as const),
  ...(['DRAFTING_PORT', 'PUBLICATION_PORT', 'MODERATION_PORT', 'READING_PORT'] as const),
  ...(['ISSUER_PORT', 'POSTGRES_PORT', 'KAFKA_PORT', 'LOG_LEVEL', 'PAPER', 'RATE_LIMIT'] as const),
] as const;

/** Reads and checks what the stack needs, and what the services would refuse later. Throws a SettingsError that names each wrong variable. */
export function stackSettings(env: Environment): StackSettings {
  const optional = ['DATABASE_URL', 'KAFKA_BROKERS', 'OIDC_ISSUER', 'OIDC_JWKS_URI', 'KEYRING_MASTER_KEY'] as const;
  const read = readSettings(env, needed, optional);
  if (read.KAFKA_BROKERS !== undefined) kafkaConnection(env);
  return {
    home: resolve(root, read.STET_HOME),
    databaseUrl: read.DATABASE_URL,
    kafkaBrokers: read.KAFKA_BROKERS?.join(','),
    oidcIssuer: read.OIDC_ISSUER,
    masterKey: read.KEYRING_MASTER_KEY,
    audience: read.OIDC_AUDIENCE,
    claims: { roles: read.OIDC_ROLES_CLAIM, desks: read.OIDC_DESKS_CLAIM },
    shards: read.STET_SHARDS,
    ports: {
      drafting: read.DRAFTING_PORT,
      publication: read.PUBLICATION_PORT,
      moderation: read.MODERATION_PORT,
      reading: read.READING_PORT,
      issuer: read.ISSUER_PORT,
      postgres: read.POSTGRES_PORT,
      kafka: read.KAFKA_PORT,
    },
  };
}
