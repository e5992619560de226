-- What people at work leave beside the log of what was decided: no history, and nothing is decided by it.
set local search_path = :schema;

-- Text that is not saved yet, one for each person and session.
create table autosave (
  stream text,
  person text,
  session text,
  value json not null,
  saved_at timestamptz not null,
  primary key (stream, person, session)
);

-- Who has a text in hand. A row that has expired is nobody's.
create table editing_lease (
  stream text primary key,
  person_id text not null,
  person_name text not null,
  session text not null,
  since timestamptz not null,
  expires_at timestamptz not null
);

grant select, insert, update, delete on autosave, editing_lease to :role;
