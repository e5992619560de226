import type pg from 'pg';
import { Gather } from '#gather';
import type { Keyring } from '#keyring';
import { type Folding, instant, upcast } from './event.ts';
import { type Folded, FoldedStates } from './folded.ts';
import { isTransient } from './transient.ts';

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
  event_id: string;
  type: string;
  schema_version: number;
  payload: string;
  recorded_at: string;
}
/** An event of a stream as it was written. */
interface Written {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  readonly row: Row;
}
/** What was found of a stream: its events, and in the first row what is the same in all of them. */
interface Found {
  readonly first: Row | undefined;
  readonly events: readonly Written[];
}
/** Characters of history whose states are kept. */
const keptHistory = 8_000_000;
/** Milliseconds that the database's clock is told from what it showed. */
const clockHolds = 10_000;

/** What is read of a log before a command is decided. */
export class Streams {
  private readonly looks: Gather<Asked, Found>;
  private readonly folded = new FoldedStates(keptHistory);
  /** By how many microseconds the database's clock is ahead of this process's own: what the quickest answer of some seconds showed, so never more. */
  private clock = { ahead: 0n, until: 0 };

  constructor(
    private readonly pool: pg.Pool,
    keyring: Keyring | undefined,
  ) {
    // More than one, for a stream with a long history keeps its group waiting.
    this.looks = new Gather({
      send: (asked) => lookAt(pool, keyring, asked),
      ...{ atOnce: 50, sideBySide: 3, passes: isTransient },
    });
  }

  async after(stream: string, most: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ stream: string }>(
      'select stream from event where stream > $1 and version = 1 order by stream limit $2',
      [stream, most],
    );
    return rows.map(({ stream: name }) => name);
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
    const { first, events } = await this.looks.ask({ stream, after: kept?.version ?? 0, command });
    const folded = fold(aggregate, kept, events);
    if (events.length > 0) this.keep(stream, folded);
    const clock = BigInt(first?.now ?? 0);
    this.seen(clock);
    return { ...folded, state: folded.state as S, now: nowOf(folded, clock), known: knownIn(first) };
  }

  /**
   * The same as this process remembers it, without asking: somebody may have moved the stream since, or done the command. Undefined when there is
   * nothing to remember, or the clock was not seen for long.
   */
  remembered<S>(aggregate: Folding<S>, id: string) {
    const kept = this.folded.of(`${aggregate.category}-${id}`, aggregate);
    if (!kept || performance.now() > this.clock.until) return undefined;
    return { ...kept, state: kept.state as S, now: nowOf(kept, this.clock.ahead + ownClock()) };
  }

  private seen(clock: bigint): void {
    const ahead = clock - ownClock();
    const isOld = performance.now() > this.clock.until;
    if (isOld || ahead > this.clock.ahead) this.clock = { ahead, until: performance.now() + clockHolds };
  }

  /** What a stream was brought to by events that are now in the log. */
  keep(stream: string, folded: Folded): void {
    if (!folded.aggregate.personal) this.folded.keep(stream, folded);
  }
}

/** Microseconds. */
const ownClock = () => BigInt(Math.floor(performance.now() * 1000));

/** Never before the stream's last event. */
const nowOf = ({ recordedAt }: Folded, clock: bigint) => instant(recordedAt > clock ? recordedAt : clock);

/** In one query, and one more for keys if something of it is sealed: for each its number, the clock, what is known of its command, and a row for each event, at least one. */
async function lookAt(pool: pg.Pool, keyring: Keyring | undefined, asked: readonly Asked[]): Promise<Found[]> {
  const { rows } = await pool.query<Row>({
    name: 'look',
    text: `select number::int, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now,
                  k.fingerprint as known_fingerprint, k.status as known_status, k.shard as known_shard, k.version as known_version,
                  k.internal_position as known_position,
                  e.version, e.shard, e.event_id, e.type, e.schema_version, e.payload::text, e.recorded_at
             from unnest($1::text[], $2::bigint[], $3::uuid[]) with ordinality as asked(stream, after, command, number)
             left join lateral known_command(command) k on true
             left join event e on e.stream = asked.stream and e.version > after
            order by number, e.version`,
    values: [asked.map(({ stream }) => stream), asked.map(({ after }) => after), asked.map(({ command }) => command)],
  });
  const written = rows.filter(({ version }) => version !== null).map(writtenIn);
  const opened = Map.groupBy((await keyring?.open(written)) ?? written, ({ row }) => row.number);
  const firsts = new Map(rows.toReversed().map((row) => [row.number, row]));
  return asked.map((_, at) => ({ first: firsts.get(at + 1), events: opened.get(at + 1) ?? [] }));
}

const writtenIn = (row: Row): Written => ({
  ...{ id: row.event_id, type: row.type, version: row.schema_version, row },
  data: JSON.parse(row.payload) as unknown,
});

function fold<S>(aggregate: Folding<S>, kept: Folded | undefined, events: readonly Written[]): Folded {
  let folded: Folded = kept ?? {
    ...{ aggregate, state: aggregate.decider.initial, version: 0, shard: undefined, recordedAt: 0n, size: 0 },
  };
  for (const { type, version: schemaVersion, data, row } of events) {
    const event = upcast({ type, schemaVersion, data }, aggregate.upcasters, aggregate.versionOf(type));
    folded = {
      aggregate,
      state: aggregate.decider.evolve(folded.state as S, event),
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
