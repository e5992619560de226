import type { PlanEvent } from '#contracts';
import type { Columns, Rows } from '#projections';
import { folds } from '../folds.ts';
import { withPast } from '../past.ts';

interface Told {
  readonly data: { readonly planId: string; readonly coverageId: string };
}
const set = (rows: Rows, { planId, coverageId }: Told['data'], columns: Columns) => {
  rows.set('planned_coverage', { plan_id: planId, coverage_id: coverageId }, columns);
};
const coverage =
  <E extends Told>(columns: (data: E['data']) => Columns) =>
  (event: E, rows: Rows) => {
    set(rows, event.data, columns(event.data));
  };
const happening =
  <E extends { readonly data: { readonly planId: string } }>(columns: (data: E['data']) => Columns) =>
  ({ data }: E, rows: Rows) => {
    rows.set('planned_event', { plan_id: data.planId }, columns(data));
  };
const wanted = ({ what, note, due = null }: { what: string; note: string; due?: string | null }) => ({
  ...{ what, note, due },
});

/** What is going to happen, and who covers it until when. */
export const coverages = withPast({
  name: 'coverages',
  version: 3,
  // Its past is told in rows.
  differs: true,
  topics: ['drafting'],
  tables: { planned_event: ['plan_id'], planned_coverage: ['plan_id', 'coverage_id'] },
  ddl: `
    create table planned_event (
      plan_id uuid primary key,
      desk text,
      name text,
      starts timestamptz,
      zone text,
      place text,
      cancelled boolean not null default false
    );
    create index on planned_event (starts);
    create table planned_coverage (
      plan_id uuid,
      coverage_id uuid,
      what text,
      note text,
      due timestamptz,
      state text,
      assignee_id text,
      assignee_name text,
      article_id uuid,
      completed_at timestamptz,
      primary key (plan_id, coverage_id)
    );
    create index on planned_coverage (assignee_id) where assignee_id is not null;`,
  on: folds<PlanEvent>({
    PlanMade: happening(({ desk, name, starts, zone, place }) => ({ desk, name, starts, zone, place })),
    PlanChanged: happening(({ name, starts, zone, place }) => ({ name, starts, zone, place })),
    PlanCancelled({ data: { planId, coverages: gone } }, rows) {
      rows.set('planned_event', { plan_id: planId }, { cancelled: true });
      for (const coverageId of gone) set(rows, { planId, coverageId }, { state: 'cancelled' });
    },
    PlanRestored({ data: { planId, coverages: back } }, rows) {
      rows.set('planned_event', { plan_id: planId }, { cancelled: false });
      for (const { id: coverageId, state } of back) set(rows, { planId, coverageId }, { state });
    },
    CoverageAdded: coverage((data) => ({ ...wanted(data), state: 'planned' })),
    CoverageChanged: coverage(wanted),
    CoverageAssigned: coverage(({ to }) => ({ state: 'assigned', assignee_id: to.id, assignee_name: to.name })),
    CoverageAccepted: coverage(() => ({ state: 'accepted' })),
    CoverageDeclined: coverage(() => ({ state: 'declined' })),
    CoverageLinked: coverage(({ article }) => ({ article_id: article })),
    CoverageCompleted: coverage(({ at }) => ({ state: 'completed', completed_at: at })),
    CoverageCancelled: coverage(() => ({ state: 'cancelled' })),
    CoverageRestored: coverage(({ state }) => ({ state })),
  }),
});
