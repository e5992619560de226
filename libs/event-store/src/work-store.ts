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

const at = `to_char(saved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;
const valuesOf = ({ stream, person, session }: AtWork) => [stream, person, session];
const mine = 'stream = $1 and person = $2 and session = $3';

/** What people at work leave beside the log: no history, and nothing is decided by it. */
export class WorkStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Keeps a text in place of the one kept before; answers when. */
  async keepAutosave(of: AtWork, value: unknown): Promise<string> {
    const { rows } = await this.pool.query<{ at: string }>(
      `insert into autosave values ($1, $2, $3, $4, clock_timestamp())
       on conflict (stream, person, session) do update set value = excluded.value, saved_at = excluded.saved_at returning ${at}`,
      [...valuesOf(of), JSON.stringify(value)],
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

  /** When the one of this session was kept; undefined where there is none. */
  async autosavedAt(of: AtWork): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ at: string }>(`select ${at} from autosave where ${mine}`, valuesOf(of));
    return rows[0]?.at;
  }

  /** Gives up the one that was kept then; one that was kept later stays. */
  async clearAutosave(of: AtWork, keptAt: string): Promise<void> {
    await this.pool.query(`delete from autosave where ${mine} and saved_at = $4::timestamptz`, [
      ...valuesOf(of),
      keptAt,
    ]);
  }
}
