-- What an operator does after a person was erased or the key of a source destroyed, with psql as the owner of the database: what was deleted stays in the files of tables
-- and in the write-ahead log until it is written over. Tables are locked while they are written anew; `vacuum` alone, without `full`,
-- locks none and leaves it to time.
select format('vacuum full %I.%I', schemaname, tablename) from pg_tables where schemaname ~ '^(keyring|vault|(article_page|moderation_queue)_v[0-9]+)$' \gexec
-- Where a provider does not let you do the rest, its write-ahead log goes by age.
-- A segment that is begun is written over to its end when it is left. Those that were written stand again behind those that wait, and behind one that is
-- made meanwhile where none does: after twice as many as there are, and three, all have been written over.
select 'checkpoint; select pg_logical_emit_message(false, ''stet'', ''on''); select pg_switch_wal()' from generate_series(1, 3 + 2 * (select count(*) from pg_ls_waldir())) \gexec
checkpoint;
