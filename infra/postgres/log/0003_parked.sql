set local search_path = :schema;

alter table reaction_parked drop column wish;

-- What is parked, under the same names in every service.
create view parked as
  select id, 'reactions' as reader, topic, partition, key, message_id, message->>'type' as type, message, reason, parked_at from reaction_parked;

-- What operators wished for it, and what came of that: kept for ever.
create table parked_wish (
  id bigint generated always as identity primary key,
  parked_id bigint not null,
  reader text not null,
  topic text not null,
  partition int not null,
  key text not null,
  message_id text not null,
  type text not null,
  parked_because text not null,
  wish text not null check (wish in ('retry', 'skip')),
  reason text not null default '',
  by_id text not null,
  by_name text not null,
  asked_at timestamptz not null default now(),
  done_at timestamptz,
  outcome text check (outcome in ('applied', 'skipped', 'failed', 'gone')),
  failure text not null default ''
);
-- Asked twice before it is done is asked once.
create unique index on parked_wish (parked_id, wish) where done_at is null;
create index on parked_wish (topic, partition, reader) where done_at is null;
create index on parked_wish (parked_id, id);

grant select, update, delete on parked to :role;
grant select, insert, update on parked_wish to :role;
