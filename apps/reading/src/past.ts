import type { Incoming } from '#messaging';
import { type Projection, Rows } from '#projections';

/** A row of a table as it was from one event of a topic until the next one that changed it. */
const momentsOf = (table: string, key: readonly string[]) => `
    create table ${table}_moment (
      ${key.map((column) => `${column} uuid`).join(', ')},
      service text,
      position bigint,
      happened_at timestamptz not null,
      until timestamptz not null default 'infinity',
      -- what the event changed, and added to; empty once it is in the row
      changes jsonb,
      counts jsonb,
      was jsonb,
      primary key (${key.join(', ')}, service, position)
    );
    create index on ${table}_moment using gist (tstzrange(happened_at, until));
    -- Each row goes on from the one before it, and ends it.
    create function ${table}_goes_on() returns trigger language plpgsql set search_path from current as $$
    declare before jsonb;
    begin
      update ${table}_moment set until = new.happened_at
       where ${key.map((column) => `${column} = new.${column}`).join(' and ')} and service = new.service
         and until = 'infinity' and position < new.position
      returning was into before;
      new.was := coalesce(before, '{}') || new.changes || (
        select coalesce(jsonb_object_agg(key, coalesce((before->>key)::int, 0) + value::int), '{}') from jsonb_each_text(new.counts));
      new.changes := null;
      new.counts := null;
      return new;
    end $$;
    create trigger going_on before insert on ${table}_moment for each row execute function ${table}_goes_on();`;

type Kept = Pick<Projection, 'tables' | 'ddl' | 'on'>;
/**
 * The rows of a read model, whose keys are ids, as they were at any time: for each event that changed one, that row as it was from then on,
 * as far as the columns of that event's topic go, told by the read model's own folds. Topics come in no order to each other; what one of
 * them has written of a row is in order.
 */
function momentsIn(now: Projection): Kept {
  const record = (event: Incoming, rows: Rows) => {
    const told = new Rows(now);
    now.on[event.type]?.(event, told);
    for (const [table, changes] of told.tables)
      for (const { key, set, add } of changes.values())
        rows.set(
          `${table}_moment`,
          { ...key, service: event.topic, position: String(event.position) },
          { happened_at: event.time, changes: { ...key, ...set }, counts: add },
        );
  };
  const tables = Object.entries(now.tables);
  return {
    tables: Object.fromEntries(tables.map(([table, key]) => [`${table}_moment`, [...key, 'service', 'position']])),
    ddl: tables.map(([table, key]) => momentsOf(table, key)).join('\n'),
    on: Object.fromEntries(Object.keys(now.on).map((type) => [type, record])),
  };
}

/** The past of a read model, as one of its own: whatever makes other rows makes another past. */
export const pastOf = (now: Projection, name: string): Projection => ({
  ...{ name, version: now.version, differs: true, topics: now.topics },
  ...momentsIn(now),
});

/** A read model that keeps its past beside its rows. */
export function withPast(now: Projection): Projection {
  const past = momentsIn(now);
  return {
    ...now,
    tables: { ...now.tables, ...past.tables },
    ddl: `${now.ddl}\n${past.ddl}`,
    on: Object.fromEntries(
      Object.entries(now.on).map(([type, fold]) => [
        type,
        (event, rows) => {
          fold(event, rows);
          past.on[type]?.(event, rows);
        },
      ]),
    ),
  };
}

/** In place of a table that one topic writes alone: its rows as they were at the instant in this parameter. */
export const asOf = (table: string, instant: string, defaults: object = {}): string => `(
  select was.* from ${table}_moment moment
   cross join lateral jsonb_populate_record(null::${table}, '${JSON.stringify(defaults)}'::jsonb || moment.was) was
   where tstzrange(moment.happened_at, moment.until) @> ${instant}::timestamptz) ${table}`;
