-- The vault's functions. Applied anew after the numbered files whenever this file has changed.
set local search_path = :schema;

-- The key of a source, which gets the one beside it if it never had any; null once it was destroyed.
create or replace function take(source uuid, fresh bytea) returns bytea
language plpgsql volatile security definer set search_path = :schema, pg_temp as $$
begin
  insert into source_key (id, key) values (source, fresh) on conflict do nothing;
  return (select key from source_key where id = source);
end $$;

-- The keys of those of these sources that have one.
create or replace function keys(sources uuid[]) returns table (source_id uuid, wrapped bytea)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select id, key from source_key where id = any (sources) and key is not null
$$;

-- All that ever had one.
create or replace function sources() returns setof uuid
language sql stable security definer set search_path = :schema, pg_temp as $$
  select id from source_key order by made_at, id
$$;

-- For ever.
create or replace function destroy(source uuid) returns void
language sql volatile security definer set search_path = :schema, pg_temp as $$
  update source_key set key = null, destroyed_at = now() where id = source and key is not null;
  delete from alert where alert.source = destroy.source
$$;

-- Keeps alerts of those sources that have a key.
create or replace function note(alerts jsonb) returns void
language sql volatile security definer set search_path = :schema, pg_temp as $$
  insert into alert (source, place, sealed)
    select found.source, found.place, found.sealed
      from jsonb_to_recordset(alerts) as found(source uuid, place text, sealed text)
      join source_key on id = found.source and key is not null
      for share of source_key
  on conflict do nothing
$$;

-- With whether this person has marked them as seen.
drop function if exists alerts(uuid[]);
create or replace function alerts(sources uuid[], of_person text)
returns table (source_id uuid, at_place text, sealed_alert text, is_seen boolean)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select source, place, sealed, exists (
           select from alert_seen seen where seen.source = alert.source and seen.place = alert.place and person = of_person)
    from alert where source = any (sources)
$$;

-- Those of them that there are.
create or replace function see(of_source uuid, places text[], by_person text) returns void
language sql volatile security definer set search_path = :schema, pg_temp as $$
  insert into alert_seen (source, place, person)
    select source, place, by_person from alert where source = of_source and place = any (places) for share
  on conflict do nothing
$$;

-- Up to where texts were looked at.
create or replace function looked() returns table (of_shard integer, up_to bigint)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select shard, position from looked
$$;

create or replace function look(of_shard integer, up_to bigint) returns void
language sql volatile security definer set search_path = :schema, pg_temp as $$
  insert into looked (shard, position) values (of_shard, up_to)
  on conflict (shard) do update set position = greatest(looked.position, excluded.position)
$$;

-- Sources that were not looked for everywhere yet, those first that have the longest way to go.
create or replace function seeking(most integer) returns table (source_id uuid, sought_up_to text)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select source, up_to from sought join source_key on id = source and key is not null
   where up_to is not null order by up_to, source limit most
$$;

-- They were looked for up to this stream, or everywhere; never less far than before.
create or replace function seek(sources uuid[], so_far text) returns void
language sql volatile security definer set search_path = :schema, pg_temp as $$
  insert into sought (source, up_to)
    select id, so_far from source_key where id = any (sources) and key is not null order by id
  on conflict (source) do update
    set up_to = case when excluded.up_to is null then null else greatest(sought.up_to, excluded.up_to) end
  where sought.up_to is not null
$$;

revoke all on all functions in schema :schema from public;
grant execute on function take, keys, sources, destroy, note, alerts, see, looked, look, seeking, seek to :drafting_role;
