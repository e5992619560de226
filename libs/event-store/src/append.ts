import { hash } from 'node:crypto';
import type pg from 'pg';
import type { Step } from '#tracing';
import type { Expected, Metadata, Trace } from './event.ts';
import { framed } from './ids.ts';
import type { TimerChange } from './timers.ts';

/** What leaves on one topic; without a payload, that of the event itself. */
export interface Leaving {
  readonly type: string;
  readonly version: number;
  readonly payload?: string;
}
/** Payloads are JSON, and stay the text that they are. */
export interface NewEvent {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: string;
  readonly internal: Leaving | undefined;
  readonly public: Leaving | undefined;
}
/** A decided command on its way into the log. `fingerprint` undefined: its id was derived, so a repeat is the same by construction. */
export interface Append {
  readonly commandId: string;
  readonly stream: string;
  readonly shard: number;
  readonly expected: Expected;
  /** The moment that it was decided at, microseconds since 1970: one that the database's clock must have come to. */
  readonly decidedAt: number;
  readonly fingerprint: string | undefined;
  readonly status: string;
  readonly metadata: Metadata;
  readonly events: readonly NewEvent[];
  /** Their personal fields are still to be sealed. */
  readonly personal?: true | undefined;
  /** Streams of the same shard, and the version that each must still be at. */
  readonly guards: readonly { readonly stream: string; readonly version: number }[];
  /** What its events set or cancel. */
  readonly timers: readonly TimerChange[];
}
/**
 * What became of it. `version` is the stream's, for a conflict the actual one; `internalPosition` is the last announced at or below it;
 * `recordedAt` (microseconds) is when it was written.
 */
export interface Appended {
  readonly outcome: 'ok' | 'replay' | 'mismatch' | 'conflict';
  readonly version: number;
  readonly shard: number;
  readonly internalPosition: bigint;
  readonly status: string;
  readonly recordedAt: bigint;
}
interface Row {
  outcome: Appended['outcome'];
  status: string;
  shard: number;
  version: string;
  internal_position: string;
  recorded_at: string;
}

const expectedAs = (expected: Expected) =>
  typeof expected === 'number' ? expected : { any: -1, exists: -2, none: 0 }[expected];

/** What of a row its inner hash covers, in this order. Rows of logs older than 2026-11-28 have the first five alone in theirs. */
export const covered = [
  ...(['stream', 'type', 'schema_version', 'metadata', 'payload'] as const),
  ...(['event_id', 'key', 'command_id', 'fingerprint', 'status', 'events'] as const),
  ...(['internal_type', 'internal_version', 'internal_payload'] as const),
  ...(['public_type', 'public_version', 'public_payload'] as const),
];
export type Covered = Readonly<Record<(typeof covered)[number], string | number | null | undefined>>;

/** The inner hash: SHA-256 over each of them as UTF-8 behind its length; what a row has not is empty, which no other value is. Hexadecimal. */
export const innerHash = (row: Covered, columns: readonly (keyof Covered)[] = covered): string =>
  hash('sha256', framed(columns.map((column) => String(row[column] ?? ''))), 'hex');

/** An object of these fields, and of others that are JSON already and stay the text that they are. */
function jsonOf(fields: object, json: Readonly<Record<string, string | undefined>>): string {
  const texts = Object.entries(json).flatMap(([name, text]) => (text === undefined ? [] : [`"${name}":${text}`]));
  return `{${[JSON.stringify(fields).slice(1, -1), ...texts].join()}}`;
}

/** As the append function takes them: the first row of a command says what it is. */
function rowsOf(append: Append, number: number): string[] {
  const { stream, shard, events, guards, timers } = append;
  const metadata = JSON.stringify(append.metadata);
  const command = {
    ...{ number, id: append.commandId, stream, shard, expected: expectedAs(append.expected) },
    ...{ fingerprint: append.fingerprint, status: append.status, events: events.length, decided_at: append.decidedAt },
    guards: guards.length > 0 ? guards : undefined,
    timers: timers.length > 0 ? timers : undefined,
  };
  if (events.length === 0) return [jsonOf(command, { metadata })];
  return events.map((event, at) => {
    const { id, key, type, schemaVersion, payload } = event;
    const columns = {
      ...{ event_id: id, key, type, schema_version: schemaVersion },
      ...{ internal_type: event.internal?.type, internal_version: event.internal?.version },
      ...{ public_type: event.public?.type, public_version: event.public?.version },
    };
    const texts = { payload, internal_payload: event.internal?.payload, public_payload: event.public?.payload };
    const first = at === 0 ? { ...command, command_id: command.id } : noCommand;
    const inner_hash = innerHash({ ...first, ...columns, ...texts, stream, metadata });
    return jsonOf(
      { ...(at === 0 ? command : { shard }), ...columns, inner_hash },
      { ...(at === 0 && { metadata }), ...texts },
    );
  });
}
const noCommand = { command_id: undefined, fingerprint: undefined, status: undefined, events: undefined };

/** One call of the append function: each accepted or refused by itself, answered in their order. If it throws, nothing was written. */
export async function appendAll(pool: pg.Pool, appends: readonly Append[]): Promise<Appended[]> {
  const { rows } = await pool.query<Row>({
    name: 'append',
    text: 'select * from append($1) order by number',
    values: [`[${appends.flatMap((append, at) => rowsOf(append, at + 1)).join()}]`],
  });
  return rows.map((row) => ({
    outcome: row.outcome,
    version: Number(row.version),
    shard: row.shard,
    internalPosition: BigInt(row.internal_position),
    status: row.status,
    recordedAt: BigInt(row.recorded_at),
  }));
}

/** Whether what is committed here is on disk by then. */
export async function isDurable(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ commit: string }>(`select current_setting('synchronous_commit') as commit`);
  return rows[0]?.commit !== 'off';
}

/** An append as a step of its trace. */
export const appending = (service: string, { traceparent: parent }: Trace): Step => ({
  ...{ name: `append ${service}.event`, kind: 'client', parent },
  attributes: {
    ...{ 'db.system.name': 'postgresql', 'db.namespace': service, 'db.operation.name': 'append' },
    'db.collection.name': 'event',
  },
});
