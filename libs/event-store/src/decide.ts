import { type Command, type DomainEvent, Rejection } from '#decider';
import type { Append, Leaving, NewEvent } from './append.ts';
import { type Aggregate, type Expected, type Message, microsOf, type Trace } from './event.ts';
import type { Folded } from './folded.ts';
import { eventId } from './ids.ts';
import { shardOf } from './shard.ts';
import { timerChanges } from './timers.ts';

const largestEvent = 8_000_000;

/** What is asked, of an order: who asks for what, and under which id. */
interface Asked<C extends Command> {
  readonly id: string;
  readonly command: Pick<C, 'type' | 'data' | 'actor'>;
  readonly commandId: string;
  readonly fingerprint?: string;
  readonly trace: Trace;
}
/** What a command is decided on. */
export interface Loaded<S> extends Folded {
  readonly state: S;
  readonly now: string;
  readonly given: object;
  readonly guards: readonly { readonly stream: string; readonly version: number; readonly shard: number | undefined }[];
}

/** What a command comes to: an append, and the state after it as a later reader will fold it. Throws the decider's Rejections and its own. */
export function decideOn<S extends { status: string }, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  order: Asked<C>,
  loaded: Loaded<S> & { readonly shards: number },
): { append: Append; after: Folded } {
  const { command, commandId, trace } = order;
  const asked = { ...command, now: loaded.now, id: commandId, given: loaded.given } as C;
  let { state, size } = loaded;
  const events = aggregate.decider.decide(asked, state).map((decided): NewEvent => {
    const payload = storable(decided);
    // What is gone in JSON must be gone from the state as well.
    const event = { type: decided.type, data: JSON.parse(payload) as unknown } as E;
    state = aggregate.decider.evolve(state, event);
    size += payload.length;
    const { internal, public: open } = aggregate.announce(event, state);
    const { type } = event;
    const schemaVersion = aggregate.versionOf(type);
    return {
      ...{ id: eventId(), key: aggregate.partitionKey(state), type, schemaVersion, payload },
      internal: internal === 'payload' ? { type, version: schemaVersion } : leaving(internal),
      public: leaving(open),
    };
  });
  const shard = shardOf(aggregate.partitionKey(state), loaded.shards);
  const elsewhere = loaded.guards.find((guard) => guard.shard !== undefined && guard.shard !== shard);
  if (elsewhere) throw new Error(`${elsewhere.stream} guards a stream of another shard.`);
  return {
    append: {
      ...{ commandId, stream: `${aggregate.category}-${order.id}`, shard, events, personal: aggregate.personal },
      ...{ expected: loaded.version, fingerprint: order.fingerprint, status: state.status },
      decidedAt: Number(microsOf(loaded.now)),
      metadata: {
        ...trace,
        ...{ actor: { id: command.actor.id, name: command.actor.name }, command: command.type, commandId },
      },
      guards: loaded.guards.map(({ stream, version }) => ({ stream, version })),
      timers: aggregate.timers ? timerChanges(aggregate.timers(loaded.state), aggregate.timers(state)) : [],
    },
    after: { ...loaded, state, size },
  };
}

const leaving = (message: Message | undefined): Leaving | undefined =>
  message && { type: message.type, version: message.version, payload: JSON.stringify(message.data) };

/** An event's data as JSON. What Postgres could not give back exactly is refused before it gets there. */
function storable({ data }: DomainEvent): string {
  const payload = JSON.stringify(data);
  if (Buffer.byteLength(payload) > largestEvent)
    throw new Rejection('event-too-large', 'This is more than one event may hold.');
  if (/(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(payload))
    throw new Rejection('unstorable-text', 'The text holds a NUL or half of a surrogate pair.');
  return payload;
}

export const mismatch = () =>
  new Rejection('idempotency-mismatch', 'This Idempotency-Key was used for another request.');
export const conflict = (expected: Expected, actual: number) =>
  new Rejection('version-conflict', 'It has changed since.', { expected, actual });

/** Refuses what was meant for another version of a stream. */
export function checkExpected(expected: Expected, actual: number): void {
  const fits = { any: true, none: actual === 0, exists: actual > 0 };
  if (!(typeof expected === 'number' ? expected === actual : fits[expected])) throw conflict(expected, actual);
}
