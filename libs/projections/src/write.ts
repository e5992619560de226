import { hash } from 'node:crypto';
import pg from 'pg';
import { type Change, type Projection, type Rows, schemaOf } from './projection.ts';
import { allOf } from './transaction.ts';

interface Target {
  readonly table: string;
  readonly keys: readonly string[];
}
const quoted = (names: readonly string[]) => names.map(pg.escapeIdentifier).join(', ');
/** Statements are prepared once for each connection; there are as many as tables times sets of columns that change together. */
const nameOf = (text: string) => hash('sha256', text, 'hex').slice(0, 32);
/** Changes of the same columns share a statement. */
const shapeOf = ({ set, add }: Change) => JSON.stringify([Object.keys(set).sort(), Object.keys(add).sort()]);

/** The table is locked as an idea, by its name: queries and other writers of it do not wait, only those who lock it so themselves. */
function upsert({ table, keys }: Target, { set, add }: Change, lock: 'shared' | 'exclusive'): string {
  const setting = Object.keys(set).filter((column) => !keys.includes(column));
  const adding = Object.keys(add);
  const all = quoted([...keys, ...setting, ...adding]);
  const moves = [
    ...setting.map((name) => `${quoted([name])} = excluded.${quoted([name])}`),
    ...adding.map((name) => `${quoted([name])} = coalesce(row.${quoted([name])}, 0) + excluded.${quoted([name])}`),
  ];
  return `insert into ${table} as row (${all})
     select ${all} from pg_advisory_xact_lock${lock === 'shared' ? '_shared' : ''}(hashtextextended($2, 0)),
            json_populate_recordset(null::${table}, $1) order by ${quoted(keys)}
     on conflict (${quoted(keys)}) do ${moves.length > 0 ? `update set ${moves.join(', ')}` : 'nothing'}`;
}

/**
 * Two partitions that write the same rows must do so in the same order, or each may wait for the other. One statement takes them in the
 * order of their keys. Several would each begin again from the first key, so whoever needs several has the table to itself.
 */
function writeTable(client: pg.ClientBase, target: Target, changes: readonly Change[]): Promise<unknown>[] {
  const shapes = Map.groupBy(changes, shapeOf);
  return [...shapes.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const records = alike.map(({ key, set, add }) => ({ ...key, ...set, ...add }));
    const text = upsert(target, first, shapes.size > 1 ? 'exclusive' : 'shared');
    return client.query({ name: nameOf(text), text, values: [JSON.stringify(records), target.table] });
  });
}

/**
 * Writes a folded batch: table after table as the projection names them, rows in the order of their keys. All statements are on their way when
 * it returns; the client pipelines them.
 */
export async function writeRows(client: pg.ClientBase, projection: Projection, rows: Rows): Promise<void> {
  const writes = Object.entries(projection.tables).flatMap(([table, keys]) => {
    const changes = rows.tables.get(table)?.values() ?? [];
    return writeTable(client, { table: `"${schemaOf(projection)}".${quoted([table])}`, keys }, [...changes]);
  });
  await allOf(writes);
}
