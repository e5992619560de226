-- Replaced by functions that take many at once.
set local search_path = :schema;
drop function if exists hold(uuid, bytea, text, text);
drop function if exists alias_of(uuid, bytea);
