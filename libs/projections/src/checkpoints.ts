import pg from 'pg';
import type { Checkpoint, Place } from '#messaging';
import type { Projection } from './projection.ts';

export type LaneName = 'live' | 'own';
/** Where a projection stands in one partition. `checkpoint` is undefined before its first event there. */
export interface Standing {
  readonly projection: Projection;
  readonly checkpoint: Checkpoint | undefined;
  /** Events set aside, of this partition. */
  readonly parked: number;
  /** Nothing after this position is applied until what was built so far has been compared. */
  readonly stopAt: bigint | undefined;
}
export interface StandingRow {
  readonly projection: string;
  readonly version: number;
  readonly topic: string;
  readonly partition: number;
  readonly log_id: string;
  readonly next_offset: string;
  readonly last_position: string;
  readonly parked: number;
  readonly stop?: string | null;
}

const { escapeLiteral: text } = pg;
const listOf = (projections: readonly Projection[]) =>
  projections.map(({ name, version }) => `(${text(name)}, ${version})`).join(', ') || '(null, null)';

export const checkpointOf = (row: StandingRow): Checkpoint | undefined =>
  row.log_id === ''
    ? undefined
    : { logId: row.log_id, nextOffset: row.next_offset, lastPosition: BigInt(row.last_position) };

/** Which of these projections are in the lane, and where they stand. The line of each is locked where the caller asks for it. */
const standingQuery = (of: { projections: readonly Projection[]; lane: LaneName; place: Place }, lock: boolean) =>
  `select c.*, case when v.state = 'building' then c.stop_at::text end as stop
     from projection_checkpoint c join projection_version v using (projection, version)
    where v.lane = '${of.lane}' and c.topic = ${text(of.place.topic)} and c.partition = ${of.place.partition}
      and (c.projection, c.version) in (${listOf(of.projections)})
    order by c.projection, c.version ${lock ? 'for update of c' : ''}`;

function standingsOf(rows: readonly StandingRow[], projections: readonly Projection[]): Standing[] {
  return rows.flatMap((row) => {
    const projection = projections.find(({ name, version }) => name === row.projection && version === row.version);
    const stopAt = typeof row.stop === 'string' ? BigInt(row.stop) : undefined;
    return projection ? [{ projection, checkpoint: checkpointOf(row), parked: row.parked, stopAt }] : [];
  });
}

/** Where these projections stand in a partition; gives those of the lane that have no line there yet one. */
export async function openStandings(
  pool: pg.Pool,
  of: { projections: readonly Projection[]; lane: LaneName; place: Place },
): Promise<Standing[]> {
  const { topic, partition } = of.place;
  await pool.query(
    `insert into projection_checkpoint (projection, version, topic, partition, stop_at)
     select projection, version, $1, $2, case when state = 'building' then 0 end from projection_version
      where lane = '${of.lane}' and (projection, version) in (${listOf(of.projections)})
      order by projection, version for key share -- none of one that is being dropped
     on conflict do nothing`,
    [topic, partition],
  );
  const { rows } = await pool.query<StandingRow>(standingQuery(of, false));
  return standingsOf(rows, of.projections);
}

/** Those of these places where one of the live lane stands before a position, whichever process let it in. */
export async function placesBehind(
  pool: pg.Pool,
  projections: readonly Projection[],
  reached: readonly (Place & { readonly position: bigint })[],
): Promise<Place[]> {
  const readers = projections.flatMap(({ name, version, topics }) => topics.map((topic) => ({ name, version, topic })));
  const { rows } = await pool.query<Place>(
    `select distinct at.topic, at.partition from unnest($1::text[], $2::int[], $3::bigint[]) as at(topic, partition, position)
       join unnest($4::text[], $5::int[], $6::text[]) as reader(projection, version, topic) on reader.topic = at.topic
       join projection_version v on v.projection = reader.projection and v.version = reader.version and v.lane = 'live'
       left join projection_checkpoint c on c.projection = v.projection and c.version = v.version
        and c.topic = at.topic and c.partition = at.partition
      where coalesce(c.last_position, 0) < at.position`,
    [
      ...[reached.map(({ topic }) => topic), reached.map(({ partition }) => partition)],
      ...[reached.map(({ position }) => String(position)), readers.map(({ name }) => name)],
      ...[readers.map(({ version }) => version), readers.map(({ topic }) => topic)],
    ],
  );
  return rows;
}

/**
 * Begins a transaction and locks where these projections stand, in one round trip: until it ends, no other process writes for them here.
 * It need not reach the disk when it commits: rows and checkpoint are lost together, if at all, and come again from the topic.
 */
export async function lockStandings(
  client: pg.ClientBase,
  of: { projections: readonly Projection[]; lane: LaneName; place: Place },
): Promise<Standing[]> {
  const results = (await client.query(
    `begin; set local synchronous_commit = off; ${standingQuery(of, true)}`,
  )) as unknown as pg.QueryResult<StandingRow>[];
  return standingsOf(results.at(-1)?.rows ?? [], of.projections);
}

/** Moves checkpoints whose lines the caller has locked, if there are any, and commits. */
export async function moveAndCommit(
  client: pg.ClientBase,
  { projections, place }: { projections: readonly Projection[]; place: Place },
  to: Checkpoint,
): Promise<void> {
  if (projections.length === 0) {
    await client.query('commit');
    return;
  }
  await client.query(
    `update projection_checkpoint
        set log_id = ${text(to.logId)}, next_offset = ${BigInt(to.nextOffset)}, last_position = ${to.lastPosition}
      where topic = ${text(place.topic)} and partition = ${place.partition}
        and (projection, version) in (${listOf(projections)});
     commit`,
  );
}

/** Counts events that were set aside, or are no longer, on a line that the caller has locked. */
export async function countParked(client: pg.ClientBase, projection: Projection, place: Place, by: number) {
  await client.query(
    `update projection_checkpoint set parked = parked + $5
      where projection = $1 and version = $2 and topic = $3 and partition = $4`,
    [projection.name, projection.version, place.topic, place.partition, by],
  );
}
