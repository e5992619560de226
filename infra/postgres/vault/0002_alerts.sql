-- That a name of a source was found in a text which does not quote it. For those who know the source alone, so it stands in no log, where it
-- would have a position that others see.
set local search_path = :schema;

-- Where is sealed under the key of the source; `place` is the hash of it under that key, so that nobody is told twice.
create table alert (
  source uuid not null references source_key,
  place text,
  sealed text not null,
  primary key (source, place)
);

-- The position in each shard of drafting's log up to which texts were looked at.
create table looked (
  shard integer primary key,
  position bigint not null
);

grant select, insert, update, delete on alert, looked to :role;
