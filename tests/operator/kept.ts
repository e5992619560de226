import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { leftOut, type Manifest, type Part, parts, type Row } from '../../infra/stet/archive.ts';

export type Tables = Readonly<Record<string, readonly string[]>>;

export const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;

export const linesIn = (folder: string, file: string) =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trimEnd()
    .split('\n');

const sorted = (tables: Readonly<Record<string, readonly Row[]>>): Tables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).sort()]),
  );

/** Every row of every table of the logs and of the keyring that is not left out of archives, each column as text. */
export async function everything(admin: pg.Client): Promise<Tables> {
  const { rows: tables } = await admin.query<{ schema: Part; name: string; columns: string }>(
    `select table_schema as schema, table_name as name, string_agg(format('%I::text', column_name), ', ' order by ordinal_position) as columns
       from information_schema.tables join information_schema.columns using (table_schema, table_name)
      where table_type = 'BASE TABLE' and table_schema = any ($1) and table_name <> all ($2) group by 1, 2`,
    [parts, leftOut],
  );
  await admin.query("set timezone = 'UTC'");
  const found: Record<string, Row[]> = {};
  for (const { schema, name, columns } of tables)
    found[`${schema}.${name}`] = (await admin.query<Row>(`select ${columns} from ${schema}.${name}`)).rows;
  return sorted(found);
}

/** The same of an archive. */
export function kept(folder: string): Tables {
  const found: Record<string, Row[]> = {};
  for (const [part, { file, rows }] of Object.entries(manifestIn(folder).parts)) {
    for (const table of Object.keys(rows)) found[`${part}.${table}`] = [];
    for (const line of linesIn(folder, file))
      for (const [table, row] of Object.entries(JSON.parse(line) as Record<string, Row>))
        found[`${part}.${table}`]?.push(row);
  }
  return sorted(found);
}
