-- Keys of confidential sources. Drafting reaches them through functions alone, and no other service reaches them at all; the role of this
-- schema reads and writes it whole, for its own backup.
set local search_path = :schema;

-- One key for each source, wrapped by the master key. It is null once it was destroyed; the line stays, so that the source gets no new one.
-- A key that was destroyed must not linger in a dead row, for which autovacuum comes each time, nor in what the planner samples.
create table source_key (
  id uuid primary key,
  key bytea,
  made_at timestamptz not null default now(),
  destroyed_at timestamptz
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
alter table source_key alter column key set statistics 0;

grant usage on schema :schema to :role, :drafting_role;
grant select, insert, update, delete on source_key to :role;
