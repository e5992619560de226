-- Keys of persons. Services reach them through functions alone; the role of this schema reads and writes it whole, for its own backup.
set local search_path = :schema;

-- One key for each person, wrapped by the master key. It is null once the person was erased; the line stays, so that nobody gets a new one.
-- A key that was destroyed must not linger in a dead row: autovacuum comes for each.
create table person (
  id uuid primary key,
  key bytea,
  made_at timestamptz not null default now(),
  erased_at timestamptz
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- The streams in which something is sealed under a person's key, with their partition keys: whom to tell when it is destroyed.
create table holding (
  person uuid references person,
  stream text,
  partition_key text not null,
  primary key (person, stream)
);

-- Random names for what persons said, found by a keyed hash of it. All who said the same share a name; each line goes with its person.
create table alias (
  mark bytea,
  person uuid references person,
  id uuid not null,
  primary key (mark, person)
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
create index on alias (person);

-- The key of the keyring itself, for hashes that are nobody's own.
create table house (
  only_one boolean primary key default true check (only_one),
  key bytea not null
);

grant usage on schema :schema to :role, :moderation_role, :reading_role;
grant select, insert, update, delete on all tables in schema :schema to :role;
