set local search_path = :schema;

-- Each version of each read model that was made here; its tables are in a schema of its own, `<projection>_v<version>`.
-- The version that serves is the one that the views in this schema show. Versions in the lane `live` are read for together;
-- one in its `own` lane is being built, apart from the others, until it has caught up with them.
create table projection_version (
  projection text not null,
  version int not null,
  tables_digest text not null,
  lane text not null check (lane in ('live', 'own')),
  serving boolean not null,
  primary key (projection, version)
);
create unique index on projection_version (projection) where serving;

-- How far each got, in each partition of each topic, and how many events it had to set aside there. All of it moves in the
-- transaction that writes the rows, under a lock on the line. log_id is empty until the first event.
create table projection_checkpoint (
  projection text not null,
  version int not null,
  topic text not null,
  partition int not null,
  log_id text not null default '',
  next_offset bigint not null default 0,
  last_position bigint not null default 0,
  parked int not null default 0,
  primary key (projection, version, topic, partition)
) with (fillfactor = 50);

-- Events that could not be applied, each followed by every later one of its key, in order.
create table projection_parked (
  id bigint generated always as identity primary key,
  projection text not null,
  version int not null,
  topic text not null,
  partition int not null,
  key text not null,
  message json not null,
  reason text not null,
  wish text check (wish in ('retry', 'skip')),
  parked_at timestamptz not null default now()
);
create index on projection_parked (projection, version, topic, key, id);
create index on projection_parked (topic, partition) where wish is not null;
