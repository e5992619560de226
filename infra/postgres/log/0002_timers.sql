-- What an aggregate is to be told at a time: written by the append whose events set it, gone with the append whose events no longer want it.
set local search_path = :schema;

create table timer (
  stream text,
  name text,
  epoch bigint not null,                 -- another one each time that it is set
  due_at bigint not null,                -- microseconds since 1970, database clock
  command json not null,                 -- {type, data}
  rests_until bigint not null default 0, -- one that could not be fired is tried again then
  primary key (stream, name)
);
create index on timer (greatest(due_at, rests_until));

-- Who may fire, as with the relay.
create table timer_lease (
  only_one boolean primary key default true check (only_one),
  holder text,
  epoch bigint not null default 0,
  expires_at timestamptz not null default '-infinity'
);
insert into timer_lease default values;

grant select, update (rests_until) on timer to :role;
grant select, update on timer_lease to :role;
