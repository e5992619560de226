import type { PlanEvent } from '#contracts';
import { folds } from '../folds.ts';
import type { Rows } from '#projections';
import { part, tell } from './telling.ts';

export const coverageKinds = [
  ...['coverage-assigned', 'coverage-taken-away', 'coverage-accepted', 'coverage-declined', 'coverage-changed'],
  ...['coverage-cancelled', 'coverage-restored', 'coverage-completed', 'plan-cancelled', 'plan-restored'],
];
type Coverage = Parameters<typeof tell>[0] & { readonly data: { readonly coverageId: string } };
const assignee = (coverageId: string) => `part assignee ${coverageId}` as const;
const planner = (coverageId: string) => `part planner ${coverageId}` as const;
const partOf = (recipient: `part ${string}`) => recipient.slice('part '.length);

/** Who has been asked to do it: somebody by this coverage, and one of those of the plan. */
function asked(event: Coverage, rows: Rows, person: string): void {
  const { coverageId } = event.data;
  part(event, rows, partOf(assignee(coverageId)), { person });
  part(event, rows, 'assignee', { person, place: coverageId });
}

/** What whoever covers something, and whoever asked them to, have to know of it. */
export const ofCoverages = folds<PlanEvent>({
  CoverageAssigned(event, rows) {
    const { coverageId, to, by } = event.data;
    const about = { coverageId };
    tell(event, rows, { kind: 'coverage-taken-away', to: [assignee(coverageId)], about });
    asked(event, rows, to.id);
    part(event, rows, partOf(planner(coverageId)), { person: by.id });
    tell(event, rows, { kind: 'coverage-assigned', to: [`person ${to.id}`], about });
  },
  CoverageAccepted(event, rows) {
    const { coverageId } = event.data;
    tell(event, rows, { kind: 'coverage-accepted', to: [planner(coverageId)], about: { coverageId } });
  },
  CoverageDeclined(event, rows) {
    const { coverageId, reason: said } = event.data;
    asked(event, rows, '');
    tell(event, rows, { kind: 'coverage-declined', to: [planner(coverageId)], said, about: { coverageId } });
  },
  CoverageChanged(event, rows) {
    const { coverageId, due = null } = event.data;
    tell(event, rows, { kind: 'coverage-changed', to: [assignee(coverageId)], about: { coverageId, due } });
  },
  CoverageCancelled(event, rows) {
    const { coverageId, reason: said } = event.data;
    tell(event, rows, { kind: 'coverage-cancelled', to: [assignee(coverageId)], said, about: { coverageId } });
  },
  CoverageRestored(event, rows) {
    const { coverageId } = event.data;
    tell(event, rows, { kind: 'coverage-restored', to: [assignee(coverageId)], about: { coverageId } });
  },
  CoverageCompleted(event, rows) {
    const { coverageId } = event.data;
    const to = [assignee(coverageId), planner(coverageId)];
    tell(event, rows, { kind: 'coverage-completed', to, about: { coverageId } });
  },
  PlanCancelled(event, rows) {
    const { coverages, reason: said } = event.data;
    tell(event, rows, { kind: 'plan-cancelled', to: ['part assignee'], said, about: { coverages } });
  },
  PlanRestored(event, rows) {
    const coverages = event.data.coverages.map(({ id }) => id);
    tell(event, rows, { kind: 'plan-restored', to: ['part assignee'], about: { coverages } });
  },
});
