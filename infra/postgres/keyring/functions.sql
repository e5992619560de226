-- The keyring's functions. Applied anew after the numbered files whenever this file has changed.
-- Whoever uses a key holds a shared lock until the end of its transaction, and destroying one waits for all of them: once a key is destroyed,
-- nothing that was read with it is written any more. Each function takes the lock in a statement before it looks.
set local search_path = :schema;

create or replace function house_key(fresh bytea) returns bytea
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  insert into house (key) values (fresh) on conflict do nothing;
  return (select key from house);
end $$;

-- The key of a person, who gets this one if there is none yet; null when the person was erased. A stream is noted as holding something of theirs.
create or replace function hold(who uuid, fresh bytea, held_by text, about text) returns bytea
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
declare
  found_key bytea;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  insert into person (id, key) values (who, fresh) on conflict do nothing;
  select key into found_key from person where id = who;
  if found_key is not null and held_by is not null then
    insert into holding values (who, held_by, about) on conflict do nothing;
  end if;
  return found_key;
end $$;

-- The keys of those of these persons who have one.
create or replace function keys(who uuid[]) returns table (person_id uuid, person_key bytea)
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  return query select id, key from person where id = any (who) and key is not null;
end $$;

-- The name of what has this mark; null for a person without a key.
create or replace function alias_of(who uuid, said bytea) returns uuid
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
declare
  name uuid;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  if not exists (select from person where id = who and key is not null) then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended(encode(said, 'hex'), 1));
  select id into name from alias where mark = said limit 1;
  name := coalesce(name, gen_random_uuid());
  insert into alias values (said, who, name) on conflict do nothing;
  return name;
end $$;

-- For ever. Gives up after five seconds, so that a stuck reader holds up nobody else; whoever calls it tries again.
create or replace function destroy(who uuid) returns void
language plpgsql volatile security definer set search_path = :schema, pg_temp set lock_timeout = '5s' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('keyring', 0));
  update person set key = null, erased_at = now() where id = who and key is not null;
  delete from alias where person = who;
end $$;

create or replace function standing(who uuid) returns text
language sql stable security definer set search_path = :schema, pg_temp as $$
  select case when key is null then 'erased' else 'known' end from person where id = who
$$;

create or replace function holdings(who uuid) returns table (stream text, partition_key text)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select stream, partition_key from holding where person = who order by stream
$$;

revoke all on all functions in schema :schema from public;
grant execute on function house_key, hold, keys, alias_of, destroy, standing, holdings to :moderation_role;
grant execute on function keys to :reading_role;
