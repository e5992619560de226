import pg from 'pg';
import type { Metadata } from './event.ts';

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
/** A run of rows: everything they announce, in order, and the position that the cursor may move to when it is sent. */
export interface Run {
  readonly messages: readonly Outgoing[];
  readonly to: bigint;
}
interface Row {
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
  public_text: string;
  public_previous: string;
}

/** What the relay needs of its log: who may send, how far it got, what comes next. */
export class RelayStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly service: string,
  ) {}

  /** Takes the lease if it is free, expired or already the holder's. A change of holder begins a new epoch. */
  async acquireLease(holder: string, leaseMs: number): Promise<bigint | undefined> {
    const { rows } = await this.pool.query<{ epoch: string }>(
      `update relay_lease set epoch = case when holder = $1 then epoch else epoch + 1 end, holder = $1,
              expires_at = clock_timestamp() + $2 * interval '1 millisecond'
        where holder is null or holder = $1 or expires_at < clock_timestamp() returning epoch`,
      [holder, leaseMs],
    );
    return rows[0] && BigInt(rows[0].epoch);
  }

  async releaseLease(holder: string): Promise<void> {
    await this.pool.query(`update relay_lease set holder = null, expires_at = '-infinity' where holder = $1`, [holder]);
  }

  /** The position of the last row relayed, by shard. */
  async cursors(): Promise<bigint[]> {
    const { rows } = await this.pool.query<{ position: string }>('select position from relay_cursor order by shard');
    return rows.map(({ position }) => BigInt(position));
  }

  /** The rows after a position, as many as fit (at least one). undefined when there are none. */
  async next(shard: number, after: bigint, limit: { rows: number; bytes: number }): Promise<Run | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'relay next',
      text: `select position, version, stream, key, event_id, recorded_at, metadata::text,
                    internal_type, internal_version, coalesce(internal_payload, payload)::text as internal_text, internal_previous,
                    public_type, public_version, public_payload::text as public_text, public_previous
               from event where shard = $1 and position > $2 order by position limit $3`,
      values: [shard, String(after), limit.rows],
    });
    const messages: Outgoing[] = [];
    let to: bigint | undefined;
    let bytes = 0;
    for (const row of rows) {
      const found = messagesOf(row);
      bytes += found.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0);
      if (to !== undefined && bytes > limit.bytes) break;
      messages.push(...found);
      to = BigInt(row.position);
    }
    return to === undefined ? undefined : { messages, to };
  }

  /** Moves the cursor if it stands where the caller thinks and the epoch is still the newest. */
  async moveCursor(shard: number, from: bigint, to: bigint, epoch: bigint): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update relay_cursor set position = $3
        where shard = $1 and position = $2 and (select epoch from relay_lease) = $4`,
      [shard, String(from), String(to), String(epoch)],
    );
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
    type === null ? [] : [{ ...common, slot, type, version, payload, previousPosition: BigInt(previous) }],
  );
}
