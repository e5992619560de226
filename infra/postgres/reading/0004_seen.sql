set local search_path = :schema;

-- How far each person has looked at what they were told. It is nobody's event, and outlives every rebuild.
create table seen_mark (
  person text,
  topic text,
  shard int,
  position bigint not null,
  primary key (person, topic, shard)
);
