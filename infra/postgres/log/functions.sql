-- The log's functions. Applied anew after the numbered files whenever this file has changed, so it must bring any older state to this one.
-- A function with other parameters is another function: drop the old one in a numbered file, once no running process calls it.
set local search_path = :schema;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger append_only before update or delete or truncate on event for each statement execute function refuse_change();

-- Appends the events of several commands, in one round trip and one transaction. At most one command per stream and per command id in a call.
-- expected: n = exactly that version (0: no stream yet), -1 any, -2 exists.
-- Guards (g_): streams of the same shard that must still stand at a version, each for the command of that number. No command of the call may
-- append to the guard of a later one.
-- Answers one row per command: ok | replay | mismatch | conflict, with the stream's version, the command's last position and the last internal position at it.
-- Every check stands in a statement after the locks: a single statement would go on reading the snapshot from before it waited.
create or replace function append(
  c_id uuid[], c_stream text[], c_shard int[], c_expected bigint[], c_fingerprint text[], c_status text[], c_events int[],
  e_key text[], e_type text[], e_schema int[], e_payload text[], e_metadata text[], e_inner bytea[], e_id uuid[],
  e_internal_type text[], e_internal_version int[], e_internal_payload text[],
  e_public_type text[], e_public_version int[], e_public_payload text[],
  g_command int[], g_stream text[], g_version bigint[]
) returns table (outcome text, version bigint, "position" bigint, internal_position bigint, status text, shard int)
language plpgsql volatile security definer
set search_path = :schema, pg_temp
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  head_of head[];
  h head;
  known record;
  id uuid;
  found_at bigint;
  clock bigint;
  first int := 1;
  e int;
  written int := 0;
  r_at int[] := '{}'; r_shard int[] := '{}'; r_position bigint[] := '{}'; r_stream text[] := '{}'; r_version bigint[] := '{}';
  r_recorded bigint[] := '{}'; r_hash bytea[] := '{}'; r_command int[] := '{}'; r_internal bigint[] := '{}'; r_public bigint[] := '{}';
begin
  for id in select unnest(c_id) order by 1 loop
    perform pg_advisory_xact_lock(hashtextextended(id::text, 0));
  end loop;
  perform 1 from head where shard = any (c_shard) order by shard for update;
  for h in select * from head where shard = any (c_shard) loop
    head_of[h.shard] := h;
  end loop;
  clock := (extract(epoch from clock_timestamp()) * 1000000)::bigint;

  for c in 1 .. cardinality(c_id) loop
    select event.fingerprint, event.status, event.version + event.events - 1 as version, event.shard, event.position + event.events - 1 as position,
           null::bigint as internal_position
      into known from event where command_id = c_id[c];
    if not found then
      select repeat.fingerprint, repeat.status, repeat.version, repeat.shard, 0::bigint as position, repeat.internal_position
        into known from repeat where command_id = c_id[c];
    end if;
    if found then
      outcome := case when known.fingerprint is distinct from c_fingerprint[c] and c_fingerprint[c] is not null then 'mismatch' else 'replay' end;
      version := known.version; "position" := known.position; status := known.status; shard := known.shard;
      internal_position := coalesce(known.internal_position, (select case when internal_type is null then internal_previous else event.position end
        from event where event.shard = known.shard and event.position = known.position));
      return next;
      first := first + c_events[c];
      continue;
    end if;
    select coalesce(max(event.version), 0) into found_at from event where stream = c_stream[c];
    if not (case c_expected[c] when -1 then true when -2 then found_at > 0 else found_at = c_expected[c] end)
       or exists (select from unnest(g_command, g_stream, g_version) as guard(command, stream, version) where guard.command = c
                  and guard.version <> (select coalesce(max(event.version), 0) from event where event.stream = guard.stream)) then
      outcome := 'conflict'; version := found_at; "position" := null; internal_position := null; status := null; shard := c_shard[c];
      return next;
      first := first + c_events[c];
      continue;
    end if;
    h := head_of[c_shard[c]];
    if h is null then raise exception 'shard % does not exist', c_shard[c]; end if;
    h.recorded_at := greatest(h.recorded_at, clock);
    for i in 1 .. c_events[c] loop
      e := first + i - 1;
      found_at := found_at + 1;
      h.position := h.position + 1;
      h.hash := sha256(h.hash || int8send(h.position) || int8send(found_at) || int8send(h.recorded_at) || e_inner[e]);
      written := written + 1;
      r_at[written] := e; r_shard[written] := h.shard; r_position[written] := h.position; r_stream[written] := c_stream[c]; r_version[written] := found_at;
      r_recorded[written] := h.recorded_at; r_hash[written] := h.hash;
      r_command[written] := case when i = 1 then c else null end;
      r_internal[written] := h.internal_position; r_public[written] := h.public_position;
      if e_internal_type[e] is not null then h.internal_position := h.position; end if;
      if e_public_type[e] is not null then h.public_position := h.position; end if;
    end loop;
    head_of[c_shard[c]] := h;
    if c_events[c] = 0 then
      insert into repeat values (c_id[c], c_fingerprint[c], c_status[c], found_at, c_shard[c], h.internal_position);
    end if;
    outcome := 'ok'; version := found_at; "position" := h.position; internal_position := h.internal_position; status := c_status[c]; shard := h.shard;
    return next;
    first := first + c_events[c];
  end loop;

  if written > 0 then
    insert into event
      select r.shard, r.position, r.stream, r.version, e_key[r.at], e_type[r.at], e_schema[r.at], e_payload[r.at]::json, e_metadata[r.at]::json,
             r.recorded, r.hash, e_id[r.at],
             c_id[r.command], c_fingerprint[r.command], c_status[r.command], c_events[r.command],
             e_internal_type[r.at], e_internal_version[r.at], e_internal_payload[r.at]::json, r.internal,
             e_public_type[r.at], e_public_version[r.at], e_public_payload[r.at]::json, r.public
        from unnest(r_at, r_shard, r_position, r_stream, r_version, r_recorded, r_hash, r_command, r_internal, r_public)
          as r(at, shard, position, stream, version, recorded, hash, command, internal, public);
    foreach h in array head_of loop
      continue when h is null;
      update head set position = h.position, hash = h.hash, recorded_at = h.recorded_at,
                      internal_position = h.internal_position, public_position = h.public_position
        where head.shard = h.shard and head.position <> h.position;
    end loop;
    perform pg_notify('stet_:schema', '');
  end if;
end $$;

revoke all on all functions in schema :schema from public;
grant execute on function append to :role;
