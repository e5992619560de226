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

-- The keys of persons, who each get the one beside them if there is none yet; and random names for what they said: the name that it has, if
-- anybody said it before. A row for each, by its place; none for a person who was erased.
create or replace function meet(who uuid[], fresh bytea[], said bytea[]) returns table (number int, person_key bytea, name uuid)
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  perform pg_advisory_xact_lock(mark) from (select distinct hashtextextended(encode(one, 'hex'), 1) as mark
                                              from unnest(said) as one where one is not null order by 1) as marks;
  insert into person (id, key) select distinct on (id) id, key from unnest(who, fresh) as met (id, key) order by id on conflict do nothing;
  insert into alias (mark, person, id)
    with marks as materialized (select mark, gen_random_uuid() as fresh from (select distinct one as mark from unnest(said) as one) as distinct_marks)
    select distinct mark, person.id, coalesce((select known.id from alias known where known.mark = marks.mark limit 1), marks.fresh)
      from unnest(who, said) as met (id, mark) join marks using (mark) join person on person.id = met.id and key is not null order by 1, 2
    on conflict do nothing;
  return query
    select met.number::int, key, (select alias.id from alias where alias.mark = met.mark limit 1)
      from unnest(who, said) with ordinality as met (id, mark, number) join person on person.id = met.id and key is not null;
end $$;

-- The keys of those of these persons who have one; each stream is noted as holding something of theirs.
create or replace function hold(who uuid[], held_by text[], about text[]) returns table (person_id uuid, person_key bytea)
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  insert into holding (person, stream, partition_key)
    select id, stream, partition_key from person join unnest(who, held_by, about) as held (holder, stream, partition_key) on id = holder
     where key is not null order by 1, 2
    on conflict do nothing;
  return query select id, key from person where id = any (who) and key is not null;
end $$;

-- The keys of those of these persons who have one.
create or replace function keys(who uuid[]) returns table (person_id uuid, person_key bytea)
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('keyring', 0));
  return query select id, key from person where id = any (who) and key is not null;
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
grant execute on function house_key, meet, hold, keys, destroy, standing, holdings to :moderation_role;
grant execute on function keys to :reading_role;
