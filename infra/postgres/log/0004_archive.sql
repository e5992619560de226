-- An import gives a log an id of its own and takes the chain as it was: that goes on from the id under which it was begun.
set local search_path = :schema;

alter table log add column origin uuid;
update log set origin = id;
alter table log alter column origin set not null;
