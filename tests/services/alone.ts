import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import { Rejection } from '#decider';
import { commandId, EventStore } from '#event-store';
import { Keyring, Vault } from '#keyring';
import type { Incoming, Reaction } from '#messaging';
import { Parking } from '#parking';
import { createService, type DesksOf, type ServiceOptions } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';
import { type Issuer, startIssuer } from '../../infra/stack/issuer.ts';
import { freePorts } from '../../infra/stack/ports.ts';
import { bodyOf } from './listening.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}
/** One write service in this process, with a log and an issuer of its own, and without Kafka. */
export interface Alone {
  readonly url: string;
  readonly store: EventStore;
  readonly issuer: Issuer;
  readonly database: TestDatabase;
  /** Every line that the service has logged. */
  readonly lines: readonly string[];
  /** As `'editor'`, or `'editor edna'` with a name; all are of the desk `city`. Without a body: GET. A text is sent as it is. */
  call(who: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** How many events there are, in all shards. */
  effects(): Promise<bigint>;
  /** The token of somebody named as for `call`. */
  token(who: string): Promise<string>;
  /** Lets a reaction of this service hear an event; returns the codes of refusals that it expects. */
  hear(reaction: Reaction, message: Heard): Promise<string[]>;
  close(): Promise<void>;
}
type Heard = Pick<Incoming, 'type' | 'key' | 'data'> & Partial<Incoming>;

/** What it is made of; `provide` is what its controllers are built with besides the EventStore. */
export interface Parts extends Pick<ServiceOptions, 'name' | 'module'> {
  readonly provide?: readonly Provider[];
  readonly queueLimit?: number;
  /** Who is of which desk, where tokens do not say. */
  readonly desksFrom?: (store: EventStore) => DesksOf;
}

export async function openAlone({ name, module, provide = [], desksFrom, ...limits }: Parts): Promise<Alone> {
  const home = mkdtempSync(join(tmpdir(), 'stet-alone-'));
  const claims = { roles: 'roles', desks: 'desks' };
  const keyFile = join(home, 'key.json');
  const issuer = await startIssuer({ port: await freePorts(1), audience: 'stet', keyFile, claims });
  const database = await createTestDatabase();
  const connectionString = database.urls[name];
  // The role of every other service is refused.
  const keys = { connectionString, masterKey: Buffer.alloc(32, 1) };
  const keyring = name === 'moderation' ? await Keyring.open(keys) : undefined;
  const vault = name === 'drafting' ? new Vault(keys) : undefined;
  const store = await EventStore.open({ connectionString, service: name, keyring, ...limits });
  const lines: string[] = [];
  const service = await createService({
    ...{ name, module, title: name, description: 'under test' },
    open({ askDesks }) {
      if (desksFrom) askDesks(desksFrom(store));
      return Promise.resolve([
        { provide: EventStore, useValue: store },
        { provide: Parking, useValue: store.reactions.parking },
        ...(vault ? [{ provide: Vault, useValue: vault }] : []),
        ...provide,
      ]);
    },
    env: { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'stet', RATE_LIMIT: '0' },
    port: 0,
    logTo: { write: (line) => lines.push(line) },
  });
  const url = await service.listen();
  let heard = 0n;
  const tokens = new Map<string, Promise<string>>();
  const token = (who: string) => {
    const [role = '', sub = role] = who.split(' ');
    const known = tokens.get(who) ?? issuer.token({ sub, name: sub, roles: [role], desks: ['city'] });
    tokens.set(who, known);
    return known;
  };
  return {
    ...{ url, store, issuer, database, lines, token },
    async call(who, path, body, headers = {}) {
      const authorization = `Bearer ${await token(who)}`;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const sent = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const response = await fetch(
        `${url}${path}`,
        body === undefined
          ? { headers: { authorization, ...headers } }
          : { method: 'POST', body: text, headers: { authorization, ...sent, ...headers } },
      );
      const answer = (await bodyOf(response)) as Reply['body'];
      return { status: response.status, headers: response.headers, body: answer };
    },
    effects: async () => (await store.heads()).reduce((sum, { position }) => sum + position, 0n),
    async hear(reaction, message) {
      const incoming = incomingOf(reaction.topic, ++heard, message);
      const steps = (await reaction.on[message.type]?.(incoming, store)) ?? [];
      const refused: string[] = [];
      for (const [at, step] of steps.entries()) {
        const order = {
          commandId: commandId('reaction', reaction.name, incoming.id, String(at)),
          actor: { id: 'reaction', name: 'Stet', roles: ['reaction'], desks: [] },
          trace: { correlationId: incoming.correlationId, causationId: incoming.id },
        };
        await step.run(store, order).catch((error: unknown) => {
          if (!(error instanceof Rejection && step.expected.includes(error.code))) throw error;
          refused.push(error.code);
        });
      }
      return refused;
    },
    async close() {
      await service.stop();
      await Promise.all([store.close(), keyring?.close(), vault?.close(), issuer.stop()]);
      await database.drop();
      rmSync(home, { recursive: true });
    },
  };
}

/** The message as Kafka would bring it, at the next place of a topic. */
function incomingOf(topic: string, position: bigint, message: Heard): Incoming {
  const time = new Date().toISOString().replace('Z', '000Z');
  return {
    ...{ topic, partition: 0, offset: String(position - 1n), source: `/stet/${topic}`, version: 1 },
    ...{ id: randomUUID(), time, recordedAt: time, position, previousPosition: position - 1n },
    ...{ logId: '01890000-0000-7000-8000-00000000105e', sequence: Number(position), subject: message.key },
    ...{ correlationId: 'test', causationId: undefined, traceparent: undefined },
    ...message,
  };
}
