import { createHash } from 'node:crypto';
import pg from 'pg';
import { type Projection, schemaOf } from './projection.ts';
import { withClient } from './transaction.ts';

const { escapeIdentifier: name } = pg;
const digestOf = ({ ddl, tables }: Projection) =>
  createHash('sha256')
    .update(JSON.stringify([ddl, tables]))
    .digest('hex');

/** Refuses what would go wrong later, in words. */
function check(projections: readonly Projection[]): void {
  const owners = new Map<string, string>();
  for (const [at, projection] of projections.entries()) {
    if (projections.findIndex(({ name: other }) => other === projection.name) < at)
      throw new Error(`There are two projections ${projection.name}.`);
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(projection.name) || projection.version < 1)
      throw new Error(`A projection's name is snake_case and its version is 1 or more, not ${schemaOf(projection)}.`);
    for (const table of Object.keys(projection.tables)) {
      const owner = owners.get(table) ?? projection.name;
      if (owner !== projection.name) throw new Error(`Both ${owner} and ${projection.name} own a table ${table}.`);
      owners.set(table, owner);
    }
  }
}

async function checkKeys(client: pg.ClientBase, projection: Projection): Promise<void> {
  const { rows } = await client.query<{ table: string; keys: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) as keys
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
      where i.indisprimary and c.relnamespace = $1::regnamespace group by 1`,
    [name(schemaOf(projection))],
  );
  const made = new Map(rows.map(({ table, keys }) => [table, keys.join()]));
  for (const [table, keys] of Object.entries(projection.tables))
    if (made.get(table) !== keys.join())
      throw new Error(`${projection.name}: table ${table} needs the primary key (${keys.join(', ')}).`);
}

/** Makes the tables of a version, in a schema of its own. */
async function makeTables(client: pg.ClientBase, projection: Projection, home: string): Promise<void> {
  const schema = name(schemaOf(projection));
  await client.query(
    `create schema ${schema}; set local search_path = ${schema}; ${projection.ddl}; set local search_path = ${name(home)}`,
  );
  await checkKeys(client, projection);
}

/** Lets the plain names of the tables mean those of this version, and no other. */
async function show(client: pg.ClientBase, projection: Projection, home: string): Promise<void> {
  const { rows: shown } = await client.query<{ view: string }>(
    `select view_name as view from information_schema.view_table_usage where view_schema = $1 and table_schema ~ $2`,
    [home, `^${projection.name}_v[0-9]+$`],
  );
  for (const { view } of shown) await client.query(`drop view ${name(home)}.${name(view)}`);
  for (const table of Object.keys(projection.tables)) {
    const view = `${name(home)}.${name(table)}`;
    await client.query(`create view ${view} as select * from ${name(schemaOf(projection))}.${name(table)}`);
  }
}

async function homeOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ home: string }>('select current_schema() as home');
  return rows[0]?.home ?? 'public';
}

async function prepare(client: pg.ClientBase, projection: Projection, home: string): Promise<void> {
  const { rows } = await client.query<{ version: number; tables_digest: string; serving: boolean }>(
    'select version, tables_digest, serving from projection_version where projection = $1',
    [projection.name],
  );
  const known = rows.find(({ version }) => version === projection.version);
  if (known && known.tables_digest !== digestOf(projection))
    throw new Error(`The tables of ${schemaOf(projection)} were made from another text: give it a new version.`);
  if (known) return;
  await makeTables(client, projection, home);
  // Beside others that have come a long way it is built apart; where all begin, it begins with them.
  const others = await client.query('select from projection_checkpoint where last_position > 0 limit 1');
  const serving = !rows.some((row) => row.serving);
  await client.query('insert into projection_version values ($1, $2, $3, $4, $5)', [
    ...[projection.name, projection.version, digestOf(projection)],
    ...[others.rowCount ? 'own' : 'live', serving],
  ]);
  if (serving) await show(client, projection, home);
}

/** Makes what is not there yet. Several processes may do so at once. Throws when tables were made from another text. */
export async function prepareAll(pool: pg.Pool, projections: readonly Projection[]): Promise<void> {
  check(projections);
  await withClient(pool, async (client) => {
    await client.query("begin; select pg_advisory_xact_lock(hashtext('projection_version'))");
    const home = await homeOf(client);
    for (const projection of projections) await prepare(client, projection, home);
    await client.query('commit');
  });
}

/**
 * Drops what a version holds: its tables are made anew, empty, and it begins at the start of its topics, in a lane of its own. Waits for
 * batches and queries that are under way.
 */
export async function startOver(pool: pg.Pool, projection: Projection): Promise<void> {
  const of = [projection.name, projection.version];
  await withClient(pool, async (client) => {
    // Every batch and every query reads this table first.
    await client.query('begin; lock table projection_version in access exclusive mode');
    const home = await homeOf(client);
    const { rows } = await client.query<{ serving: boolean }>(
      `update projection_version set lane = 'own', tables_digest = $3 where projection = $1 and version = $2 returning serving`,
      [...of, digestOf(projection)],
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
 * Lets a version serve that has come at least as far as the one that does, in every partition of its topics. Answers whether it serves
 * now. Queries that are under way end on the old one; a later one sees neither the old nor anything older.
 */
export async function serve(pool: pg.Pool, projection: Projection): Promise<boolean> {
  const of = [projection.name, projection.version];
  return withClient(pool, async (client) => {
    await client.query('begin; lock table projection_version in access exclusive mode');
    const { rowCount: behind } = await client.query(
      `select from projection_checkpoint old join projection_version v using (projection, version)
         left join projection_checkpoint own on own.projection = $1 and own.version = $2
           and own.topic = old.topic and own.partition = old.partition
        where v.projection = $1 and v.serving and old.topic = any($3)
          and old.last_position > coalesce(own.last_position, 0)`,
      [...of, projection.topics],
    );
    if (!behind) {
      await client.query('update projection_version set serving = false where projection = $1', [projection.name]);
      await client.query('update projection_version set serving = true where projection = $1 and version = $2', of);
      await show(client, projection, await homeOf(client));
    }
    await client.query('commit');
    return !behind;
  });
}

export interface VersionRow {
  readonly projection: string;
  readonly version: number;
  readonly lane: 'live' | 'own';
  readonly serving: boolean;
}

/** All versions made here, by this process or another. */
export async function versions(pool: pg.Pool): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>('select projection, version, lane, serving from projection_version');
  return rows;
}

/** How far, in positions, a version may stand behind the live ones and still be let in: they go back so far to fetch it. */
const near = 500;

/** Lets a version into the live lane if it has caught up with those that are there. */
export async function joinIfNear(pool: pg.Pool, { name: projection, version, topics }: Projection): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update projection_version v set lane = 'live'
      where projection = $1 and version = $2 and lane = 'own' and not exists (
        select from projection_checkpoint other join projection_version o using (projection, version)
          left join projection_checkpoint own on own.projection = v.projection and own.version = v.version
            and own.topic = other.topic and own.partition = other.partition
         where o.lane = 'live' and other.topic = any($3)
           and other.last_position > coalesce(own.last_position, 0) + ${near})`,
    [projection, version, topics],
  );
  return rowCount === 1;
}
