-- The log's functions. Applied anew after the numbered files whenever this file has changed, so it must bring any older state to this one.
-- A function with other parameters is another function: drop the old one in a numbered file, once no running process calls it.
set local search_path = :schema;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger append_only before update or delete or truncate on event for each statement execute function refuse_change();

-- What an accepted command left behind, whether it wrote events or not; no row when it is not known.
create or replace function known_command(command uuid)
returns table (fingerprint text, status text, shard int, version bigint, internal_position bigint)
language sql stable as $$
  select first.fingerprint, first.status, first.shard, first.version + first.events - 1,
         (select case when last.internal_type is null then last.internal_previous else last.position end
            from event last where last.shard = first.shard and last.position = first.position + first.events - 1)
    from event first where first.command_id = command
  union all
  select fingerprint, status, shard, version, internal_position from repeat where command_id = command
$$;

-- Appends the events of several commands, in one round trip and one transaction. At most one command per stream and per command id in a call,
-- and none may append to a stream that a later one guards.
-- rows: a JSON array with an object for each event, in the order that they are to stand in, or for a command that has none. Each has its shard; the
-- first of a command also its number, id, stream, expected, fingerprint, status, events (how many), metadata, guards [{stream, version}]: streams of
-- the same shard that must still stand at a version, and timers [{name, epoch, due_at, command}]: those that it sets anew or, without a due_at,
-- cancels. What is null may be left out. What is JSON itself is kept as the text that it is.
-- expected: n = exactly that version (0: no stream yet), -1 any, -2 exists.
-- decided_at: what is told to have been decided at a time that is yet to come here is a conflict as well.
-- Answers one row per command: ok | replay | mismatch | conflict, with the stream's version (for a conflict the actual one), the last internal
-- position at the command's last event, and the time of what was written.
-- Every check stands in a statement after the locks: a single statement would go on reading the snapshot from before it waited. What needs no
-- lock, taking the JSON apart, is done before them.
create or replace function append(rows json) returns table (
  number int, outcome text, status text, shard int, version bigint, internal_position bigint, recorded_at bigint
) language plpgsql volatile security definer
set search_path = :schema, pg_temp
-- Plans are kept while the tables grow: only nested loops over indexes stay right.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  clock bigint;
  h head; -- of the shard that is being written
  heads head[] := '{}'; -- of those before it
  stream text;
  metadata json;
  asked asked[];
  rest int; -- rows of the command still to come
  e record;
  written event[] := '{}';
  moved timer[] := '{}';
begin
  select array_agg(row) into asked from json_populate_recordset(null::asked, rows) as row;
  perform pg_advisory_xact_lock(name) from (select hashtextextended(id::text, 0) as name from unnest(asked) where id is not null order by 1) as locks;
  perform from head where shard = any (array(select shard from unnest(asked))) order by shard for update;
  clock := extract(epoch from clock_timestamp()) * 1000000;

  for e in
    select r.*, decode(r.inner_hash, 'hex') as inner_bytes,
           k.status as known_status, k.fingerprint as known_fingerprint, k.shard as known_shard, k.version as known_version,
           k.internal_position as known_position,
           (select coalesce(max(version), 0) from event where stream = r.stream) as found,
           r.guards is not null and exists (
             select from json_to_recordset(r.guards) as guard(stream text, version bigint)
              where guard.version <> (select coalesce(max(version), 0) from event where stream = guard.stream)) as guard_moved
      from unnest(asked) with ordinality as r(
             number, id, stream, expected, fingerprint, status, events, metadata, guards, timers, shard, event_id, key, type, schema_version, payload,
             inner_hash, internal_type, internal_version, internal_payload, public_type, public_version, public_payload, decided_at, ordinality)
      left join lateral known_command(r.id) as k on true
     order by r.shard, ordinality
  loop
    if e.number is not null then -- a command begins
      if h.shard is distinct from e.shard then
        heads := heads || h;
        select * into strict h from head where shard = e.shard;
        h.recorded_at := greatest(h.recorded_at, clock);
      end if;
      number := e.number; stream := e.stream; metadata := e.metadata; rest := greatest(e.events, 1); recorded_at := h.recorded_at;
      if e.known_status is not null then
        outcome := case when e.fingerprint is null or e.fingerprint is not distinct from e.known_fingerprint then 'replay' else 'mismatch' end;
        status := e.known_status; shard := e.known_shard; version := e.known_version; internal_position := e.known_position;
      else
        outcome := case when e.guard_moved or e.decided_at > h.recorded_at or not (case e.expected when -1 then true when -2 then e.found > 0 else e.found = e.expected end)
                        then 'conflict' else 'ok' end;
        status := e.status; shard := e.shard; version := e.found; internal_position := h.internal_position;
      end if;
      if outcome = 'ok' and e.timers is not null then
        moved := moved || array(
          select row(e.stream, t.name, t.epoch, t.due_at, t.command, 0)::timer
            from json_to_recordset(e.timers) as t(name text, epoch bigint, due_at bigint, command json));
      end if;
      if outcome = 'ok' and e.events = 0 then
        insert into repeat values (e.id, e.fingerprint, e.status, version, shard, internal_position);
      end if;
    end if;

    if outcome = 'ok' and e.type is not null then
      version := version + 1;
      h.position := h.position + 1;
      h.hash := sha256(h.hash || int8send(h.position) || int8send(version) || int8send(h.recorded_at) || e.inner_bytes);
      written := array_append(written, row(
        h.shard, h.position, stream, version, e.key, e.type, e.schema_version, e.payload, metadata, h.recorded_at, h.hash, e.event_id,
        e.id, e.fingerprint, e.status, e.events,
        e.internal_type, e.internal_version, e.internal_payload, h.internal_position,
        e.public_type, e.public_version, e.public_payload, h.public_position)::event);
      if e.internal_type is not null then h.internal_position := h.position; end if;
      if e.public_type is not null then h.public_position := h.position; end if;
      internal_position := h.internal_position;
    end if;
    rest := rest - 1;
    if rest = 0 then return next; end if;
  end loop;

  if cardinality(written) > 0 then
    insert into event select * from unnest(written);
    update head set position = new.position, hash = new.hash, recorded_at = new.recorded_at,
                    internal_position = new.internal_position, public_position = new.public_position
      from unnest(heads || h) as new where head.shard = new.shard and head.position < new.position;
    perform pg_notify('stet_:schema', '');
  end if;
  if cardinality(moved) > 0 then
    delete from timer using unnest(moved) as gone where timer.stream = gone.stream and timer.name = gone.name and gone.due_at is null;
    insert into timer select * from unnest(moved) as due where due.due_at is not null
      on conflict on constraint timer_pkey do update
      set epoch = excluded.epoch, due_at = excluded.due_at, command = excluded.command, rests_until = 0;
    perform pg_notify('stet_timers_:schema', '');
  end if;
end $$;

revoke all on all functions in schema :schema from public;
grant execute on function append(json), known_command to :role;
