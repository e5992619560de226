import { createHash } from 'node:crypto';
import type pg from 'pg';
import { encodePositions } from '#contracts';
import type { StandingRow } from './checkpoints.ts';
import type { Projection } from './projection.ts';
import { listOf, vectorOf } from './snapshot.ts';

/** One SELECT, its tables by their plain names. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}
/** At most one row, as the read models stood at one moment. */
export interface RowFound<R> {
  readonly row: R | undefined;
  readonly parked: ReadonlySet<string>;
  readonly position: string;
}

interface Prepared {
  readonly name: string;
  readonly text: string;
}
const prepared = new Map<string, Prepared>();
/** So many are kept ready on each connection; what is asked in one of a thousand ways need not be. */
const mostPrepared = 50;

/** The query together with where the read models stand: a single statement sees a single moment. Prepared once for each connection. */
function withStandings(names: readonly string[], text: string): Prepared | Omit<Prepared, 'name'> {
  const key = `${names.join()} ${text}`;
  const known = prepared.get(key);
  if (known) return known;
  // Tables are locked in the order of FROM: what lets another generation serve locks projection_version first as well.
  const whole = `
    select standings."stet_standings", answer.*
      from (select coalesce(json_agg(json_build_object(
              'projection', c.projection, 'version', c.version, 'topic', c.topic, 'partition', c.partition, 'parked', c.parked,
              'log_id', c.log_id, 'next_offset', c.next_offset::text, 'last_position', c.last_position::text)), '[]') as "stet_standings"
              from projection_version v join projection_checkpoint c using (projection, version)
             where v.serving and c.projection in (${listOf(names)})) standings
      left join lateral (select true as "stet_found", row.* from (${text}) row limit 1) answer on true`;
  if (prepared.size >= mostPrepared) return { text: whole };
  const made = { name: createHash('sha256').update(whole).digest('hex').slice(0, 16), text: whole };
  prepared.set(key, made);
  return made;
}

interface Found {
  readonly stet_standings: StandingRow[];
  readonly stet_found: true | null;
}

/** `undefined`: something is set aside, so that more has to be asked, or `accepts` does not take where the read models stand. */
export async function oneRow<R extends object>(
  pool: pg.Pool,
  projections: readonly Projection[],
  accepts: (rows: readonly StandingRow[]) => boolean,
  query: Query,
): Promise<RowFound<R> | 'parked' | undefined> {
  const names = projections.map(({ name }) => name);
  const { rows } = await pool.query<Found & R>({ ...withStandings(names, query.text), values: [...query.values] });
  const [found] = rows;
  if (!found) throw new Error('A row of standings is always there.');
  const { stet_standings: standings, stet_found: there, ...row } = found;
  if (!accepts(standings)) return undefined;
  if (standings.some(({ parked }) => parked > 0)) return 'parked';
  const position = encodePositions(vectorOf(projections, standings));
  return { row: there ? (row as unknown as R) : undefined, parked: new Set(), position };
}
