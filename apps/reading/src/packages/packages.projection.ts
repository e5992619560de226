import type { PackageEvent } from '#contracts';
import type { Incoming } from '#messaging';
import type { Columns, Rows } from '#projections';
import { folds } from '../folds.ts';
import { withPast } from '../past.ts';

const put =
  <D extends { readonly packageId: string }>(columns: (data: D) => Columns) =>
  ({ data, key, time }: Omit<Incoming, 'data'> & { readonly data: D }, rows: Rows) => {
    rows.set('package', { package_id: data.packageId }, { ...columns(data), log_key: key, changed_at: time });
  };

/** What is shown together: packages, and lists that somebody keeps. */
export const packages = withPast({
  name: 'packages',
  version: 3,
  // Its past is told in rows.
  differs: true,
  topics: ['drafting'],
  tables: { package: ['package_id'] },
  ddl: `
    create table package (
      package_id uuid primary key,
      desk text,
      kind text,
      name text,
      state text,
      parts jsonb not null default '[]',
      -- under which its events are in order, and set aside
      log_key text,
      changed_at timestamptz
    );
    create index on package (changed_at, package_id);`,
  on: folds<PackageEvent>({
    PackageCreated: put(({ desk, kind, name }) => ({ desk, kind, name, state: 'open' })),
    PackageRenamed: put(({ name }) => ({ name })),
    PackageArranged: put(({ parts }) => ({ parts, state: 'open' })),
    PackageMarkedReady: put(() => ({ state: 'ready' })),
    PackagePartKilled: put(() => ({ state: 'open' })),
    PackageDiscarded: put(() => ({ state: 'discarded' })),
  }),
});
