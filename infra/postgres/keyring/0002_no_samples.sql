-- What the planner samples of a column is kept apart from the table, and would outlive a key that was destroyed.
set local search_path = :schema;
alter table person alter column key set statistics 0;
alter table alias alter column mark set statistics 0;
