import { globSync, readFileSync } from 'node:fs';
import type pg from 'pg';

export interface Mark {
  readonly text: string;
  readonly bytes: Buffer;
}

/** Which of these are in files below a folder, each with the file's name. Files may vanish while they are looked for. */
export function tracesInFiles(folder: string, pattern: string, marks: readonly Mark[]): string[] {
  return globSync(pattern, { cwd: folder, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = `${entry.parentPath}/${entry.name}`;
    try {
      const content = readFileSync(path);
      return marks.flatMap(({ text, bytes }) => (content.includes(bytes) ? [`${path}: ${text}`] : []));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** The tables, of all schemas and of Postgres' own catalogue, that hold any of these in any row: what a dump would show, and more. */
export async function tracesInTables(admin: pg.Client, texts: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ table: string }>(
    `select format('%I.%I', n.nspname, c.relname) as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' order by 1`,
  );
  const found: string[] = [];
  for (const { table } of rows) {
    const { rowCount } = await admin.query(
      `select from ${table} as t where exists (select from unnest($1::text[]) as text where strpos(t::text, text) > 0) limit 1`,
      [texts],
    );
    if (rowCount) found.push(table);
  }
  return found;
}

/** Does what an operator does after an erasure. */
export async function afterErasure(admin: pg.Client): Promise<void> {
  const text = readFileSync(new URL('../../infra/postgres/after-erasure.sql', import.meta.url), 'utf8');
  const statements = text.replaceAll(/^--.*$/gm, '').split(/(?<=;|\\gexec)\n/);
  for (const statement of statements.map((one) => one.trim()).filter((one) => one !== '')) {
    const made = statement.endsWith('\\gexec');
    const { rows } = await admin.query<Record<string, string>>(statement.replace('\\gexec', ''));
    if (made)
      for (const each of rows.flatMap((row) => Object.values(row).flatMap((one) => one.split('; '))))
        await admin.query(each);
  }
}
