import type { Service } from '../postgres/migrate.ts';
import { Trouble } from './trouble.ts';

/** What the local stack goes by. */
export interface StackSettings {
  readonly home: string;
  /** The real ones, where there are any; nothing is embedded for them then. */
  readonly databaseUrl: string | undefined;
  readonly kafkaBrokers: string | undefined;
  readonly oidcIssuer: string | undefined;
  readonly audience: string;
  readonly claims: { readonly roles: string; readonly desks: string };
  readonly shards: number;
  readonly ports: Readonly<Record<Service | 'issuer' | 'postgres' | 'kafka', number>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function stackSettings(env: Variables): StackSettings {
  const text = (name: string) => (env[name] === '' ? undefined : env[name]);
  const whole = (name: string, otherwise: number) => {
    const value = Number(text(name) ?? otherwise);
    if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Trouble(`${name} is not a number in range.`);
    return value;
  };
  return {
    home: text('STET_HOME') ?? '.stet',
    databaseUrl: text('DATABASE_URL'),
    kafkaBrokers: text('KAFKA_BROKERS'),
    oidcIssuer: text('OIDC_ISSUER'),
    audience: text('OIDC_AUDIENCE') ?? 'stet',
    claims: { roles: text('OIDC_ROLES_CLAIM') ?? 'roles', desks: text('OIDC_DESKS_CLAIM') ?? 'desks' },
    shards: whole('STET_SHARDS', 1),
    ports: {
      drafting: whole('DRAFTING_PORT', 4001),
      publication: whole('PUBLICATION_PORT', 4002),
      moderation: whole('MODERATION_PORT', 4003),
      reading: whole('READING_PORT', 4004),
      issuer: whole('ISSUER_PORT', 4000),
      postgres: whole('POSTGRES_PORT', 4054),
      kafka: whole('KAFKA_PORT', 4092),
    },
  };
}
