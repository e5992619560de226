import {
  brokers,
  bytes,
  matching,
  oneOf,
  port,
  postgresAddress,
  text,
  webAddress,
  whole,
  type Parse,
} from './parse.ts';

/** Who reads a setting: `stack` is what `npm start` runs (Postgres, Kafka, the token issuer). */
export type Reader =
  'stack' | 'issuer' | 'services' | 'drafting' | 'publication' | 'moderation' | 'reading' | 'operator';

export interface Setting<T = unknown> {
  readonly meaning: string;
  readonly parse: Parse<T>;
  readonly by: readonly Reader[];
  /** The text used when the variable is not set. */
  readonly fallback?: string;
  /** What happens without it, when it may be missing and has no fallback. */
  readonly without?: string;
  /** Never shown, not even when it is wrong. */
  readonly secret?: true;
}

const setting = <T, const S extends Setting<T>>(row: S & Setting<T>) => row;

const portOf = (name: Reader | 'Postgres' | 'Kafka', by: Reader, fallback: string) =>
  ({ meaning: `Port of ${name}.`, parse: port, by: [by], fallback }) as const;

/** Every setting of every process, each an environment variable. */
export const settings = {
  DATABASE_URL: setting({
    meaning: 'Postgres. For the stack: a role that may create roles and schemas; for a service: its own role.',
    parse: postgresAddress,
    by: ['stack', 'services'],
    without: 'the stack runs an embedded Postgres',
    secret: true,
  }),
  KAFKA_BROKERS: setting({
    meaning: 'Kafka brokers, as host:port,host:port.',
    parse: brokers,
    by: ['stack', 'services'],
    without: 'the stack runs a single-node Kafka',
  }),
  KAFKA_TLS: setting({
    meaning: 'Whether brokers are reached over TLS.',
    parse: oneOf('off', 'on'),
    by: ['stack', 'services'],
    fallback: 'off',
  }),
  KAFKA_TLS_CA: setting({
    meaning: "File with the certificate authority of the brokers' certificates, in PEM.",
    parse: text,
    by: ['stack', 'services'],
    without: "the system's own authorities",
  }),
  KAFKA_SASL_MECHANISM: setting({
    meaning: 'How to log in to the brokers.',
    parse: oneOf('plain', 'scram-sha-256', 'scram-sha-512'),
    by: ['stack', 'services'],
    without: 'no login',
  }),
  KAFKA_SASL_USERNAME: setting({
    meaning: 'Name to log in to the brokers with.',
    parse: text,
    by: ['stack', 'services'],
    without: 'no login',
  }),
  KAFKA_SASL_PASSWORD: setting({
    meaning: 'Password to log in to the brokers with.',
    parse: text,
    by: ['stack', 'services'],
    without: 'no login',
    secret: true,
  }),
  STET_TOPIC_PREFIX: setting({
    meaning: 'First part of the name of every topic and consumer group.',
    parse: matching(/^[a-z][a-z\d-]{0,40}$/, 'lower-case letters, digits and hyphens, a letter first, 41 at most'),
    by: ['stack', 'services'],
    fallback: 'stet',
  }),
  STET_SHARDS: setting({
    meaning: 'Shards of each log, and partitions of each topic. Never changes once there is anything in the log.',
    parse: whole(1, 64),
    by: ['stack', 'services'],
    fallback: '1',
  }),
  STET_HOME: setting({
    meaning: 'Directory of what the local stack keeps: data, downloads, logs, anchors.',
    parse: text,
    by: ['stack', 'services'],
    fallback: '.stet',
  }),
  KEYRING_MASTER_KEY: setting({
    meaning: "Wraps the keys of persons' data: 32 random bytes in base64url. Lost, whatever is sealed is lost.",
    parse: bytes(32),
    by: ['stack', 'drafting', 'moderation', 'reading'],
    without: 'the stack makes one, in <STET_HOME>/keyring-key',
    secret: true,
  }),
  ANCHOR_FILE: setting({
    meaning: "File that a service notes its log's heads in, outside the database.",
    parse: text,
    by: ['drafting', 'publication', 'moderation'],
    without: '<STET_HOME>/anchors/<service>.jsonl',
  }),
  OIDC_ISSUER: setting({
    meaning: 'Issuer of the tokens that services accept, exactly as in their `iss`.',
    parse: webAddress,
    by: ['stack', 'services'],
    without: 'the stack runs a token issuer for development',
  }),
  OIDC_AUDIENCE: setting({
    meaning: 'What a token must have in `aud`.',
    parse: text,
    by: ['issuer', 'services'],
    fallback: 'stet',
  }),
  OIDC_JWKS_URI: setting({
    meaning: "Where the issuer's public keys are.",
    parse: webAddress,
    by: ['services'],
    without: "found through the issuer's discovery document",
  }),
  OIDC_ROLES_CLAIM: setting({
    meaning: 'Claim that lists roles; dots lead into nested claims (realm_access.roles).',
    parse: text,
    by: ['issuer', 'services'],
    fallback: 'roles',
  }),
  OIDC_DESKS_CLAIM: setting({
    meaning: 'Claim that lists desks; dots lead into nested claims.',
    parse: text,
    by: ['issuer', 'services'],
    fallback: 'desks',
  }),
  DESK_MEMBERSHIP: setting({
    meaning: 'What says in drafting who is of which desk, and in which roles: `token`, or what desks `record` of it.',
    parse: oneOf('token', 'record'),
    by: ['drafting'],
    fallback: 'token',
  }),
  LISTEN_HOST: setting({
    meaning: 'Address that services listen on; 0.0.0.0 in a container.',
    parse: text,
    by: ['services'],
    fallback: '127.0.0.1',
  }),
  DRAFTING_PORT: setting(portOf('drafting', 'drafting', '4001')),
  PUBLICATION_PORT: setting(portOf('publication', 'publication', '4002')),
  MODERATION_PORT: setting(portOf('moderation', 'moderation', '4003')),
  READING_PORT: setting(portOf('reading', 'reading', '4004')),
  ISSUER_PORT: setting(portOf('issuer', 'issuer', '4000')),
  POSTGRES_PORT: setting(portOf('Postgres', 'stack', '4054')),
  KAFKA_PORT: setting({ ...portOf('Kafka', 'stack', '4092'), meaning: 'Port of Kafka; its controller has the next.' }),
  PAPER: setting({
    meaning: "The paper's name, for editions that are not named otherwise.",
    parse: matching(/^[^\p{Cc}\p{Cs}]{1,200}$/u, '1 to 200 characters without control characters'),
    by: ['publication'],
    fallback: 'The Daily Stet',
  }),
  RATE_LIMIT: setting({
    meaning: 'Requests that a caller may make in a second, per service process; 0 is no limit.',
    parse: whole(0, 1_000_000),
    by: ['services'],
    fallback: '300',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting({
    meaning: 'Where traces are sent, over OTLP/HTTP as JSON; `/v1/traces` is added.',
    parse: webAddress,
    by: ['services'],
    without: 'nothing is traced, at no cost',
  }),
  LOG_LEVEL: setting({
    meaning: 'How much is logged.',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    by: ['services'],
    fallback: 'info',
  }),
  ANCHORS_AT: setting({
    meaning:
      "Where the operator's command finds what services noted in ANCHOR_FILE; `{service}` stands for the name of each.",
    parse: text,
    by: ['operator'],
    without: '<STET_HOME>/anchors/{service}.jsonl',
  }),
  SERVICES_AT: setting({
    meaning:
      "Where the operator's command asks services; `{service}` stands for the name of each, `{port}` for its port.",
    parse: matching(/^https?:\/\/[\w.:{}[\]/-]+$/, 'an http or https address'),
    by: ['operator'],
    fallback: 'http://localhost:{port}',
  }),
  STET_TOKEN: setting({
    meaning: "Token of an operator, for what the operator's command asks of the services.",
    parse: text,
    by: ['operator'],
    without: 'that of <STET_HOME>/tokens.env',
    secret: true,
  }),
  NODE_ENV: setting({
    meaning: 'In production the development token issuer refuses to run.',
    parse: text,
    by: ['issuer'],
    fallback: 'development',
  }),
} as const;
