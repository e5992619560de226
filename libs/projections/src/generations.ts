import pg from 'pg';
import { decodePositions } from '#contracts';
import { type Digest, digestIn, digestOf } from './digest.ts';
import { type Projection, schemaOf } from './projection.ts';
import { check, homeOf, makeTables, show, textOf } from './tables.ts';
import { withClient } from './transaction.ts';

const { escapeIdentifier: name } = pg;

/** A set of a read model's tables. What runs and is digested is the projection with the number of the generation as its version. */
export interface Generation {
  readonly projection: string;
  /** Counts the generations of a read model: a rebuild gets the next one, and so does a new version in the code. */
  readonly version: number;
  /** The version in the code that it is folded by. */
  readonly definition: number;
  readonly lane: 'live' | 'own' | 'none';
  /** See `infra/postgres/reading/0002_generations.sql`. */
  readonly state: 'building' | 'alike' | 'failed' | 'kept';
  readonly serving: boolean;
}
type Numbered = Pick<Projection, 'name' | 'version'>;

/** All that were made here, by this process or another. */
export async function generations(db: pg.Pool | pg.ClientBase): Promise<Generation[]> {
  const { rows } = await db.query<Generation>(
    'select projection, version, definition, lane, state, serving from projection_version order by projection, version',
  );
  return rows;
}

const generationsOf = async (client: pg.ClientBase, projection: string) =>
  (await generations(client)).filter((row) => row.projection === projection);

/** One at a time makes and drops generations; what reads for them goes on, and what lets one serve waits. */
const oneAtATime = 'lock table projection_version in share update exclusive mode';
/** The snapshot begins after the lock was granted. */
const beginMaking = `begin isolation level repeatable read; ${oneAtATime}`;
/** Deletes lines that others move meanwhile, so that no snapshot would do. */
const beginDropping = `begin; ${oneAtATime}`;

type Added = Omit<Generation, 'projection' | 'version'> & { readonly expected?: Digest };
async function add(client: pg.ClientBase, made: Projection, row: Added) {
  await client.query(
    `insert into projection_version (projection, version, tables_digest, definition, lane, state, serving, expected)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [made.name, made.version, textOf(made), row.definition, row.lane, row.state, row.serving, row.expected],
  );
}

/**
 * Makes a generation beside the one that serves. What it will be compared with is taken in the snapshot that the caller has begun: the
 * other's rows, parked keys and checkpoints. It will stop exactly there. All on one connection: batches may have all the others, and wait.
 */
async function addBeside(client: pg.ClientBase, projection: Projection): Promise<number> {
  const rows = await generationsOf(client, projection.name);
  const version = Math.max(projection.version, ...rows.map((row) => row.version + 1));
  const serving = rows.find((row) => row.serving)?.version ?? 0;
  const expected = await digestIn(client, { ...projection, version: serving });
  const made = { ...projection, version };
  await makeTables(client, made, await homeOf(client));
  await add(client, made, { definition: projection.version, lane: 'own', state: 'building', serving: false, expected });
  const stops = (decodePositions(expected.position) ?? []).filter(({ service }) => projection.topics.includes(service));
  await client.query(
    `insert into projection_checkpoint (projection, version, topic, partition, stop_at)
     select $1, $2, * from unnest($3::text[], $4::int[], $5::bigint[])
     on conflict (projection, version, topic, partition) do update
       set log_id = '', next_offset = 0, last_position = 0, parked = 0, stop_at = excluded.stop_at`,
    [
      ...[projection.name, version],
      ...[stops.map(({ service }) => service), stops.map(({ shard }) => shard)],
      stops.map(({ position }) => String(position)),
    ],
  );
  return version;
}

async function prepare(client: pg.ClientBase, projection: Projection, home: string) {
  const rows = await generationsOf(client, projection.name);
  const { rows: known } = await client.query<{ text: string }>(
    'select tables_digest as text from projection_version where projection = $1 and definition = $2',
    [projection.name, projection.version],
  );
  if (known.some(({ text }) => text !== textOf(projection)))
    throw new Error(`The tables of ${schemaOf(projection)} were made from another text: give it a new version.`);
  if (known.length > 0) return;
  if (rows.some(({ serving }) => serving)) {
    await addBeside(client, projection);
    return;
  }
  await makeTables(client, projection, home);
  // Beside others that have come a long way it is read for apart; where all begin, it begins with them.
  const others = await client.query('select from projection_checkpoint where last_position > 0 limit 1');
  const lane = others.rowCount ? 'own' : 'live';
  await add(client, projection, { definition: projection.version, lane, state: 'kept', serving: true });
  await show(client, projection, home);
}

/** Makes what is not there yet. Several processes may do so at once. Throws when tables were made from another text. */
export async function prepareAll(pool: pg.Pool, projections: readonly Projection[]): Promise<void> {
  check(projections);
  await withClient(pool, async (client) => {
    await client.query(beginMaking);
    const home = await homeOf(client);
    for (const projection of projections) await prepare(client, projection, home);
    await client.query('commit');
  });
}

async function dropAll(client: pg.ClientBase, { name: projection, version }: Numbered): Promise<void> {
  const of = [projection, version];
  // Who begins in a partition holds a lock on the version; batches hold one on a checkpoint before they touch a table.
  await client.query('delete from projection_version where projection = $1 and version = $2', of);
  await client.query('delete from projection_checkpoint where projection = $1 and version = $2', of);
  await client.query('delete from projection_parked where projection = $1 and version = $2', of);
  await client.query(`drop schema if exists ${name(schemaOf({ name: projection, version }))} cascade`);
}

/**
 * Begins another generation beside the one that serves, and answers its number; that of the one being built, if there is one. Those that failed or
 * no longer serve are dropped.
 */
export async function buildBeside(pool: pg.Pool, projection: Projection): Promise<number> {
  const othersOf = async (client: pg.ClientBase) =>
    (await generationsOf(client, projection.name)).filter(({ serving }) => !serving);
  const begunOf = (others: readonly Generation[]) =>
    others.find(
      ({ state, definition }) => definition === projection.version && (state === 'building' || state === 'alike'),
    )?.version;
  return withClient(pool, async (client) => {
    await client.query(beginDropping);
    const others = await othersOf(client);
    const dropped = begunOf(others) === undefined ? others : [];
    for (const { version } of dropped) await dropAll(client, { name: projection.name, version });
    await client.query('commit');
    await client.query(beginMaking);
    const version = begunOf(await othersOf(client)) ?? (await addBeside(client, projection));
    await client.query('commit');
    return version;
  });
}

/** Drops a generation that does not serve. */
export async function drop(pool: pg.Pool, of: Numbered): Promise<'dropped' | 'serves' | 'unknown'> {
  return withClient(pool, async (client) => {
    await client.query(beginDropping);
    const { rows } = await client.query<{ serving: boolean }>(
      'select serving from projection_version where projection = $1 and version = $2 for update',
      [of.name, of.version],
    );
    if (rows[0]?.serving === false) await dropAll(client, of);
    await client.query('commit');
    return rows[0] ? (rows[0].serving ? 'serves' : 'dropped') : 'unknown';
  });
}

/**
 * Drops what a generation holds: its tables are made anew, empty, and it begins at the start of its topics, in a lane of its own. Waits for
 * batches and queries that are under way. For what was made of a log that is no longer read, so that nothing can be compared.
 */
export async function startOver(pool: pg.Pool, projection: Projection): Promise<void> {
  const of = [projection.name, projection.version];
  await withClient(pool, async (client) => {
    // Every batch and every query reads this table first.
    await client.query('begin; lock table projection_version in access exclusive mode');
    const home = await homeOf(client);
    const { rows } = await client.query<{ serving: boolean }>(
      `update projection_version set lane = 'own', state = 'kept', tables_digest = $3 where projection = $1 and version = $2 returning serving`,
      [...of, textOf(projection)],
    );
    await client.query('delete from projection_checkpoint where projection = $1 and version = $2', of);
    await client.query('delete from projection_parked where projection = $1 and version = $2', of);
    await client.query(`drop schema ${name(schemaOf(projection))} cascade`);
    await makeTables(client, projection, home);
    if (rows[0]?.serving) await show(client, projection, home);
    await client.query('commit');
  });
}

/**
 * Compares a generation with the one that served when it began, if it stands at every position that it was to stop at. Alike: it goes on. Otherwise
 * it has failed, unless it was declared to differ. Answers what it is now; undefined if it is not there yet.
 */
export async function compare(pool: pg.Pool, generation: Projection): Promise<'alike' | 'failed' | undefined> {
  const of = [generation.name, generation.version];
  const { rows } = await pool.query<{ expected: Digest }>(
    `select expected from projection_version where projection = $1 and version = $2 and state = 'building' and not exists (
       select from projection_checkpoint where projection = $1 and version = $2 and last_position < stop_at)`,
    of,
  );
  const expected = rows[0]?.expected;
  if (!expected) return undefined;
  const found = await digestOf(pool, generation);
  const state = generation.differs === true || areAlike(expected, found) ? 'alike' : 'failed';
  await pool.query(
    `update projection_version set state = $3, found = $4, lane = case $3 when 'failed' then 'none' else lane end
      where projection = $1 and version = $2 and state = 'building'`,
    [...of, state, JSON.stringify(found)],
  );
  return state;
}

const essence = ({ digest, position, parked }: Digest) => JSON.stringify([digest, position, parked]);
const areAlike = (some: Digest, other: Digest) => essence(some) === essence(other);

/** Longer than this nobody waits for queries under way, and no query waits behind: it is tried again. Milliseconds. */
const lockPatience = 500;

interface Terms {
  readonly topics?: readonly string[] | undefined;
  /** Those that it may be in. By itself none serves that did before: somebody may have gone back from it. */
  readonly states: readonly Generation['state'][];
}
export type Served = 'serves' | 'behind' | 'not-compared' | 'unknown';

/**
 * Lets a generation serve that was compared and has come at least as far as the one that does, in every partition of these topics (without them:
 * of those that it reads). The one that served is kept. Queries under way end on the old one; a later one sees neither the old nor
 * anything older. `behind` as well when queries would have to wait too long.
 */
export async function serve(pool: pg.Pool, generation: Numbered, { topics, states }: Terms): Promise<Served> {
  const of = [generation.name, generation.version];
  return withClient(pool, async (client) => {
    // Every batch and every query reads this table first: with it, both sets of checkpoints stand still.
    await client.query(
      `begin; set local lock_timeout = ${lockPatience}; lock table projection_version in access exclusive mode`,
    );
    const row = (await generationsOf(client, generation.name)).find(({ version }) => version === generation.version);
    const outcome =
      row && !states.includes(row.state) && !row.serving
        ? 'not-compared'
        : await outcomeOf(client, row, [...of, topics ?? null]);
    if (outcome === 'serves' && row?.serving === false) {
      await client.query('update projection_version set serving = false where projection = $1 and serving', [
        generation.name,
      ]);
      await client.query(
        `update projection_version set serving = true, state = 'kept' where projection = $1 and version = $2`,
        of,
      );
      await show(client, generation, await homeOf(client));
    }
    await client.query('commit');
    return outcome;
  }).catch((error: unknown): Served => {
    if (error instanceof Error && 'code' in error && error.code === '55P03') return 'behind';
    throw error;
  });
}

async function outcomeOf(client: pg.ClientBase, row: Generation | undefined, of: readonly unknown[]): Promise<Served> {
  if (!row) return 'unknown';
  if (row.serving) return 'serves';
  const { rowCount: behind } = await client.query(
    `select from projection_checkpoint old join projection_version v using (projection, version)
       left join projection_checkpoint own on own.projection = $1 and own.version = $2
         and own.topic = old.topic and own.partition = old.partition
      where v.projection = $1 and v.serving and old.last_position > 0
        and (old.topic = any($3::text[]) or $3::text[] is null and exists (
          select from projection_checkpoint read where read.projection = $1 and read.version = $2 and read.topic = old.topic))
        and (own.last_position is null or own.last_position < old.last_position or own.log_id <> old.log_id)`,
    [...of],
  );
  return behind ? 'behind' : 'serves';
}

/** How far, in positions, a version may stand behind the live ones and still be let in: they go back so far to fetch it. */
const near = 500;

/** Lets a version into the live lane if it has caught up with those that are there. */
export async function joinIfNear(pool: pg.Pool, { name: projection, version, topics }: Projection): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update projection_version v set lane = 'live'
      where projection = $1 and version = $2 and lane = 'own' and state <> 'building' and not exists (
        select from projection_checkpoint other join projection_version o using (projection, version)
          left join projection_checkpoint own on own.projection = v.projection and own.version = v.version
            and own.topic = other.topic and own.partition = other.partition
         where o.lane = 'live' and other.topic = any($3)
           and other.last_position > coalesce(own.last_position, 0) + ${near})`,
    [projection, version, topics],
  );
  return rowCount === 1;
}

/** How a generation is getting on. */
export interface GenerationProgress extends Generation {
  /** Events read, and those that the one that serves has read of the same topics. */
  readonly done: number;
  readonly of: number;
  /** Since it began. */
  readonly perSecond: number;
  readonly expected: Digest | null;
  readonly found: Digest | null;
}
export async function progressOf(pool: pg.Pool): Promise<GenerationProgress[]> {
  const { rows } = await pool.query<GenerationProgress>(
    `select v.projection, v.version, v.definition, v.lane, v.state, v.serving, v.expected, v.found,
            read.events::int as done, greatest(read.events, old.events)::int as of,
            (read.events / greatest(extract(epoch from now() - v.began_at), 0.001))::float8 as "perSecond"
       from projection_version v
       cross join lateral (select coalesce(sum(next_offset), 0) as events from projection_checkpoint c
                            where c.projection = v.projection and c.version = v.version) read
       cross join lateral (select coalesce(sum(next_offset), 0) as events
                             from projection_checkpoint c join projection_version o using (projection, version)
                            where o.serving and c.projection = v.projection and c.topic in (
                              select topic from projection_checkpoint p
                               where p.projection = v.projection and p.version = v.version)) old
      order by v.projection, v.version`,
  );
  return rows;
}
