import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Announcement, Expected, Message, Metadata } from './event.ts';
import { framed } from './ids.ts';

export interface NewEvent {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly announcement: Announcement;
}
/** A decided command on its way into the log. `fingerprint` null: its id was derived, so a repeat is the same by construction. */
export interface Append {
  readonly commandId: string;
  readonly stream: string;
  readonly shard: number;
  readonly expected: Expected;
  readonly fingerprint: string | null;
  readonly status: string;
  readonly metadata: Metadata;
  readonly events: readonly NewEvent[];
  /** Streams of the same shard, and the version that each must still be at. */
  readonly guards: readonly { readonly stream: string; readonly version: number }[];
}
/** What became of it. `version` is the stream's, for a conflict the actual one; `internalPosition` is the last announced at or below it. */
export interface Appended {
  readonly outcome: 'ok' | 'replay' | 'mismatch' | 'conflict';
  readonly version: number;
  readonly shard: number;
  readonly position: bigint;
  readonly internalPosition: bigint;
  readonly status: string;
}
interface Row {
  outcome: Appended['outcome'];
  version: string;
  position: string | null;
  internal_position: string | null;
  status: string | null;
  shard: number;
}

const expectedAs = (expected: Expected) =>
  typeof expected === 'number' ? expected : { any: -1, exists: -2, none: 0 }[expected];

/** The inner hash: SHA-256 over stream, type, schema version, metadata and payload, each as UTF-8 behind its length. */
export function innerHash(parts: {
  stream: string;
  type: string;
  schemaVersion: number;
  metadata: string;
  payload: string;
}) {
  const { stream, type, schemaVersion, metadata, payload } = parts;
  return createHash('sha256')
    .update(framed([stream, type, String(schemaVersion), metadata, payload]))
    .digest();
}

/** What a row says of one topic: null type when nothing leaves there, null payload when it is the event itself. */
function leaving(own: NewEvent, message: 'payload' | Message | undefined) {
  if (message === 'payload') return { type: own.type, version: own.schemaVersion, payload: null };
  if (!message) return { type: null, version: null, payload: null };
  return { type: message.type, version: message.version, payload: JSON.stringify(message.data) };
}

function rowsOf({ stream, events, ...append }: Append) {
  const metadata = JSON.stringify(append.metadata);
  return events.map((event) => {
    const payload = JSON.stringify(event.data);
    const { key, type, schemaVersion, id } = event;
    const inner = innerHash({ stream, type, schemaVersion, metadata, payload });
    const internal = leaving(event, event.announcement.internal);
    return {
      id,
      key,
      type,
      schemaVersion,
      payload,
      metadata,
      inner,
      internal,
      open: leaving(event, event.announcement.public),
    };
  });
}

/** One call of the append function: all of them, each accepted or refused by itself. Throws what Postgres throws; then nothing was written. */
export async function appendAll(pool: pg.Pool, appends: readonly Append[]): Promise<Appended[]> {
  const rows = appends.flatMap(rowsOf);
  const guards = appends.flatMap((append, at) => append.guards.map((guard) => ({ ...guard, command: at + 1 })));
  const { rows: answers } = await pool.query<Row>({
    name: 'append',
    text: `select * from append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)`,
    values: [
      appends.map(({ commandId }) => commandId),
      appends.map(({ stream }) => stream),
      appends.map(({ shard }) => shard),
      appends.map(({ expected }) => expectedAs(expected)),
      appends.map(({ fingerprint }) => fingerprint),
      appends.map(({ status }) => status),
      appends.map(({ events }) => events.length),
      rows.map(({ key }) => key),
      rows.map(({ type }) => type),
      rows.map(({ schemaVersion }) => schemaVersion),
      rows.map(({ payload }) => payload),
      rows.map(({ metadata }) => metadata),
      rows.map(({ inner }) => inner),
      rows.map(({ id }) => id),
      rows.map(({ internal }) => internal.type),
      rows.map(({ internal }) => internal.version),
      rows.map(({ internal }) => internal.payload),
      rows.map(({ open }) => open.type),
      rows.map(({ open }) => open.version),
      rows.map(({ open }) => open.payload),
      guards.map(({ command }) => command),
      guards.map(({ stream }) => stream),
      guards.map(({ version }) => version),
    ],
  });
  return answers.map((row) => ({
    outcome: row.outcome,
    version: Number(row.version),
    shard: row.shard,
    position: BigInt(row.position ?? 0),
    internalPosition: BigInt(row.internal_position ?? 0),
    status: row.status ?? '',
  }));
}
