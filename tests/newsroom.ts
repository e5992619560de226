import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import type { Service } from '../infra/postgres/migrate.ts';
import { freePorts, type Stack, stackSettings, startStack, toNobody } from '../infra/stack/stack.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text. */
  readonly body: Record<string, unknown>;
}
/** Somebody at work, with a token of their own. */
export interface Person {
  get(service: Service, path: string, headers?: Record<string, string>): Promise<Reply>;
  /** With an Idempotency-Key of its own unless one is given. */
  post(service: Service, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Like post, but throws unless it was accepted. */
  command(service: Service, path: string, body?: unknown): Promise<Accepted>;
}
export interface Accepted {
  readonly id: string;
  readonly version: number;
  readonly position: string;
  readonly state: string;
}
/** The whole system on ports of its own, four services as four processes. */
export interface Newsroom {
  readonly stack: Stack;
  /** The full name of a topic. */
  readonly topic: (name: string) => string;
  /** `as('editor', 'edna')`; the name is the id. */
  as(role: string, name?: string): Person;
  close(): Promise<void>;
}

const names = ['ISSUER', 'DRAFTING', 'PUBLICATION', 'MODERATION', 'READING', 'POSTGRES', 'KAFKA'];

const open = new Set<() => Promise<void>>();
/** Ends those that are there, also what is only just starting. */
export const endAll = (): Promise<unknown> => Promise.all([...open].map((end) => end()));

/** A folder for a newsroom. It says whose it is: `npm test` ends what a process that is gone has left. */
export function newHome(): string {
  const home = fileURLToPath(new URL(`../.stet/test-${randomUUID().slice(0, 8)}-${process.pid}`, import.meta.url));
  mkdirSync(home, { recursive: true });
  return home;
}

/**
 * With a database and topics of its own on the servers of the tests, or with those given. Where only a folder is given, with a Postgres and a
 * Kafka in it. All of it goes with the newsroom.
 */
export async function openNewsroom(env: Record<string, string> = {}, given?: string, place?: Place): Promise<Newsroom> {
  const home = given ?? newHome();
  const shared = place ?? (given === undefined ? await placeOnServers(Number(env.STET_SHARDS ?? 1)) : undefined);
  const STET_TOPIC_PREFIX = shared?.topicPrefix ?? 'stet';
  const first = await freePorts(names.length + 1);
  const ports = Object.fromEntries(names.map((name, at) => [`${name}_PORT`, String(first + at)]));
  // The services inherit our environment.
  Object.assign(process.env, { RATE_LIMIT: '0', STET_TOPIC_PREFIX, ...env });
  const settings = stackSettings({ ...process.env, ...ports, ...shared?.env, ...env, STET_HOME: home });
  let stop = () => Promise.resolve();
  const end = async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
    open.delete(end);
  };
  open.add(end);
  const entered = (whole: () => Promise<void>) => (stop = whole);
  const stack = await startStack({ settings, report: toNobody, throwaway: true, entered });
  return {
    stack,
    topic: (name) => `${STET_TOPIC_PREFIX}.${name}`,
    as: (role, name = role) => person(stack, role, name),
    async close() {
      await end();
      await shared?.leave();
      delete process.env.STET_TOPIC_PREFIX;
    },
  };
}

type Place = Awaited<ReturnType<typeof placeOnServers>>;

/** What the settings of a newsroom say of the servers that STET_TEST_DATABASE_URL and STET_TEST_KAFKA_BROKERS name, and how nothing is left there. */
export async function placeOnServers(shards: number) {
  const { STET_TEST_KAFKA_BROKERS: brokers = '' } = process.env;
  // Only here: campaigns start newsrooms as well, in a Node that strips types and does no more.
  const { createTestDatabase } = await import('#testing');
  const database = await createTestDatabase({ shards });
  const topicPrefix = `newsroom-${randomUUID().slice(0, 8)}`;
  return {
    topicPrefix,
    env: { DATABASE_URL: database.adminUrl, KAFKA_BROKERS: brokers },
    async leave() {
      await database.drop();
      const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
      await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  };
}

function person(stack: Stack, role: string, name: string): Person {
  const token = stack.token?.({ sub: name, name, roles: [role], desks: ['city', 'world'] });
  async function call(service: Service, path: string, init: RequestInit): Promise<Reply> {
    const headers = { authorization: `Bearer ${(await token) ?? ''}`, ...(init.headers as Record<string, string>) };
    const response = await fetch(`${stack.urls[service]}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Record<string, unknown>,
    };
  }
  const post: Person['post'] = (service, path, body = {}, headers = {}) =>
    call(service, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
    });
  return {
    get: (service, path, headers = {}) => call(service, path, { headers }),
    post,
    async command(service, path, body) {
      const { status, body: answer } = await post(service, path, body);
      if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
      return answer as unknown as Accepted;
    },
  };
}
