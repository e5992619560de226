import type { Incoming } from '#messaging';
import { type Projection, Rows } from '#projections';

/** What a moment lasted, as a power of two in seconds that is not less; nothing, where the next one came at the same time. */
const longest = 34;
const lasting = (from: string, until: string) => `
  case when ${until} = 'infinity' then ${longest}
       when ${until} > ${from} then least(${longest}, greatest(0, ceil(log(extract(epoch from ${until} - ${from})::float8) / log(2::float8))))::int end`;

/** What a list reads of every row, and not only of those that it shows: it stands in the index that finds them. By table. */
type Looked = Readonly<Record<string, readonly string[]>>;

/** A row of a table as it was from one event, of any topic, until the next one that changed it. */
const momentsOf = (table: string, key: readonly string[], topics: readonly string[], looked: Looked) => {
  const ofRow = key.map((column) => `${column} = new.${column}`).join(' and ');
  const order = ['happened_at', 'service', 'position'];
  const [inOrder, ofNew] = [order.join(', '), order.map((column) => `new.${column}`).join(', ')];
  return `
    create table ${table}_moment (
      like ${table} including defaults,
      service text,
      position bigint,
      happened_at timestamptz not null,
      until timestamptz not null default 'infinity',
      lasted int,
      -- what the event changed, and added to; empty once it is in the row
      changes jsonb,
      counts jsonb,
      primary key (${key.join(', ')}, service, position)
    );
    create index on ${table}_moment (lasted, happened_at) include (${['until', ...(looked[table] ?? [])].join(', ')});
    create index on ${table}_moment (${key.join(', ')}, happened_at);
    create function ${table}_after(moment ${table}_moment, changes jsonb, counts jsonb) returns ${table}_moment
      language sql stable as $$
      select jsonb_populate_record(moment, changes || (
        select coalesce(jsonb_object_agg(key, coalesce((to_jsonb(moment)->>key)::int, 0) + value::int), '{}') from jsonb_each_text(counts)))
    $$;
    -- Each goes on from the one before it, and ends it.
    create function ${table}_goes_on() returns trigger language plpgsql set search_path from current as $$
    declare
      before ${table}_moment;
      told ${table}_moment;
      upcoming timestamptz;
    begin
      ${
        topics.length > 1
          ? `-- Topics are read side by side: of two that come to the same row, the second sees what the first has written.
      perform pg_advisory_xact_lock(hashtextextended(tg_relid::text, 0));`
          : ''
      }
      select * into before from ${table}_moment
       where ${ofRow} and (${inOrder}) < (${ofNew})
       order by ${order.map((column) => `${column} desc`).join(', ')} limit 1;
      if found then
        update ${table}_moment set until = new.happened_at, lasted = ${lasting('happened_at', 'new.happened_at')}
         where ${ofRow} and service = before.service and position = before.position;
        told := ${table}_after(before, new.changes, new.counts);
      else
        told := ${table}_after(new, new.changes, new.counts);
      end if;
      select min(happened_at) into upcoming from ${table}_moment where ${ofRow} and (${inOrder}) > (${ofNew});
      if upcoming is not null then
        -- Another topic was ahead of this one: what it has told goes on from this as well.
        with later as (delete from ${table}_moment where ${ofRow} and (${inOrder}) > (${ofNew}) returning *)
        insert into ${table}_moment select changed.* from later
         cross join lateral ${table}_after(later, new.changes, new.counts) changed;
      end if;
      told.service := new.service;
      told.position := new.position;
      told.happened_at := new.happened_at;
      told.until := coalesce(upcoming, 'infinity');
      told.lasted := ${lasting('told.happened_at', 'told.until')};
      told.changes := null;
      told.counts := null;
      return told;
    end $$;
    create trigger going_on before insert on ${table}_moment for each row when (new.changes is not null) execute function ${table}_goes_on();`;
};

type Kept = Pick<Projection, 'tables' | 'ddl' | 'on'>;
/**
 * The rows of a read model as they were at any time: for each event that changed one, that row as it was from then on, told by the read model's
 * own folds. Topics come in no order to each other, and moments come out the same: by time, and at the same time by the names of the topics.
 */
function momentsIn(now: Projection, looked: Looked = {}): Kept {
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
    ddl: tables.map(([table, key]) => momentsOf(table, key, now.topics, looked)).join('\n'),
    on: Object.fromEntries(Object.keys(now.on).map((type) => [type, record])),
  };
}

/** The past of a read model, as one of its own: whatever makes other rows makes another past. Its tables are there to be like them. */
export function pastOf(now: Projection, name: string, looked: Looked): Projection {
  const { version, topics } = now;
  const past = momentsIn(now, looked);
  const ddl = [now.ddl, past.ddl, ...Object.keys(now.tables).map((table) => `drop table ${table};`)].join('\n');
  return { ...{ name, version, differs: true, topics }, ...past, ddl };
}

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

/**
 * In place of a table: its rows as they were at the instant in this parameter. Those that lasted about as long and hold then began within that
 * time before it, so that nothing is looked at that began long before or after. `offset 0` keeps the planner from turning that around.
 */
export const asOf = (table: string, instant: string): string => `(
  select moment.* from generate_series(0, ${longest}) level cross join lateral (
    select * from ${table}_moment
     where lasted = level and happened_at <= ${instant}::timestamptz
       and happened_at > ${instant}::timestamptz - make_interval(secs => 2::float8 ^ level + 1) and until > ${instant}::timestamptz
    offset 0) moment) ${table}`;

/** The same of the one row that a condition on its key asks for. */
export const oneAsOf = (table: string, key: string, instant: string): string => `(
  select * from ${table}_moment where ${key} and happened_at <= ${instant}::timestamptz
   order by happened_at desc, service desc, position desc limit 1) ${table}`;
