-- What an append is asked to write: a row for each event, or for a command that has none.
set local search_path = :schema;

create type asked as (
  number int, id uuid, stream text, expected bigint, fingerprint text, status text, events int, metadata json, guards json, timers json,
  shard int, event_id uuid, key text, type text, schema_version int, payload json, inner_hash text,
  internal_type text, internal_version int, internal_payload json,
  public_type text, public_version int, public_payload json
);
