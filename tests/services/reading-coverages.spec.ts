import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { id, plans, reporter } from '../../apps/reading/src/samples.ts';
import { allOf, itemsOf, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

test('planned coverages come in the order in which what they cover happens, with the minutes that they missed', async () => {
  const later = { planId: id(60), coverageId: id(61) };
  const soon = '2096-03-02T10:00:00.000000Z';
  const done = { at: '2026-03-02T10:11:40.000000Z' };
  const first = [plans.made(), plans.added(), plans.told('CoverageAssigned', { to: reporter })];
  const completed = plans.told('CoverageCompleted', done);
  const made = plans.made();
  const other = { ...made, key: id(60), data: { ...(made.data as object), planId: id(60), starts: soon } };
  const added = plans.told('CoverageAdded', { what: 'text', note: '', due: soon, ...later });
  const after = await reading.send(...first, completed, other, added);
  const list = async (query: string) => itemsOf(await reading.after(after, 'reporter', `/coverages?${query}`));
  expect(await list('desk=city')).toMatchObject([
    { coverageId: id(51), state: 'completed', minutesMissed: 12, assignee: reporter, plan: { name: 'Opening' } },
    { coverageId: id(61), state: 'planned', minutesMissed: 0, completedAt: null },
  ]);
  expect(await list('deadline=missed')).toMatchObject([{ coverageId: id(51) }]);
  expect(await list('deadline=met')).toMatchObject([{ coverageId: id(61) }]);
  expect(await list('assignee=r&state=completed')).toMatchObject([{ coverageId: id(51) }]);
  expect(await list('assignee=nobody')).toEqual([]);
  const paged = await allOf(reading, 'reporter', '/coverages?limit=1');
  expect(paged.map((item) => (item as { coverageId: string }).coverageId)).toEqual([id(51), id(61)]);
});
