import type pg from 'pg';

/** Whose it is: of which stream, by whom, and in which of their sessions. */
export interface AtWork {
  readonly stream: string;
  readonly person: string;
  readonly session: string;
}
export interface Autosave {
  readonly session: string;
  readonly value: unknown;
  /** ISO 8601, UTC, microseconds; by the database's clock. */
  readonly at: string;
}

/** Who has a stream in hand, and since when; it expires unless they do something. */
export interface Lease {
  readonly by: { readonly id: string; readonly name: string };
  readonly session: string;
  readonly since: string;
  readonly until: string;
}

/** As long as somebody may look away from a text that they write. */
const leaseTime = `interval '2 minutes'`;
export const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const leaseColumns = `json_build_object('id', person_id, 'name', person_name) as by, session, ${utc('since')} as since, ${utc('expires_at')} as until`;
const at = `${utc('saved_at')} as at`;
const valuesOf = ({ stream, person, session }: AtWork) => [stream, person, session];
const mine = 'stream = $1 and person = $2 and session = $3';

/** What people at work leave beside the log: no history, and nothing is decided by it. */
export class WorkStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Keeps a text in place of the one kept before; given when that was, in place of no other. Answers when; '' where it was not kept. */
  async keepAutosave(of: AtWork, value: unknown, only?: { readonly before: string | undefined }): Promise<string> {
    const { rows } = await this.pool.query<{ at: string }>(
      `insert into autosave values ($1, $2, $3, $4, clock_timestamp())
       on conflict (stream, person, session) do update set value = excluded.value, saved_at = excluded.saved_at
       where $5 or autosave.saved_at = $6::timestamptz returning ${at}`,
      [...valuesOf(of), JSON.stringify(value), only === undefined, only?.before ?? null],
    );
    return rows[0]?.at ?? '';
  }

  /** All that this person has of a stream, the newest first. */
  async autosaves({ stream, person }: Omit<AtWork, 'session'>): Promise<Autosave[]> {
    const { rows } = await this.pool.query<Autosave>(
      `select session, value, ${at} from autosave where stream = $1 and person = $2 order by saved_at desc`,
      [stream, person],
    );
    return rows;
  }

  /** What anybody has kept of a stream. */
  async autosavesOf(stream: string): Promise<unknown[]> {
    const { rows } = await this.pool.query<{ value: unknown }>('select value from autosave where stream = $1', [
      stream,
    ]);
    return rows.map(({ value }) => value);
  }

  /** What anybody has kept since an instant, the oldest first; some of it again, as what was kept last may show last. */
  async autosavedSince(instant: string): Promise<{ stream: string; value: unknown; at: string }[]> {
    const { rows } = await this.pool.query<{ stream: string; value: unknown; at: string }>(
      `select stream, value, ${at} from autosave where saved_at > $1::timestamptz - interval '5 seconds' order by saved_at`,
      [instant],
    );
    return rows;
  }

  /** Gives up the one that was kept then; one that was kept later stays. */
  async clearAutosave(of: AtWork, keptAt: string): Promise<void> {
    await this.pool.query(`delete from autosave where ${mine} and saved_at = $4::timestamptz`, [
      ...valuesOf(of),
      keptAt,
    ]);
  }

  /** Who has a stream in hand; undefined when nobody has, or not for a while. */
  async lease(stream: string): Promise<Lease | undefined> {
    const { rows } = await this.pool.query<Lease>(
      `select ${leaseColumns} from editing_lease where stream = $1 and expires_at > clock_timestamp()`,
      [stream],
    );
    return rows[0];
  }

  /** Takes it if it is free, expired or this session's own, or `over` in any case; answers who has it now. */
  async takeLease(stream: string, { by, session }: Pick<Lease, 'by' | 'session'>, over?: 'over'): Promise<Lease> {
    for (;;) {
      const { rows } = await this.pool.query<Lease>(
        `insert into editing_lease as held values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + ${leaseTime})
         on conflict (stream) do update set
           since = case when held.person_id = $2 and held.session = $4 and held.expires_at > clock_timestamp() then held.since else excluded.since end,
           person_id = $2, person_name = $3, session = $4, expires_at = excluded.expires_at
         where $5 or held.expires_at <= clock_timestamp() or (held.person_id = $2 and held.session = $4) returning ${leaseColumns}`,
        [stream, by.id, by.name, session, over !== undefined],
      );
      const held = rows[0] ?? (await this.lease(stream));
      if (held) return held; // or it has expired between the two
    }
  }

  /** Whoever has the lease and does something has it for longer. Answers when this session's autosave was kept; undefined where there is none. */
  async atWork(of: AtWork): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ at: string }>({
      name: 'at-work',
      text: `with renewed as (
               update editing_lease set expires_at = clock_timestamp() + ${leaseTime}
                where stream = $1 and person_id = $2 and session = $3 and expires_at > clock_timestamp())
             select ${at} from autosave where ${mine}`,
      values: valuesOf(of),
    });
    return rows[0]?.at;
  }

  /** False when this session did not have it. */
  async releaseLease(of: AtWork): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `delete from editing_lease where stream = $1 and person_id = $2 and session = $3 and expires_at > clock_timestamp()`,
      valuesOf(of),
    );
    return rowCount === 1;
  }
}
