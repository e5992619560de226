import type pg from 'pg';
import { type Folding, instant, upcast } from './event.ts';
import { type Folded, FoldedStates } from './folded.ts';
import { Gather } from './gather.ts';

/** What an accepted command left behind. */
export interface Known {
  readonly fingerprint: string | null;
  readonly status: string;
  readonly shard: number;
  readonly version: number;
  readonly internalPosition: bigint;
}
/** Another stream that a decision rests on. */
export interface Guard {
  readonly aggregate: Folding;
  readonly id: string;
}
interface Asked {
  readonly stream: string;
  /** The version after which events are wanted. */
  readonly after: number;
  readonly command: string | null;
}
interface Row {
  number: number;
  now: string;
  known_fingerprint: string | null;
  known_status: string | null;
  known_shard: number;
  known_version: string;
  known_position: string;
  version: string | null;
  shard: number;
  type: string;
  schema_version: number;
  payload: string;
  recorded_at: string;
}
/** Characters of history whose states are kept. */
const keptHistory = 32_000_000;

/** What is read of a log before a command is decided. */
export class Streams {
  private readonly looks: Gather<Asked, Row[]>;
  private readonly folded = new FoldedStates(keptHistory);

  constructor(pool: pg.Pool) {
    // More than one, for a stream with a long history keeps its group waiting.
    this.looks = new Gather({ send: (asked) => lookAt(pool, asked), atOnce: 50, sideBySide: 3 });
  }

  /** The states of other streams by their names, and the versions that they must still be at. */
  async lookAtGuards(guards: Readonly<Record<string, Guard>>) {
    const found = await Promise.all(
      Object.entries(guards).map(async ([name, { aggregate, id }]) => {
        const { state, version, shard } = await this.look(aggregate, id, null);
        return { name, state, version, shard, stream: `${aggregate.category}-${id}` };
      }),
    );
    return {
      given: Object.fromEntries(found.map(({ name, state }) => [name, state])),
      guards: found.map(({ stream, version, shard }) => ({ stream, version, shard })),
    };
  }

  /** A stream's state now, with what is known of a command, and the database's clock: never before the stream's last event. */
  async look<S>(aggregate: Folding<S>, id: string, command: string | null) {
    const stream = `${aggregate.category}-${id}`;
    const kept = this.folded.of(stream, aggregate);
    const rows = await this.looks.ask({ stream, after: kept?.version ?? 0, command });
    const folded = fold(aggregate, kept, rows);
    if (folded.version > (kept?.version ?? 0)) this.folded.keep(stream, folded);
    const clock = BigInt(rows[0]?.now ?? 0);
    const now = instant(folded.recordedAt > clock ? folded.recordedAt : clock);
    return { ...folded, state: folded.state as S, now, known: knownIn(rows[0]) };
  }

  /** What a stream was brought to by events that are now in the log. */
  keep(stream: string, folded: Folded): void {
    this.folded.keep(stream, folded);
  }
}

/** In one query: for each its number, the clock, what is known of its command, and a row for each event, at least one. */
async function lookAt(pool: pg.Pool, asked: readonly Asked[]): Promise<Row[][]> {
  const { rows } = await pool.query<Row>({
    name: 'look',
    text: `select number::int, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now,
                  k.fingerprint as known_fingerprint, k.status as known_status, k.shard as known_shard, k.version as known_version,
                  k.internal_position as known_position,
                  e.version, e.shard, e.type, e.schema_version, e.payload::text, e.recorded_at
             from unnest($1::text[], $2::bigint[], $3::uuid[]) with ordinality as asked(stream, after, command, number)
             left join lateral known_command(command) k on true
             left join event e on e.stream = asked.stream and e.version > after
            order by number, e.version`,
    values: [asked.map(({ stream }) => stream), asked.map(({ after }) => after), asked.map(({ command }) => command)],
  });
  const byNumber = Map.groupBy(rows, ({ number }) => number);
  return asked.map((_, at) => byNumber.get(at + 1) ?? []);
}

function fold<S>(aggregate: Folding<S>, kept: Folded | undefined, rows: readonly Row[]): Folded {
  let folded: Folded = kept ?? {
    ...{ aggregate, state: aggregate.decider.initial, version: 0, shard: undefined, recordedAt: 0n, size: 0 },
  };
  for (const row of rows) {
    if (row.version === null) break;
    const event = { type: row.type, schemaVersion: row.schema_version, data: JSON.parse(row.payload) as unknown };
    const newest = aggregate.versionOf(row.type);
    folded = {
      aggregate,
      state: aggregate.decider.evolve(folded.state as S, upcast(event, aggregate.upcasters, newest)),
      version: Number(row.version),
      shard: row.shard,
      recordedAt: BigInt(row.recorded_at),
      size: folded.size + row.payload.length,
    };
  }
  return folded;
}

function knownIn(row: Row | undefined): Known | undefined {
  if (typeof row?.known_status !== 'string') return undefined;
  return {
    fingerprint: row.known_fingerprint,
    status: row.known_status,
    shard: row.known_shard,
    version: Number(row.known_version),
    internalPosition: BigInt(row.known_position),
  };
}
