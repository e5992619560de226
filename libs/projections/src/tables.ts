import { createHash } from 'node:crypto';
import pg from 'pg';
import { type Projection, schemaOf } from './projection.ts';

const { escapeIdentifier: name } = pg;
export const textOf = ({ ddl, tables }: Projection) =>
  createHash('sha256')
    .update(JSON.stringify([ddl, tables]))
    .digest('hex');

/** Refuses what would go wrong later, in words. */
export function check(projections: readonly Projection[]): void {
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
export async function makeTables(client: pg.ClientBase, projection: Projection, home: string): Promise<void> {
  const schema = name(schemaOf(projection));
  await client.query(
    `create schema ${schema}; set local search_path = ${schema}; ${projection.ddl}; set local search_path = ${name(home)}`,
  );
  await checkKeys(client, projection);
}

/** Those that a generation has, whichever version of the code made them. */
export async function tablesOf(client: pg.ClientBase, of: Pick<Projection, 'name' | 'version'>): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    'select tablename as table from pg_tables where schemaname = $1 order by tablename collate "C"',
    [schemaOf(of)],
  );
  return rows.map(({ table }) => table);
}

/** Lets the plain names of the tables mean those of this version, and no other. */
export async function show(
  client: pg.ClientBase,
  projection: Pick<Projection, 'name' | 'version'>,
  home: string,
): Promise<void> {
  const { rows: shown } = await client.query<{ view: string }>(
    `select view_name as view from information_schema.view_table_usage where view_schema = $1 and table_schema ~ $2`,
    [home, `^${projection.name}_v[0-9]+$`],
  );
  for (const { view } of shown) await client.query(`drop view ${name(home)}.${name(view)}`);
  for (const table of await tablesOf(client, projection)) {
    const view = `${name(home)}.${name(table)}`;
    await client.query(`create view ${view} as select * from ${name(schemaOf(projection))}.${name(table)}`);
  }
}

export async function homeOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ home: string }>('select current_schema() as home');
  return rows[0]?.home ?? 'public';
}
