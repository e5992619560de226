// What an append costs, beside what Postgres can do with the same columns and indexes: `node tests/bench/log.ts <address of a Postgres>`.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Command, decider } from '#decider';
import { type Aggregate, commandId, EventStore } from '#event-store';
import { migrate } from '../../infra/postgres/migrate.ts';

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

/** Work done again and again by a number of workers side by side, until the time is over; answers pieces of it per second. */
async function rate(workers: number, seconds: number, work: (worker: number, turn: number) => Promise<number>) {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const done = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      let pieces = 0;
      for (let turn = 0; performance.now() < until; turn++) pieces += await work(worker, turn);
      return pieces;
    }),
  );
  return (done.reduce((sum, pieces) => sum + pieces) * 1000) / (performance.now() - begun);
}

/** Plain INSERTs into a table of the very columns and indexes of the log's events. */
async function plainTable(url: string) {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    options: '-c search_path=drafting -c synchronous_commit=on',
  });
  pool.on('error', () => undefined);
  await pool.query('create table plain (like event including all)');
  const metadata = JSON.stringify({
    ...{
      correlationId: commandId('a'),
      actor: { id: actor.id, name: actor.name },
      command: 'keep',
      commandId: commandId('b'),
    },
  });
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
      ...[0, position, stream, position % streamLength, 'notes', 'NoteKept', 1, JSON.stringify({ text }), metadata],
      ...[
        Date.now() * 1000,
        randomBytes(32),
        commandId('event', String(position)),
        commandId(String(position)),
        'f',
        'kept',
        1,
      ],
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

export interface LogFigures {
  readonly writers: number;
  /** Acknowledged appends of one event, per second. */
  readonly appends: number;
  readonly plain: number;
  readonly ratio: number;
}

/** In a database of its own, which it removes again. */
export async function benchLog(postgres: string, { seconds = 3, rounds = 3 } = {}): Promise<LogFigures[]> {
  const admin = new pg.Client({ connectionString: postgres });
  await admin.connect();
  const name = `stet_bench_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name}`);
  try {
    const url = new URL(postgres);
    url.pathname = `/${name}`;
    const urls = await migrate(url.href, { shards: 1, password: 'stet', roleSuffix: '_bench' });
    const store = await EventStore.open({ connectionString: urls.drafting, service: 'drafting' });
    const plain = await plainTable(url.href);
    let counted = 0;
    const append = (round: string) => async (writer: number, turn: number) => {
      await store.execute(notes, {
        id: `${round}-${writer}-${Math.floor(turn / streamLength)}`,
        command: { type: 'keep', data: { text }, actor },
        commandId: commandId('bench', String(counted++)),
        fingerprint: 'f',
        trace: { correlationId: 'bench' },
      });
      return 1;
    };
    const measured: LogFigures[] = [];
    for (let round = 0; round <= rounds; round++) {
      const fifties = await rate(2, seconds, () => plain.insert(50));
      const single = await rate(1, seconds, () => plain.insert(1));
      for (const writers of [1, 10, 50]) {
        const appends = await rate(writers, seconds, append(`${round}-${writers}`));
        const beside = writers === 1 ? single : fifties;
        // The first round warms everything up.
        if (round > 0) measured.push({ writers, appends, plain: beside, ratio: appends / beside });
      }
    }
    await Promise.all([store.close(), plain.close()]);
    return [1, 10, 50].map((writers) => median(measured.filter((one) => one.writers === writers)));
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

function median(figures: readonly LogFigures[]): LogFigures {
  const middle = figures.toSorted((a, b) => a.ratio - b.ratio)[Math.floor(figures.length / 2)];
  if (!middle) throw new Error('Nothing was measured.');
  return middle;
}

if (import.meta.main) {
  const [, , address, seconds] = process.argv;
  if (address === undefined) throw new Error('Say which Postgres: node tests/bench/log.ts postgres://…');
  const shown = (await benchLog(address, { seconds: Number(seconds ?? 3) })).map((figures) => ({
    writers: figures.writers,
    'appends/s': Math.round(figures.appends),
    'plain INSERT, rows/s': Math.round(figures.plain),
    ratio: Number(figures.ratio.toFixed(2)),
  }));
  console.table(shown);
}
