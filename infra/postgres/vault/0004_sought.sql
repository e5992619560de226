-- How far each source was looked for in what was written before it came: up to this stream of drafting's log, by name; null: everywhere.
set local search_path = :schema;

create table sought (
  source uuid primary key references source_key,
  up_to text
);
-- Whoever is there already was looked for in what came after them alone.
insert into sought select id, '' from source_key where key is not null;

grant select, insert, update, delete on sought to :role;
