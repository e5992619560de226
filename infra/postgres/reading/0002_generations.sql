set local search_path = :schema;

-- A rebuild makes another generation of a read model's tables beside the one that serves, and so does a new version in the code. `version`
-- numbers them all; `definition` is the version in the code that a generation is folded by.
--   building: from the start of the topics up to exactly where the one that served stood (`stop_at`), to be compared with it there
--   alike:    compared, and going on; it serves as soon as it is as far as the one that does
--   failed:   it came to something else; it stands where it was compared (lane `none`: nobody reads for it)
--   kept:     it serves, or did: one that did goes on, so that it can serve again at once
alter table projection_version
  add column definition int,
  add column state text not null default 'kept' check (state in ('building', 'alike', 'failed', 'kept')),
  add column began_at timestamptz not null default now(),
  -- Digests of the one that served and of this one, at the same positions.
  add column expected json,
  add column found json,
  drop constraint projection_version_lane_check,
  add constraint projection_version_lane_check check (lane in ('live', 'own', 'none'));
update projection_version set definition = version;
alter table projection_version alter column definition set not null;

alter table projection_checkpoint add column stop_at bigint;
