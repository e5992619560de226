import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { editor, id, plans, reporter } from '../samples.ts';
import { coverages } from './coverages.projection.ts';

let model: Projecting;
beforeAll(async () => {
  model = await projecting(coverages);
});
afterAll(() => model.close());

const { told, made, added } = plans;
const row = { plan_id: id(50), coverage_id: id(51) };

test('a coverage stands with what it covers, by whom and until when', async () => {
  await model
    .given(
      ...[made(), added(), told('CoverageAssigned', { to: reporter }), told('CoverageAccepted')],
      ...[told('CoverageLinked', { article: id(1) }), told('CoverageCompleted', { at: '2026-03-02T12:00:00.000000Z' })],
    )
    .then({
      planned_event: [{ plan_id: id(50), desk: 'city', name: 'Opening', cancelled: false }],
      planned_coverage: [
        {
          ...{ ...row, what: 'text', state: 'completed', assignee_id: 'r', assignee_name: 'R. Porter' },
          ...{ article_id: id(1), due: '2026-03-02T10:00:00+00:00', completed_at: '2026-03-02T12:00:00+00:00' },
        },
      ],
    });
});

test('cancelled with its plan it comes back as it was; a deadline that is taken off is gone', async () => {
  const plan = (type: string, data: object) => told(type, { by: editor, ...data }, {});
  const gone = [made(), added(), plan('PlanCancelled', { reason: 'Rain.', coverages: [id(51)] })];
  await model.given(...gone).then({
    planned_event: [{ cancelled: true }],
    planned_coverage: [{ ...row, state: 'cancelled' }],
  });
  const back = plan('PlanRestored', { coverages: [{ id: id(51), state: 'planned' }] });
  await model.given(...gone, back, told('CoverageChanged', { what: 'picture', note: '' })).then({
    planned_event: [{ cancelled: false }],
    planned_coverage: [{ ...row, state: 'planned', what: 'picture', due: null }],
  });
});
