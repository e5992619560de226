set local search_path = :schema;

-- How far each read model got, in each partition of each topic. It moves in the transaction that writes the rows, by compare-and-set.
create table projection_checkpoint (
  projection text not null,
  version int not null,
  topic text not null,
  partition int not null,
  log_id text not null,
  next_offset bigint not null,
  last_position bigint not null,
  primary key (projection, version, topic, partition)
);

-- Events that could not be applied, each followed by every later one of its key, in order.
create table projection_parked (
  id bigint generated always as identity primary key,
  projection text not null,
  topic text not null,
  partition int not null,
  key text not null,
  message json not null,
  reason text not null,
  wish text check (wish in ('retry', 'skip')),
  parked_at timestamptz not null default now()
);
create index on projection_parked (projection, topic, key, id);
create index on projection_parked (id) where wish is not null;
