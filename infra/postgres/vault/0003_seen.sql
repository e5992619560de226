-- Which alerts somebody who knows the source has marked as seen. They go with the alert.
set local search_path = :schema;

create table alert_seen (
  source uuid,
  place text,
  person text,
  primary key (source, place, person),
  foreign key (source, place) references alert on delete cascade
);

grant select, insert, update, delete on alert_seen to :role;
