import pg from 'pg';
import type { Command } from '#decider';
import { acquireLease, releaseLease } from './lease.ts';

/** A timer whose time has come. */
export interface DueTimer {
  readonly stream: string;
  readonly name: string;
  readonly epoch: string;
  readonly command: Pick<Command, 'type' | 'data'>;
  /** Its time; those of the same have no order among themselves. */
  readonly dueAt: string;
  /** Seconds since its time, by the database's clock, when it was read. */
  readonly late: number;
}
const clock = '(select (extract(epoch from clock_timestamp()) * 1000000)::bigint)';

/** The timers of a log as whoever fires them needs them; they are set and cancelled by appends alone. */
export class TimerStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly service: string,
  ) {}

  acquireLease(holder: string, leaseMs: number): Promise<bigint | undefined> {
    return acquireLease(this.pool, 'timer_lease', holder, leaseMs);
  }

  releaseLease(holder: string): Promise<void> {
    return releaseLease(this.pool, 'timer_lease', holder);
  }

  /** The first that are due, in due order; none for an epoch of the lease that is not the newest. */
  async due(epoch: bigint, rows: number): Promise<DueTimer[]> {
    const found = await this.pool.query<DueTimer>(
      `select stream, name, epoch, command, due_at::text as "dueAt", (${clock} - due_at)::float8 / 1e6 as late from timer
        where greatest(due_at, rests_until) <= ${clock} and (select epoch from timer_lease) = $1
        order by due_at, stream, name limit $2`,
      [String(epoch), rows],
    );
    return found.rows;
  }

  /** Milliseconds until the next is due; undefined when there is none. */
  async untilNext(): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ ms: number | null }>(
      `select ceil((min(greatest(due_at, rests_until)) - ${clock}) / 1000.0)::float8 as ms from timer`,
    );
    return rows[0]?.ms ?? undefined;
  }

  /** Lets the others go first for a while. False when it does not stand any more, or is of another epoch. */
  async rest({ stream, name, epoch }: DueTimer, ms: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update timer set rests_until = ${clock} + $4::bigint * 1000 where stream = $1 and name = $2 and epoch = $3`,
      [stream, name, epoch, ms],
    );
    return rowCount === 1;
  }

  /** How many wait for their time, how many are past it, and for how many seconds the first of those is. */
  async standing(): Promise<{ waiting: number; overdue: number; seconds: number }> {
    const { rows } = await this.pool.query<{ waiting: number; overdue: number; seconds: number }>(
      `select (count(*) filter (where due_at > now.at))::int as waiting, (count(*) filter (where due_at <= now.at))::int as overdue,
              coalesce(greatest(0, max(now.at - due_at)), 0)::float8 / 1e6 as seconds
         from timer, (select ${clock} as at) as now`,
    );
    return rows[0] ?? { waiting: 0, overdue: 0, seconds: 0 };
  }

  /** Calls back whenever a timer was set or cancelled by any process, until it is told to stop; `lost` when the connection broke. */
  async listen(wake: () => void, lost: (error: Error) => void): Promise<() => Promise<void>> {
    const client = new pg.Client(this.pool.options);
    client.on('notification', wake);
    client.on('error', lost);
    await client.connect();
    await client.query(`listen stet_timers_${this.service}`);
    return () => client.end();
  }
}
