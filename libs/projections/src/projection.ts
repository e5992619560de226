import type pg from 'pg';
import type { Incoming } from '#messaging';

export type Value = string | number | boolean | null | object;
export type Columns = Readonly<Record<string, Value>>;

/**
 * A read model: which tables it owns, and one fold per event type. A fold only says which columns of which rows change; it reads nothing,
 * neither rows nor a clock. Each column is written by one topic alone, so that no interleaving of topics and partitions can be told from
 * another in the rows. Event types without a fold are passed over.
 */
export interface Projection {
  /** snake_case. */
  readonly name: string;
  /** From 1. A new number starts over, in new tables. */
  readonly version: number;
  /** The internal topics that it reads; each has the name of the service whose log it carries. */
  readonly topics: readonly string[];
  /**
   * `create table` and `create index`, with plain names. Each table has a primary key. A column that is not among those of every change that
   * may come first in its row is null or has a default until it is changed.
   */
  readonly ddl: string;
  /** Each of those tables, with the columns of its primary key. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly on: Readonly<Record<string, (event: Incoming, rows: Rows) => void>>;
  /** Columns of each table that hold personal data: no digest rests on them, since who was erased is gone from one copy before another. */
  readonly personal?: Readonly<Record<string, readonly string[]>>;
  /** Its rows are not those of the version before, on purpose: it takes over though the digests differ. */
  readonly differs?: boolean;
  /**
   * What is done to events before they are folded, on the connection and in the transaction that writes the rows: opening what is sealed in
   * them, so that nothing is ever written for somebody who was erased before; or telling whole what an event only changes, from the rows of
   * this generation as they were before these events. What is parked is parked as it came.
   */
  readonly open?: (
    client: pg.ClientBase,
    events: readonly Incoming[],
    generation: Pick<Projection, 'name' | 'version'>,
  ) => Promise<readonly Incoming[]>;
}

export interface Change {
  readonly key: Columns;
  set: Record<string, Value>;
  add: Record<string, number>;
}

/** What a batch changes, folded together: one change per row, later columns over earlier ones, counts summed. */
export class Rows {
  readonly tables = new Map<string, Map<string, Change>>();

  constructor(private readonly projection: Projection) {}

  /** Creates the row, or changes these columns of it. */
  set(table: string, key: Columns, columns: Columns): void {
    Object.assign(this.change(table, key).set, columns);
  }

  /** Adds to these columns; a row or a column that is not there counts from 0. */
  add(table: string, key: Columns, columns: Readonly<Record<string, number>>): void {
    const { add } = this.change(table, key);
    for (const [column, by] of Object.entries(columns)) add[column] = (add[column] ?? 0) + by;
  }

  private change(table: string, key: Columns): Change {
    const columns = this.projection.tables[table];
    if (!columns) throw new Error(`${this.projection.name} owns no table ${table}`);
    let changes = this.tables.get(table);
    if (!changes) this.tables.set(table, (changes = new Map<string, Change>()));
    const name = JSON.stringify(columns.map((column) => key[column]));
    let change = changes.get(name);
    if (!change) changes.set(name, (change = { key, set: {}, add: {} }));
    return change;
  }
}

/** Folds events, in their order. Throws what a fold throws. */
export function fold(projection: Projection, events: readonly Incoming[]): Rows {
  const rows = new Rows(projection);
  for (const event of events) projection.on[event.type]?.(event, rows);
  return rows;
}

/** The Postgres schema that holds a version's tables. */
export const schemaOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): string => `${name}_v${version}`;
