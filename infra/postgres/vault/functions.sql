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

create or replace function alerts(sources uuid[]) returns table (source_id uuid, sealed_alert text)
language sql stable security definer set search_path = :schema, pg_temp as $$
  select source, sealed from alert where source = any (sources)
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

revoke all on all functions in schema :schema from public;
grant execute on function take, keys, sources, destroy, note, alerts, looked, look to :drafting_role;
