import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { contractOf, type PlanEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { person } from '../article/editing.ts';
import { ask, chief, duty, editor, lawyer, machine, otherDesk, reporter } from '../article/samples.ts';
import { type Coverage, plan, type Plan, type PlanCommand } from './plan.ts';

const planId = '01890000-0000-7000-8000-0000000000e1';
/** As a command makes it: of its own id. */
const coverageId = '01890000-0000-7000-8000-00000000c0de';
const second = '01890000-0000-7000-8000-0000000000e2';
const article = '01890000-0000-7000-8000-0000000000e3';
const at = '2026-01-01T00:00:00.000000Z';
const happening = { name: 'Opening', starts: '2026-03-02T05:00:00.000000Z', zone: 'Asia/Karachi', place: '', note: '' };
const wanted = { what: 'text', note: 'Thirty lines.', due: '2026-03-02T10:00:00.000000Z' } as const;
const reason = { reason: 'It is put off.' };
const of = { coverageId };

type Told<T> = Extract<PlanEvent, { type: T }>['data'];
const told = <T extends PlanEvent['type'], D extends Omit<Told<T>, 'planId' | 'by'>>(
  type: T,
  data: D,
  by: Actor = editor,
) => ({ type, data: { planId, by: person(by), ...data } });
const made = told('PlanMade', { desk: 'city', ...happening });
const added = told('CoverageAdded', { ...of, ...wanted });
const assigned = told('CoverageAssigned', { ...of, to: person(reporter) });
const accepted = told('CoverageAccepted', of, reporter);
const linked = told('CoverageLinked', { ...of, article }, reporter);
const cancelled = (...coverages: string[]) => told('PlanCancelled', { ...reason, coverages });
const after = (...events: PlanEvent[]) => given(plan, [made, ...events]);
const stateOf = (...events: PlanEvent[]) => after(...events).state.coverages.map(({ state }) => state);

type PeoplesCommand = Exclude<PlanCommand, { type: 'complete-published' }>;
const people = { w: reporter, r: { ...reporter, id: 'ravi' }, e: editor, o: otherDesk, c: chief, l: lawyer, d: duty };
const asked: Asked<Plan, PeoplesCommand, PlanEvent> = {
  people,
  states: { planned: [made, added, assigned], cancelled: [made, added, assigned, cancelled(coverageId)] },
  besides: { 'restore-coverage': [told('CoverageCancelled', { ...of, ...reason })] },
  commands: (actor) => ({
    make: ask('make', { planId, desk: 'city', ...happening }, actor),
    change: ask('change', happening, actor),
    cancel: ask('cancel', reason, actor),
    restore: ask('restore', {}, actor),
    'add-coverage': ask('add-coverage', wanted, actor),
    'change-coverage': ask('change-coverage', { ...of, ...wanted }, actor),
    assign: ask('assign', { ...of, to: person(reporter) }, actor),
    accept: ask('accept', of, actor),
    decline: ask('decline', { ...of, ...reason }, actor),
    'link-article': ask('link-article', { ...of, article, known: true }, actor),
    complete: ask('complete', of, actor),
    'cancel-coverage': ask('cancel-coverage', { ...of, ...reason }, actor),
    'restore-coverage': ask('restore-coverage', of, actor),
  }),
};

test('who may do what with a plan', () => {
  const { tried, listed } = rightsIn(plan, asked);
  expect(`\n${tried}`).toBe(`
                  planned  cancelled
make              -        -
change            ec       -
cancel            ec       -
restore           -        ec
add-coverage      ec       -
change-coverage   ec       -
assign            ec       -
accept            w        -
decline           w        -
link-article      wec      -
complete          wec      -
cancel-coverage   ec       -
restore-coverage  ec       -`);
  // Whom a coverage is for is said by the coverage that a command names, which the list does not know.
  const colleagues = /^(accept|decline|link-article|complete) .*$/gm;
  expect(listed.replaceAll(colleagues, '')).toBe(tried.replaceAll(colleagues, ''));
});

test('editors plan for their own desks', () => {
  given(plan, []).when(asked.commands(editor).make).then(made);
  given(plan, []).when(asked.commands(otherDesk).make).thenRejected('other-desk');
});

test('a coverage is assigned, accepted by whom it is for, and done when its article is out', () => {
  after()
    .when(ask('add-coverage', wanted, editor))
    .then(added);
  after(added).when(asked.commands(editor).assign).then(assigned);
  after(added, assigned).when(asked.commands(editor).assign).then();
  after(added, assigned)
    .when(ask('accept', of, reporter))
    .then(accepted);
  after(added, assigned)
    .when(ask('accept', of, lawyer))
    .thenRejected('not-assigned');
  after(added, assigned, accepted)
    .when(ask('link-article', { ...of, article, known: true }, reporter))
    .then(linked);
  const done = told('CoverageCompleted', { ...of, at }, duty);
  const out = ask('complete-published', { ...of, by: person(duty) }, machine);
  after(added, assigned, accepted, linked).when(out).then(done);
  after(added, assigned, accepted, linked, done).when(out).then();
  after(added)
    .when({ ...out, actor: chief })
    .thenRejected('role-required');
  expect(after(added, linked, done).state.coverages[0]).toMatchObject({ state: 'completed', completedAt: at });
});

test('whoever declined may be asked again, or somebody else', () => {
  const declined = told('CoverageDeclined', { ...of, ...reason }, reporter);
  after(added, assigned, accepted)
    .when(ask('decline', { ...of, ...reason }, reporter))
    .then(declined);
  after(added, assigned, declined).when(asked.commands(editor).assign).then(assigned);
  expect(
    after(added, assigned, declined)
      .when(ask('accept', of, reporter))
      .thenRejected('coverage-in-other-state').details,
  ).toEqual({
    ...{ state: 'declined', states: ['assigned'] },
  });
});

test('a coverage that is not there, an article that is not, and one that is done already are refused', () => {
  after().when(asked.commands(editor).assign).thenRejected('unknown-coverage');
  after(added)
    .when(ask('link-article', { ...of, article, known: false }, editor))
    .thenRejected('link-invalid');
  after(added, told('CoverageCompleted', { ...of, at }))
    .when(asked.commands(editor).complete)
    .thenRejected('coverage-in-other-state');
});

test('a cancelled plan takes its open coverages along, and brings back those and no others', () => {
  const [third, fourth] = ['01890000-0000-7000-8000-0000000000e4', '01890000-0000-7000-8000-0000000000e5'];
  const more = (id: string) => told('CoverageAdded', { ...wanted, coverageId: id });
  const before = [
    ...[added, assigned, accepted, more(second), more(third), more(fourth)],
    told('CoverageCancelled', { coverageId: third, ...reason }),
    told('CoverageCompleted', { coverageId: fourth, at }),
  ];
  expect(stateOf(...before)).toEqual(['accepted', 'planned', 'cancelled', 'completed']);
  const gone = cancelled(coverageId, second);
  after(...before)
    .when(ask('cancel', reason, editor))
    .then(gone);
  expect(stateOf(...before, gone)).toEqual(['cancelled', 'cancelled', 'cancelled', 'completed']);
  after(...before, gone)
    .when(ask('accept', of, reporter))
    .thenRejected('not-allowed-now');
  const back = told('PlanRestored', {
    coverages: [
      { id: coverageId, state: 'accepted' },
      { id: second, state: 'planned' },
    ],
  });
  after(...before, gone)
    .when(ask('restore', {}, editor))
    .then(back);
  expect(stateOf(...before, gone, back)).toEqual(['accepted', 'planned', 'cancelled', 'completed']);
  const one = told('CoverageRestored', { coverageId: third, state: 'planned' });
  after(...before, gone, back)
    .when(ask('restore-coverage', { coverageId: third }, editor))
    .then(one);
});

test('any history of commands replays to the same state, refuses only with a Rejection, and tells what its contracts describe', () => {
  const anybody = fc.constantFrom(...Object.values(people));
  const names = Object.keys(asked.commands(editor)).filter((name) => name !== 'make') as PeoplesCommand['type'][];
  const one = fc
    .tuple(fc.constantFrom(...names), anybody, fc.constantFrom(coverageId, second))
    .map(([name, actor, id]) => ({ ...asked.commands(actor)[name], id }));
  const out = fc.constant<PlanCommand>(ask('complete-published', { ...of, by: person(duty) }, machine));
  fc.assert(
    fc.property(fc.array(fc.oneof({ arbitrary: one, weight: 8 }, out), { maxLength: 25 }), (commands) => {
      const events: PlanEvent[] = [made];
      let { state } = given(plan, events);
      for (const command of commands)
        try {
          const decided = plan.decide(command, state);
          events.push(...decided);
          state = decided.reduce(plan.evolve, state);
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      expect(given(plan, events).state).toEqual(state);
      const open = ({ state: now }: Coverage) => !['cancelled', 'completed'].includes(now);
      if (state.status === 'cancelled') expect(state.coverages.filter(open)).toEqual([]);
      for (const { type, data } of events) expect([...Value.Errors(contractOf(type).schema, data)]).toEqual([]);
    }),
  );
});
