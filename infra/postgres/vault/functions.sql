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
  update source_key set key = null, destroyed_at = now() where id = source and key is not null
$$;

revoke all on all functions in schema :schema from public;
grant execute on function take, keys, sources, destroy to :drafting_role;
