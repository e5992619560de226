import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Incoming } from '#messaging';
import { type Projection, Rows } from '#projections';
import { coverages } from '../../apps/reading/src/coverages/coverages.projection.ts';
import { packages } from '../../apps/reading/src/packages/packages.projection.ts';
import { content, duty, events, id, packs, plans, reporter } from '../../apps/reading/src/samples.ts';
import { allOf, itemsOf, newArticle, openReading, type Reading } from './reading-alone.ts';

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
  expect((await reading.call('reporter', '/coverages?limit=1&state=planned')).body).toMatchObject({ count: 1 });
  const paged = await allOf(reading, 'reporter', '/coverages?limit=1');
  expect(paged.map((item) => (item as { coverageId: string }).coverageId)).toEqual([id(51), id(61)]);
});

type Row = Record<string, unknown>;
/** The rows of a table, by playing everything up to an instant again. */
function replayed(projection: Projection, table: string, all: readonly Incoming[], instant: string): Row[] {
  const rows = new Rows(projection);
  for (const event of all.filter(({ time }) => time <= instant)) projection.on[event.type]?.(event, rows);
  return [...(rows.tables.get(table)?.values() ?? [])].map(({ key, set }) => ({ ...key, ...set }));
}
/** Anything of these, many times over, and instants to ask about. */
function history(happenings: readonly (() => Incoming)[], first: readonly Incoming[]) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const played = fc.sample(fc.constantFrom(...happenings), { numRuns: 80, seed }).map((happening) => happening());
  const all = [...first, ...played];
  const times = fc.constantFrom(...all.map(({ time }) => time), '2026-01-01T00:00:00Z', '2029-01-01T00:00:00Z');
  return { all, instants: [...new Set(fc.sample(times, { numRuns: 40, seed }))], seed };
}

test('coverages as they were at any instant are what playing everything again up to then comes to', async () => {
  const [planId, one, two] = [id(80), id(81), id(82)];
  const told = (type: string, data: object = {}, of: object = {}) => plans.told(type, data, { planId, ...of });
  const made = plans.made();
  const first = { ...made, key: planId, data: { ...(made.data as object), planId, desk: 'past' } };
  const both = [one, two].flatMap((coverageId) => [
    () => told('CoverageAssigned', { to: reporter }, { coverageId }),
    () => told('CoverageAssigned', { to: duty }, { coverageId }),
    () => told('CoverageAccepted', {}, { coverageId }),
    () => told('CoverageDeclined', { reason: 'R' }, { coverageId }),
    () => told('CoverageChanged', { what: 'picture', note: '' }, { coverageId }),
    () => told('CoverageCompleted', { at: '2026-03-02T12:00:00.000000Z' }, { coverageId }),
    () => told('CoverageCancelled', { reason: 'R' }, { coverageId }),
  ]);
  const cancelled = () => told('PlanCancelled', { reason: 'R', coverages: [one, two] });
  const added = [one, two].map((coverageId) => told('CoverageAdded', { what: 'text', note: 'N' }, { coverageId }));
  const { all, instants, seed } = history([...both, cancelled], [first, ...added]);
  await reading.after(await reading.send(...all), 'reporter', '/coverages?at=2029-01-01T00:00:00Z');
  for (const instant of instants)
    for (const [query, asked] of [
      ['', {}],
      ['&assignee=r', { assignee_id: 'r' }],
      ['&state=cancelled', { state: 'cancelled' }],
    ] as const) {
      const naive = replayed(coverages, 'planned_coverage', all, instant)
        .filter((row) => Object.entries(asked).every(([name, value]) => row[name] === value))
        .toSorted((a, b) => (String(a.coverage_id) < String(b.coverage_id) ? -1 : 1));
      const { body } = await reading.call('reporter', `/coverages?desk=past&at=${instant}${query}`);
      const expected = naive.map(({ coverage_id: coverageId, state, what, assignee_id: assignee = null }) => ({
        ...{ coverageId, state, what, assignee: assignee === null ? null : { id: assignee } },
      }));
      expect({ seed, instant, ...body }).toMatchObject({ seed, instant, items: expected, count: naive.length });
    }
});

test('packages as they were at any instant are what playing everything again up to then comes to', async () => {
  const [one, two, of] = [id(90), id(91), newArticle()];
  const story = { is: 'article', id: of.articleId } as const;
  const happenings = [one, two].flatMap((own) => [
    () => packs.told('PackageRenamed', own, { name: 'Other' }),
    () => packs.arranged(own, story),
    () => packs.arranged(own),
    () => packs.told('PackageMarkedReady', own),
    () => packs.told('PackageDiscarded', own, { reason: 'R' }),
  ]);
  const first = [events.started(of), packs.created(one, { desk: 'past' }), packs.created(two, { desk: 'past' })];
  const out = [() => events.published(content(), of), () => events.unpublished(of)];
  const { all, instants, seed } = history([...happenings, ...out], first);
  await reading.after(await reading.send(...all), 'reporter', '/packages?at=2029-01-01T00:00:00Z');
  for (const instant of instants) {
    const then = replayed(packages, 'package', all, instant);
    const latest = all.findLast(({ topic, time }) => topic === 'publication' && time <= instant);
    const shown = {
      ...story,
      state: { ArticlePublished: 'published' }[latest?.type ?? ''] ?? (latest ? 'unpublished' : 'none'),
    };
    const naive = then
      .filter(({ state }) => state !== 'discarded')
      .toSorted((a, b) => (String(a.changed_at) < String(b.changed_at) ? 1 : -1))
      .map(({ package_id: packageId, name, state, parts = [] }) => {
        const isEmpty = (parts as unknown[]).length === 0;
        const unfit = isEmpty || shown.state !== 'published' ? 1 : 0;
        return { packageId, name, state, parts: isEmpty ? [] : [shown], unfit };
      });
    const { body } = await reading.call('reporter', `/packages?desk=past&at=${instant}`);
    expect({ seed, instant, ...body }).toMatchObject({ seed, instant, items: naive, count: naive.length });
    const ids = (await allOf(reading, 'reporter', `/packages?desk=past&limit=1&fit=yes&at=${instant}`)) as Row[];
    expect(ids.map(({ packageId }) => packageId)).toEqual(
      naive.filter(({ unfit }) => unfit === 0).map(({ packageId }) => packageId),
    );
  }
});

test('packages come with their parts, with what cannot be shown of it however deep, by what they hold', async () => {
  const [outer, inner, list] = [id(95), id(96), id(97)];
  const [out, draft] = [newArticle(), newArticle()];
  const story = ({ articleId }: { articleId: string }) => ({ is: 'article', id: articleId }) as const;
  const nested = { is: 'package', id: inner } as const;
  const before = await reading.send(
    ...[events.started(out), events.published(content(), out), events.started(draft)],
    ...[packs.created(outer), packs.created(inner, { name: 'Inner' }), packs.created(list, { kind: 'list' })],
    ...[
      packs.arranged(inner, story(draft)),
      packs.arranged(outer, story(out), nested),
      packs.arranged(list, story(out)),
    ],
  );
  const found = async (query: string, after = before) =>
    itemsOf(await reading.after(after, 'reporter', `/packages?desk=city&${query}`));
  const parts = [
    { ...story(out), name: 'Bridge opens', state: 'published' },
    { ...nested, name: 'Inner', state: 'open' },
  ];
  expect(await found(`part=${inner}`)).toMatchObject([{ packageId: outer, parts, unfit: 1, parked: false }]);
  expect(await found(`part=${out.articleId}&kind=list`)).toMatchObject([{ packageId: list, unfit: 0 }]);
  expect(await found('fit=no')).toMatchObject([{ packageId: outer }, { packageId: inner }]);
  const after = await reading.send(
    ...[events.published(content(), draft), packs.told('PackageMarkedReady', outer)],
    packs.told('PackageDiscarded', list, { reason: 'R' }),
  );
  expect(await found('fit=yes', after)).toMatchObject([{ packageId: outer, state: 'ready' }, { packageId: inner }]);
  const down = await reading.send(events.unpublished(draft), packs.told('PackageDiscarded', inner, { reason: 'R' }));
  // Ready, and not to be shown any more.
  expect(await found('state=ready', down)).toMatchObject([{ packageId: outer, unfit: 2 }]);
  expect(await found('state=discarded', down)).toMatchObject([{ packageId: inner }, { packageId: list }]);
});
