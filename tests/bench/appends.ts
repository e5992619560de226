// What an append costs, beside what Postgres can do with the same columns and indexes, and beside Emmett on the same Postgres.
import { randomBytes } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { type Command, decider } from '#decider';
import { type Aggregate, commandId, type EventStore } from '#event-store';
import { withOwnLog } from './database.ts';
import { type Figure, held, inTurns, type Scale } from './figures.ts';
import { rate } from './load.ts';
import type { System } from './system.ts';

interface Notes {
  status: 'none' | 'kept';
  notes: number;
}
type Keep = Command & { type: 'keep'; data: { text: string } };
interface Kept {
  type: 'NoteKept';
  data: { text: string };
}
const notes: Aggregate<Notes, Keep, Kept> = {
  category: 'notes',
  decider: decider<Notes, Keep, Kept>(
    { status: 'none', notes: 0 },
    { keep: { from: ['none', 'kept'], by: ['clerk'], decide: ({ data }) => [{ type: 'NoteKept', data }] } },
    { NoteKept: (state) => ({ status: 'kept', notes: state.notes + 1 }) },
  ),
  partitionKey: () => 'notes',
  announce: () => ({ internal: 'payload' }),
  versionOf: () => 1,
};
const actor = { id: 'c', name: 'Clerk', roles: ['clerk'], desks: [] };
const text = 'A paragraph, of about the length that paragraphs have in the news. '.repeat(4);
/** Events of a stream before the writer begins the next one: an article's life. */
const streamLength = 20;
const metadata = {
  ...{ correlationId: commandId('a'), actor: { id: actor.id, name: actor.name } },
  ...{ command: 'keep', commandId: commandId('b') },
};

/** Plain INSERTs into a table of the very columns and indexes of the log's events. */
async function plainTable(url: string) {
  const options = '-c search_path=drafting -c synchronous_commit=on';
  const pool = new pg.Pool({ connectionString: url, max: 2, options });
  pool.on('error', () => undefined);
  await pool.query('create table plain (like event including all)');
  const columns =
    `shard int, position bigint, stream text, version bigint, key text, type text, schema_version int, payload text, metadata text,
    recorded_at bigint, hash bytea, event_id uuid, command_id uuid, fingerprint text, status text, events int,
    internal_type text, internal_version int, internal_payload text, internal_previous bigint,
    public_type text, public_version int, public_payload text, public_previous bigint`.split(',');
  const types = columns.map((column) => column.trim().split(' ')[1] ?? '');
  let position = 0;
  const row = () => {
    position += 1;
    const stream = `notes-${Math.floor(position / streamLength)}`;
    return [
      ...[0, position, stream, position % streamLength, 'notes', 'NoteKept', 1, JSON.stringify({ text })],
      ...[JSON.stringify(metadata), Date.now() * 1000, randomBytes(32)],
      ...[commandId('event', String(position)), commandId(String(position)), 'f', 'kept', 1],
      ...['NoteKept', 1, null, position - 1, null, null, null, 0],
    ];
  };
  const insert = async (rows: number) => {
    const all = Array.from({ length: rows }, row);
    await pool.query({
      name: 'plain',
      text: `insert into plain select shard, position, stream, version, key, type, schema_version, payload::json, metadata::json, recorded_at, hash,
               event_id, command_id, fingerprint, status, events, internal_type, internal_version, internal_payload::json, internal_previous,
               public_type, public_version, public_payload::json, public_previous
               from unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(', ')}) as row(${columns.map((column) => column.trim().split(' ')[0]).join(', ')})`,
      values: types.map((_, at) => all.map((values) => values[at])),
    });
    return rows;
  };
  return { insert, close: () => pool.end() };
}

/** Emmett with its own tables. It reads nothing before it appends: the version that it expects is given to it. */
async function emmett(url: string) {
  // As many connections as its own pool would have.
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  pool.on('error', () => undefined);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  const append = async (stream: string, version: number) => {
    const event = { type: 'NoteKept' as const, kind: 'Event' as const, data: { text }, metadata };
    await store.appendToStream(stream, [event], { expectedStreamVersion: BigInt(version) });
    return 1;
  };
  const close = async () => {
    await store.close();
    if (!pool.ended) await pool.end();
  };
  return { append, close };
}

let counted = 0;
/** One command of one event; streams are begun and gone on with alike. */
export async function keep(store: EventStore, id: string): Promise<number> {
  await store.execute(notes, {
    ...{ id, command: { type: 'keep', data: { text }, actor } },
    ...{ commandId: commandId('bench', String(counted++)), fingerprint: 'f', trace: { correlationId: 'bench' } },
  });
  return 1;
}

export const appends = ({ stack }: System, scale: Scale): Promise<Figure[]> =>
  withOwnLog(stack.adminUrl, async ({ url, store }) => {
    const [plain, other] = [await plainTable(url), await emmett(url)];
    let round = 0;
    const stream = (writer: number, turn: number) => `${round}-${writer}-${Math.floor(turn / streamLength)}`;
    const ours = (writers: number) => {
      round += 1;
      return rate(writers, scale.seconds, (writer, turn) => keep(store, stream(writer, turn)));
    };
    const theirs = () => {
      round += 1;
      return rate(50, scale.seconds, (writer, turn) => other.append(stream(writer, turn), turn % streamLength));
    };
    const measured = await inTurns(scale, {
      fifties: () => rate(2, scale.seconds, () => plain.insert(50)),
      many: () => ours(50),
      emmett: theirs,
      single: () => rate(1, scale.seconds, () => plain.insert(1)),
      lone: () => ours(1),
    });
    await Promise.all([plain.close(), other.close()]);
    const row = (name: string, figures: ReturnType<typeof held>, least: number): Figure => ({
      ...{ name, unit: '/s', ...figures, aims: { ratio: { least } } },
    });
    return [
      row('appends, 50 writers; beside INSERTs in fifties', held(measured.many, measured.fifties), 0.5),
      row('appends, 50 writers; beside Emmett', held(measured.many, measured.emmett), 3),
      row('appends, a lone writer; beside INSERTs of one row', held(measured.lone, measured.single), 0.5),
    ];
  });
