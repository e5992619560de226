import { expect, test } from '@jest/globals';
import { given } from '#testing';
import { article } from './article.ts';
import { person } from './editing.ts';
import { ask, editor, flow, paragraph, reporter, second, told } from './samples.ts';
import { writersOf } from './state.ts';
import { timersOf } from './timers.ts';

const timer = { id: 'timer', name: 'Stet', roles: ['timer'], desks: [] };
const ravi = { ...reporter, id: 'ravi', name: 'Ravi' };
const added = told('CoWriterAdded', editor, { writer: person(ravi) });
const removed = told('CoWriterRemoved', editor, { writer: ravi.id });
const revise = ask('revise', { base: 1, put: [paragraph('p1', 'The bridge is shut.')] }, ravi);
const add = ask('add-co-writer', { writer: person(ravi) }, editor);
const remove = (writer: string) => ask('remove-co-writer', { writer }, editor);

test('a co-writer writes as whoever started it does, until they are taken off', () => {
  given(article, [flow.started]).when(add).then(added);
  given(article, [flow.started]).when(revise).thenRejected('role-required');
  const written = { version: 2, base: 1, changed: ['p1'] };
  const [event] = article.decide(revise, given(article, [flow.started, added]).state);
  expect(event).toMatchObject({ type: 'ArticleRevised', data: { by: person(ravi), ...written } });
  // Whoever writes nothing in the newsroom does not by being named.
  const lawyer = { ...revise, actor: { ...ravi, roles: ['legal'] } };
  given(article, [flow.started, added]).when(lawyer).thenRejected('role-required');
  given(article, [flow.started, added]).when(remove(ravi.id)).then(removed);
  given(article, [flow.started, added, removed]).when(revise).thenRejected('role-required');
});

test('whoever started it stays; to say twice what is so changes nothing', () => {
  given(article, [flow.started]).when(remove(reporter.id)).thenRejected('starter-stays');
  given(article, [flow.started]).when(remove(ravi.id)).then();
  given(article, [flow.started, added]).when(add).then();
});

test('a deadline is in the future, can be moved, and cleared', () => {
  const at = (deadline: string) => ({ deadline, zone: 'Europe/Berlin' });
  const [soon, later] = [at('2026-01-01T16:30:00.000000Z'), at('2026-01-01T17:30:00.000000Z')];
  const set = told('DeadlineSet', editor, soon);
  given(article, [flow.started])
    .when(ask('set-deadline', soon, editor))
    .then(set);
  given(article, [flow.started, set])
    .when(ask('set-deadline', soon, editor))
    .then();
  given(article, [flow.started, set])
    .when(ask('set-deadline', later, editor))
    .then(told('DeadlineSet', editor, later));
  const past = at('2025-12-31T23:59:59.999999Z');
  given(article, [flow.started])
    .when(ask('set-deadline', past, editor))
    .thenRejected('time-is-past');
  given(article, [flow.started, set])
    .when(ask('clear-deadline', {}, editor))
    .then(told('DeadlineCleared', editor, {}));
  given(article, [flow.started])
    .when(ask('clear-deadline', {}, editor))
    .then();
});

test('whoever it is assigned to writes it, until it is somebody else’s or nobody’s', () => {
  const assign = (to: typeof ravi) => ask('assign', { to: person(to) }, editor);
  const assigned = told('ArticleAssigned', editor, { to: person(ravi) });
  const taken = told('ArticleUnassigned', editor, {});
  given(article, [flow.started]).when(assign(ravi)).then(assigned);
  given(article, [flow.started, assigned]).when(assign(ravi)).then();
  given(article, [flow.started, assigned])
    .when(ask('unassign', {}, editor))
    .then(taken);
  given(article, [flow.started])
    .when(ask('unassign', {}, editor))
    .then();
  const changed = (...events: (typeof assigned | typeof taken)[]) =>
    article.decide(revise, given(article, [flow.started, ...events]).state).map(({ type }) => type);
  expect(changed(assigned)).toEqual(['ArticleRevised']);
  given(article, [flow.started, assigned, taken]).when(revise).thenRejected('role-required');
  const other = told('ArticleAssigned', editor, { to: person(second) });
  given(article, [flow.started, assigned, other]).when(revise).thenRejected('role-required');
});

test('whoever it is assigned to is one of its writers, who do not vouch for their own sources', () => {
  const assigned = told('ArticleAssigned', editor, { to: person(ravi) });
  expect(writersOf(given(article, [flow.started, assigned]).state)).toEqual([reporter.id, ravi.id]);
  const starter = told('ArticleAssigned', editor, { to: person(reporter) });
  expect(writersOf(given(article, [flow.started, starter]).state)).toEqual([reporter.id]);
});

test('a deadline that is over is told once, unless the text was approved in time', () => {
  const deadline = '2026-01-01T16:30:00.000000Z';
  const set = told('DeadlineSet', editor, { deadline, zone: 'Europe/Berlin' });
  const due = { ...ask('deadline-due', { deadline }, timer), now: deadline };
  const pending = given(article, [flow.started, set]);
  expect(timersOf(pending.state)).toMatchObject([{ name: 'deadline', epoch: Date.parse(deadline), at: deadline }]);
  const missed = told('DeadlineMissed', timer, { deadline });
  pending.when(due).then(missed);
  const over = [
    [flow.started, set, missed],
    [flow.started, set, told('DeadlineCleared', editor, {})],
    [
      flow.started,
      set,
      told('DeadlineSet', editor, { deadline: '2026-01-01T17:30:00.000000Z', zone: 'Europe/Berlin' }),
    ],
    [flow.started, set, flow.submitted, flow.claimed, flow.approved],
    [flow.started, set, flow.submitted, flow.claimed, flow.approved, told('NextVersionOpened', editor, {})],
    [flow.started, set, told('ArticleSpiked', editor, { reason: 'R' })],
  ];
  for (const events of over) {
    given(article, events).when(due).thenRejected('timer-outdated');
    expect(timersOf(given(article, events).state).filter(({ at }) => at === deadline)).toEqual([]);
  }
  const again = told('DeadlineSet', editor, { deadline: '2026-01-02T16:30:00.000000Z', zone: 'Europe/Berlin' });
  expect(timersOf(given(article, [flow.started, set, missed, again]).state)).toHaveLength(1);
});
