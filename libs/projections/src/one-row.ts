import { createHash } from 'node:crypto';
import type pg from 'pg';
import { encodePositions } from '#contracts';
import { Gather } from '#gather';
import type { StandingRow } from './checkpoints.ts';
import type { Projection } from './projection.ts';
import { listOf, vectorOf } from './snapshot.ts';
import { isTransient } from './transaction.ts';

/** One SELECT, its tables by their plain names. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Of its values, as Postgres names them. With them, what is asked in the same words at the same time goes in one statement. */
  readonly types?: readonly string[] | undefined;
}
/** At most one row, as the read models stood at one moment. */
export interface RowFound<R> {
  readonly row: R | undefined;
  readonly parked: ReadonlySet<string>;
  readonly position: string;
}

interface Prepared {
  readonly name?: string;
  readonly text: string;
}
interface Found {
  readonly stet_standings: StandingRow[];
  readonly stet_found: true | null;
}
type Values = Query['values'];

/** So many are kept ready on each connection; what is asked in one of a thousand ways need not be. */
const mostPrepared = 50;
/** Few are on their way at a time, so that the others come together. */
const gathered = { atOnce: 25, sideBySide: 3, passes: isTransient };

/** Where the read models stand. Tables are locked in the order of FROM: what lets another generation serve locks projection_version first as well. */
const standingsOf = (names: readonly string[]) => `
  (select coalesce(json_agg(json_build_object(
            'projection', c.projection, 'version', c.version, 'topic', c.topic, 'partition', c.partition, 'parked', c.parked,
            'log_id', c.log_id, 'next_offset', c.next_offset::text, 'last_position', c.last_position::text)), '[]') as "stet_standings"
     from projection_version v join projection_checkpoint c using (projection, version)
    where v.serving and c.projection in (${listOf(names)})) standings`;
const answerOf = (text: string) =>
  `left join lateral (select true as "stet_found", row.* from (${text}) row limit 1) answer on true`;

const alone = (names: readonly string[], text: string) => `
  select standings."stet_standings", answer.* from ${standingsOf(names)} ${answerOf(text)}`;
/** The same for any number of them: a value of each is an array. */
function together(names: readonly string[], text: string, types: readonly string[]): string {
  const asked = types.map((_, at) => `v${at + 1}`);
  const arrays = types.map((type, at) => `$${at + 1}::${type}[]`);
  return `
    select case when number = 1 then standings."stet_standings" end as "stet_standings", answer.* from ${standingsOf(names)}
     cross join unnest(${arrays.join()}) with ordinality as asked(${asked.join()}, number)
      ${answerOf(text.replaceAll(/\$(\d+)/g, 'asked.v$1'))} order by number`;
}

function firstOf([first]: readonly Found[]): Found {
  if (!first) throw new Error('A row of standings is always there.');
  return first;
}

/** Queries of one row, each together with where the read models stand: a single statement sees a single moment. */
export class OneRow {
  private readonly prepared = new Map<string, Prepared>();
  private readonly gathers = new Map<string, Gather<Values, Found>>();

  constructor(private readonly pool: pg.Pool) {}

  /** `undefined`: something is set aside, so that more has to be asked, or `accepts` does not take where the read models stand. */
  async find<R extends object>(
    projections: readonly Projection[],
    accepts: (rows: readonly StandingRow[]) => boolean,
    query: Query,
  ): Promise<RowFound<R> | undefined> {
    const names = projections.map(({ name }) => name);
    const { stet_standings: standings, stet_found: there, ...row } = await this.ask(names, query);
    if (!accepts(standings) || standings.some(({ parked }) => parked > 0)) return undefined;
    const position = encodePositions(vectorOf(projections, standings));
    return { row: there ? (row as unknown as R) : undefined, parked: new Set(), position };
  }

  private async ask(names: readonly string[], { text, values, types }: Query): Promise<Found> {
    if (types) return this.gather(names, text, types).ask(values);
    const statement = this.prepare(`${names.join()} ${text}`, () => alone(names, text));
    const { rows } = await this.pool.query<Found>({ ...statement, values: [...values] });
    return firstOf(rows);
  }

  private gather(names: readonly string[], text: string, types: readonly string[]): Gather<Values, Found> {
    const key = `${names.join()} ${types.join()} ${text}`;
    let gather = this.gathers.get(key);
    if (!gather) {
      const send = async (asked: readonly Values[]) => {
        const statement = this.prepare(key, () => together(names, text, types));
        const values = types.map((_, at) => asked.map((each) => each[at]));
        const { rows } = await this.pool.query<Found>({ ...statement, values });
        const { stet_standings } = firstOf(rows);
        return rows.map((row) => ({ ...row, stet_standings }));
      };
      gather = new Gather({ send, ...gathered });
      this.gathers.set(key, gather);
    }
    return gather;
  }

  /** Made once for each connection. */
  private prepare(key: string, whole: () => string): Prepared {
    const known = this.prepared.get(key);
    if (known) return known;
    const text = whole();
    if (this.prepared.size >= mostPrepared) return { text };
    const made = { name: createHash('sha256').update(text).digest('hex').slice(0, 16), text };
    this.prepared.set(key, made);
    return made;
  }
}
