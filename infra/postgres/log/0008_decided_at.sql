-- When a command was decided, microseconds since 1970, by a clock that may be wrong by now.
set local search_path = :schema;

alter type asked add attribute decided_at bigint;
