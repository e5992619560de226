import pg from 'pg';
import type { Metadata } from './event.ts';
import { acquireLease, releaseLease } from './lease.ts';

/** A message that an event sends to one topic; `previousPosition` is that of the message before it there, in its shard. */
export interface Outgoing {
  readonly slot: 'internal' | 'public';
  readonly eventId: string;
  readonly type: string;
  readonly version: number;
  /** JSON, the exact bytes to send. */
  readonly payload: string;
  readonly key: string;
  readonly stream: string;
  readonly sequence: number;
  readonly position: bigint;
  readonly previousPosition: bigint;
  /** Microseconds since 1970. */
  readonly recordedAt: bigint;
  readonly metadata: Metadata;
}
/** Where to read on, and how many rows at most. */
export interface ReadFrom {
  readonly shard: number;
  readonly after: bigint;
  readonly rows: number;
}
/** A run of rows of a shard: everything they announce, in order, and the position that the cursor may move to when it is sent. */
export interface Run {
  readonly shard: number;
  readonly from: bigint;
  readonly messages: readonly Outgoing[];
  readonly to: bigint;
}
interface Row {
  shard: number;
  position: string;
  version: string;
  stream: string;
  key: string;
  event_id: string;
  recorded_at: string;
  metadata: string;
  internal_type: string | null;
  internal_version: number;
  internal_text: string;
  internal_previous: string;
  public_type: string | null;
  public_version: number;
  public_text: string | null;
  public_previous: string;
}

/** What the relay needs of its log: who may send, how far it got, what comes next. */
export class RelayStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly service: string,
  ) {}

  /** Takes the lease if it is free, expired or already the holder's. A change of holder begins a new epoch. */
  acquireLease(holder: string, leaseMs: number): Promise<bigint | undefined> {
    return acquireLease(this.pool, 'relay_lease', holder, leaseMs);
  }

  releaseLease(holder: string): Promise<void> {
    return releaseLease(this.pool, 'relay_lease', holder);
  }

  /** The position of the last row relayed, by shard. */
  async cursors(): Promise<bigint[]> {
    const { rows } = await this.pool.query<{ position: string }>('select position from relay_cursor order by shard');
    return rows.map(({ position }) => BigInt(position));
  }

  /** For each shard that has more, the rows after a position: as many as fit into `bytes`, at least one. In one query. */
  async next(places: readonly ReadFrom[], bytes: number): Promise<Run[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'relay-next',
      // Stored sizes are known without reading what they measure, so that what is too much is never fetched.
      text: `select ahead.shard, position, version, stream, key, event_id, recorded_at, metadata::text,
              internal_type, internal_version, coalesce(internal_payload, payload)::text as internal_text, internal_previous,
              public_type, public_version, public_payload::text as public_text, public_previous
         from unnest($1::int[], $2::bigint[], $3::int[]) as place(shard, after, rows)
        cross join lateral (
          select *, coalesce(sum(pg_column_size(payload) + coalesce(pg_column_size(internal_payload), 0) + coalesce(pg_column_size(public_payload), 0))
                      over (order by position rows between unbounded preceding and 1 preceding), 0) as before
            from event where event.shard = place.shard and position > place.after order by position limit place.rows
        ) as ahead
        where before < $4 order by ahead.shard, position`,
      values: [
        places.map(({ shard }) => shard),
        places.map(({ after }) => String(after)),
        places.map((one) => one.rows),
        bytes,
      ],
    });
    const byShard = Map.groupBy(rows, ({ shard }) => shard);
    return places.flatMap(({ shard, after }) => {
      const own = byShard.get(shard);
      return own ? [runOf(shard, after, fitting(own, bytes))] : [];
    });
  }

  /** What the log holds beyond the cursors: how many rows, and for how many seconds the first of them has waited. */
  async lag(): Promise<{ events: number; seconds: number }> {
    const { rows } = await this.pool.query<{ events: string; seconds: number }>(
      `select coalesce(sum(head.position - cursor.position), 0) as events,
              coalesce(max(extract(epoch from clock_timestamp()) - waiting.recorded_at / 1e6), 0)::float8 as seconds
         from head join relay_cursor as cursor using (shard)
         left join lateral (
           select recorded_at from event where event.shard = cursor.shard and event.position > cursor.position order by position limit 1
         ) as waiting on true`,
    );
    return { events: Number(rows[0]?.events), seconds: Math.max(0, rows[0]?.seconds ?? 0) };
  }

  /** Whether a shard announced anything on this topic, up to a position. */
  async hasSent(shard: number, slot: Outgoing['slot'], upTo: bigint): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from event where shard = $1 and position <= $2 and ${slot}_type is not null order by position limit 1`,
      [shard, String(upTo)],
    );
    return rowCount === 1;
  }

  /** Moves the cursor if it stands where the caller thinks and the epoch is still the newest. */
  async moveCursor(shard: number, from: bigint, to: bigint, epoch: bigint): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'move-cursor',
      text: `update relay_cursor set position = $3
              where shard = $1 and position = $2 and (select epoch from relay_lease) = $4`,
      values: [shard, String(from), String(to), String(epoch)],
    });
    return rowCount === 1;
  }

  /** Calls back after every append of any process, until it is told to stop; `lost` when the connection broke. */
  async listen(wake: () => void, lost: (error: Error) => void): Promise<() => Promise<void>> {
    const client = new pg.Client(this.pool.options);
    client.on('notification', wake);
    client.on('error', lost);
    await client.connect();
    await client.query(`listen stet_${this.service}`);
    return () => client.end();
  }
}

function fitting(rows: readonly Row[], bytes: number): readonly Row[] {
  let sum = 0;
  const end = rows.findIndex(({ internal_text, public_text }) => {
    const before = sum;
    sum += Buffer.byteLength(internal_text) + Buffer.byteLength(public_text ?? '');
    return before > 0 && sum > bytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

const runOf = (shard: number, from: bigint, rows: readonly Row[]): Run => ({
  ...{ shard, from },
  messages: rows.flatMap(messagesOf),
  to: BigInt(rows.at(-1)?.position ?? from),
});

function messagesOf(row: Row): Outgoing[] {
  const common = {
    eventId: row.event_id,
    key: row.key,
    stream: row.stream,
    sequence: Number(row.version),
    position: BigInt(row.position),
    recordedAt: BigInt(row.recorded_at),
    metadata: JSON.parse(row.metadata) as Metadata,
  };
  const slots = [
    {
      slot: 'internal',
      type: row.internal_type,
      version: row.internal_version,
      payload: row.internal_text,
      previous: row.internal_previous,
    },
    {
      slot: 'public',
      type: row.public_type,
      version: row.public_version,
      payload: row.public_text,
      previous: row.public_previous,
    },
  ] as const;
  return slots.flatMap(({ slot, type, version, payload, previous }) =>
    type === null || payload === null
      ? []
      : [{ ...common, slot, type, version, payload, previousPosition: BigInt(previous) }],
  );
}
