import type { Decider, Command, DomainEvent } from '#decider';

/** n = exactly that version of the stream; `none` = no stream yet; `exists` = any version but none. */
export type Expected = 'any' | 'none' | 'exists' | number;

/** What a request belongs to, carried into every event and message that comes of it. */
export interface Trace {
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
}
export interface Metadata extends Trace {
  readonly actor: { readonly id: string; readonly name: string };
  readonly command: string;
  readonly commandId: string;
}
export interface Message {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}
/** What leaves the service with an event, on each of its topics. `payload`: the event itself, its very bytes. */
export interface Announcement {
  readonly internal?: 'payload' | Message;
  readonly public?: Message | undefined;
}
/** Pure functions that lift an event's data from the version named to the next. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, (data: unknown) => unknown>>>>;

/** What it takes to fold a stream. */
export interface Folding<S = unknown> {
  /** Its streams are `${category}-${id}`. */
  readonly category: string;
  readonly decider: { readonly initial: S; evolve(state: S, event: DomainEvent): S };
  readonly versionOf: (type: string) => number;
  readonly upcasters?: Upcasters;
  /** Its events have personal fields: sealed as they are written, opened as they are read. Its states are not kept in memory. */
  readonly personal?: true;
}
/** What an aggregate is to the log. */
export interface Aggregate<S extends { status: string }, C extends Command, E extends DomainEvent> extends Folding<S> {
  readonly decider: Decider<S, C, E>;
  /** What all about it is ordered by: the article's id. Asked of the state after the event. */
  readonly partitionKey: (state: S) => string;
  readonly announce: (event: E, after: S) => Announcement;
  /** The timers that run in a state. What an event changes in them is written with it: none runs, or ends, without its event. */
  readonly timers?: (state: S) => readonly Timer[];
}
/**
 * A command that this aggregate gives itself at a time, by the database's clock. Whatever it decides must take the timer out of its state.
 * It may come late, and after the timer was moved or cancelled: it then names an epoch that is not of now, and has to be refused.
 */
export interface Timer {
  /** Of one name, one runs at a time. */
  readonly name: string;
  /** Another one each time that it is set. */
  readonly epoch: number;
  /** ISO 8601, UTC, microseconds. */
  readonly at: string;
  readonly command: { readonly type: string; readonly data: unknown };
}

/** A row of the log. Positions, versions count from 1; `recordedAt` is microseconds since 1970 by the database's clock. */
export interface StoredEvent {
  readonly shard: number;
  readonly position: bigint;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly metadata: Metadata;
  readonly recordedAt: bigint;
  readonly id: string;
}

export interface EventRow {
  shard: number;
  position: string;
  stream: string;
  version: string;
  type: string;
  schema_version: number;
  payload: string;
  metadata: string;
  recorded_at: string;
  event_id: string;
}
export const eventColumns =
  'shard, position, stream, version, type, schema_version, payload::text, metadata::text, recorded_at, event_id';

export function eventOf(row: EventRow): StoredEvent {
  return {
    shard: row.shard,
    position: BigInt(row.position),
    stream: row.stream,
    version: Number(row.version),
    type: row.type,
    schemaVersion: row.schema_version,
    data: JSON.parse(row.payload),
    metadata: JSON.parse(row.metadata) as Metadata,
    recordedAt: BigInt(row.recorded_at),
    id: row.event_id,
  };
}

/** The event as its aggregate knows it now, whatever version it was written in. */
export function upcast(
  event: Pick<StoredEvent, 'type' | 'schemaVersion' | 'data'>,
  upcasters: Upcasters | undefined,
  newest: number,
): DomainEvent {
  let { data } = event;
  for (let version = event.schemaVersion; version < newest; version++) {
    const step = upcasters?.[event.type]?.[version];
    if (!step) throw new Error(`No upcaster lifts ${event.type} from version ${version}.`);
    data = step(data);
  }
  return { type: event.type, data };
}

/** ISO 8601 with microseconds; sorts as text. */
export function instant(micros: bigint): string {
  const whole = new Date(Number(micros / 1000n)).toISOString();
  return `${whole.slice(0, -1)}${String(micros % 1000n).padStart(3, '0')}Z`;
}
/** Microseconds since 1970 of an instant, written with whatever fraction of a second. */
export function microsOf(at: string): bigint {
  const [, whole = '', fraction = ''] = /^([^.]*?)(?:\.(\d+))?Z$/.exec(at) ?? [];
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
