-- The append-only log of one write service. ":schema", ":role" and ":shards" are filled in by migrate.ts.
set local search_path = :schema;

create table log (
  id uuid primary key default gen_random_uuid(),
  shards int not null,
  created_at timestamptz not null default now()
);

-- One row per shard: whoever locks it gives the next positions. This, and not a sequence, is what makes positions gap-free in commit order.
create table head (
  shard int primary key,
  position bigint not null default 0,
  hash bytea not null,
  recorded_at bigint not null default 0,
  internal_position bigint not null default 0,
  public_position bigint not null default 0
);

insert into log (shards) values (:shards);
insert into head (shard, hash)
  select shard, sha256(convert_to(log.id || ':' || shard, 'UTF8')) from log, generate_series(0, :shards - 1) as shard;

create table event (
  shard int not null,
  position bigint not null,
  stream text not null,
  version bigint not null,
  key text not null,                -- partition key: its Kafka partition is the shard
  type text not null,
  schema_version int not null,
  payload json not null,            -- json, not jsonb: the exact text is what was hashed
  metadata json not null,
  recorded_at bigint not null,      -- microseconds since 1970, database clock
  hash bytea not null,
  event_id uuid not null,
  command_id uuid,                  -- on the first event of a command, with what answers its repeat
  fingerprint text,
  status text,
  events int,
  internal_type text,               -- null: nothing leaves on this topic
  internal_version int,
  internal_payload json,            -- null beside a type: same as payload
  internal_previous bigint not null,
  public_type text,
  public_version int,
  public_payload json,
  public_previous bigint not null,
  primary key (shard, position),
  unique (stream, version),
  unique (command_id)
);
-- Streams by what they are about: the comments of an article.
create index event_first on event (key, stream) where version = 1;

-- Accepted commands that changed nothing (harmless repeats) are remembered too.
create table repeat (
  command_id uuid primary key,
  fingerprint text,
  status text not null,
  version bigint not null,
  shard int not null,
  internal_position bigint not null
);

-- The relay: who may send (a lease with a fencing epoch), and how far it got.
create table relay_lease (
  only_one boolean primary key default true check (only_one),
  holder text,
  epoch bigint not null default 0,
  expires_at timestamptz not null default '-infinity'
);
insert into relay_lease default values;
create table relay_cursor (shard int primary key, position bigint not null default 0);
insert into relay_cursor (shard) select generate_series(0, :shards - 1);

-- Reactions to what the services announce: how far they got in each topic, and what they could not do.
create table reaction_checkpoint (
  topic text not null,
  partition int not null,
  log_id text not null,
  next_offset bigint not null,
  last_position bigint not null,
  primary key (topic, partition)
);
-- A message that failed is parked with every later one of its key, in order.
create table reaction_parked (
  id bigint generated always as identity primary key,
  topic text not null,
  partition int not null,
  message_id text not null,
  key text not null,
  message json not null,
  reason text not null,
  wish text check (wish in ('retry', 'skip')),
  parked_at timestamptz not null default now(),
  unique (topic, message_id)
);
create index on reaction_parked (topic, partition, key, id);

grant usage on schema :schema to :role;
grant select on log, head, event, repeat to :role;
grant select, update on relay_lease, relay_cursor to :role;
grant select, insert, update, delete on reaction_checkpoint, reaction_parked to :role;
