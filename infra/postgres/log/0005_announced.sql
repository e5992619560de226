set local search_path = :schema;

-- What leaves on each topic, without its contents: `slot` is internal or public, `digest` the SHA-256 of the very bytes that are sent.
create view announced as
  select 'internal' as slot, shard, position, stream, version, key, event_id::text as id, internal_type as type,
         'stet.' || internal_type || '.v' || internal_version as message_type, internal_previous as previous, recorded_at,
         encode(sha256(convert_to(coalesce(internal_payload, payload)::text, 'UTF8')), 'hex') as digest
    from event where internal_type is not null
  union all
  select 'public', shard, position, stream, version, key, event_id || '-public', public_type,
         'stet.' || public_type || '.v' || public_version, public_previous, recorded_at,
         encode(sha256(convert_to(public_payload::text, 'UTF8')), 'hex')
    from event where public_type is not null;

-- The checker in reading holds this against the topics and its read models. It sees what was announced, how far its readers have come, which
-- commands were taken and what is parked; of no event what it says.
grant usage on schema :schema to :reading_role;
grant select on announced, log, head, relay_cursor, reaction_checkpoint to :reading_role;
grant select (topic, partition, message_id, key) on reaction_parked to :reading_role;
grant select (reader, topic, key, message_id, outcome) on parked_wish to :reading_role;
grant select (command_id) on event, repeat to :reading_role;
