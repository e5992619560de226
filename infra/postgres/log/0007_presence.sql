-- Who looks at what right now: a row for each stream of changes that is open. One that has expired is of a process that died.
set local search_path = :schema;

create table presence (
  connection uuid primary key,
  stream text not null,
  person_id text not null,
  person_name text not null,
  expires_at timestamptz not null
);
create index on presence (stream);

grant select, insert, update, delete on presence to :role;

-- Whoever listens for what is appended hears of these too: who has come or gone, and who has a text in hand.
create function tell_presence() returns trigger language plpgsql as $$
begin
  perform pg_notify('stet_' || tg_table_schema, '');
  return null;
end $$;
create trigger told after insert or delete on presence for each row execute function tell_presence();
create trigger told after insert or delete on editing_lease for each row execute function tell_presence();
create trigger told_over after update on editing_lease for each row
  when ((old.person_id, old.session) is distinct from (new.person_id, new.session)) execute function tell_presence();
