import type pg from 'pg';
import type { Change, Projection, Rows } from './projection.ts';

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/** One upsert for all rows that change the same columns, in the order of their keys. */
async function upsert(client: pg.ClientBase, target: { table: string; keys: readonly string[] }, changes: Change[]) {
  const [first] = changes;
  if (!first) return;
  const set = Object.keys(first.set).filter((column) => !target.keys.includes(column));
  const add = Object.keys(first.add);
  const all = quoted([...target.keys, ...set, ...add]);
  const moves = [
    ...set.map((column) => `"${column}" = excluded."${column}"`),
    ...add.map((column) => `"${column}" = row."${column}" + excluded."${column}"`),
  ];
  await client.query(
    `insert into "${target.table}" as row (${all})
     select ${all} from json_populate_recordset(null::"${target.table}", $1) order by ${quoted(target.keys)}
     on conflict (${quoted(target.keys)}) do ${moves.length > 0 ? `update set ${moves.join(', ')}` : 'nothing'}`,
    [JSON.stringify(changes.map(({ key, set: columns, add: counts }) => ({ ...key, ...columns, ...counts })))],
  );
}

/** Writes a folded batch: table after table as the projection names them, one statement per set of columns. */
export async function writeRows(client: pg.ClientBase, projection: Projection, rows: Rows): Promise<void> {
  for (const [table, keys] of Object.entries(projection.tables)) {
    const bySignature = new Map<string, Change[]>();
    for (const change of rows.tables.get(table)?.values() ?? []) {
      // The same columns in the same order share a statement.
      const signature = JSON.stringify([Object.keys(change.set).sort(), Object.keys(change.add).sort()]);
      const alike = bySignature.get(signature);
      if (alike) alike.push(change);
      else bySignature.set(signature, [change]);
    }
    for (const [, changes] of [...bySignature].sort(([a], [b]) => (a < b ? -1 : 1)))
      await upsert(client, { table, keys }, changes);
  }
}
