import { expect, test } from '@jest/globals';
import type { PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publicationLog } from './publication.announcements.ts';
import { publication } from './publication.ts';
import {
  ask,
  chief,
  correctionId,
  dueAt,
  duty,
  editor,
  events,
  heard,
  now,
  position,
  reworded,
  schedule,
  told,
} from './samples.ts';

/** Once something is out, a version that waits may be scheduled to take its place. */
const { opened, waiting, published, updateScheduled } = events;
const due = '2026-01-02T06:00:00.000000Z';
const second = reworded('p2', 'Traffic crawls.');
const third = reworded('p2', 'Traffic stands.');
const fixed = reworded('p1', 'The bridge is closed.');
const out = (...more: PublicationEvent[]) => given(publication, [opened, published, waiting(2, second), ...more]);
const update = (more: object = {}) => schedule({ version: 2, nothingWasWrong: true, ...more });
const move = (more: object = {}) => ({ ...update(more), type: 'reschedule' as const });
const ended = (schedule = 1, waits: object = { waits: 2 }, actor = duty, version = 2) =>
  told('UpdateDescheduled', actor, { version, schedule, ...waits });
const came = (at: string, drift: number, more: object = {}) =>
  told('UpdateCameDue', duty, {
    ...{ version: 2, schedule: 1, due, zone: 'Europe/Berlin', at, drift, late: false, policy: 'ask' },
    ...{ outcome: 'updated', ...more },
  });
const overdue = (why: string, more: object = {}) => ({ outcome: 'overdue', why, waits: 2, ...more });
const updated = (at: string, more: object = {}) => ({
  type: 'ArticleUpdated',
  data: { version: 2, content: second, number: 1, nothingWasWrong: true, by: { id: 'dora' }, item: 2, at, ...more },
});
const corrected = (more: object = {}) =>
  told('ArticleCorrected', duty, {
    ...{ version: 1, content: fixed, correctionId, number: 1, class: 'CORRECTED', note: 'N', ...more },
    ...{ difference: [], fields: [], item: 2, at: now },
  });
const inTime = '2026-01-02T06:00:00.250000Z';
const decided = (line: ReturnType<typeof out>, at: string, number = 1) =>
  publication.decide(dueAt(at, number), line.state);
const epochs = (...more: PublicationEvent[]) =>
  publicationLog.timers(out(...more).state).map(({ epoch, at }) => [epoch, at]);

test('it stays published, and its timer runs until it is moved or taken off', () => {
  out().when(update()).then(updateScheduled());
  expect(out(updateScheduled()).state).toMatchObject({
    ...{ status: 'published', out: { version: 1 }, waiting: { version: 2 } },
    schedule: { due, late: 'ask', edition: published.data.edition, update: { version: 2, content: second } },
  });
  expect(epochs(updateScheduled())).toEqual([[1, due]]);
  const later = '2026-01-03T06:00:00.000000Z';
  out(updateScheduled())
    .when(move({ due: later }))
    .then(updateScheduled(2, 2, { due: later }));
  expect(epochs(updateScheduled(), updateScheduled(2, 2, { due: later }))).toEqual([[2, later]]);
  out(updateScheduled())
    .when(ask('deschedule', {}, duty))
    .then(ended());
  expect(epochs(updateScheduled(), ended())).toEqual([]);
  out(updateScheduled(), ended()).when(update()).then(updateScheduled(2));
});

test('what an update by hand would be refused for is refused, and what only a first publication has', () => {
  out()
    .when(update({ nothingWasWrong: false }))
    .thenRejected('correction-due');
  out()
    .when(update({ nothingWasWrong: undefined }))
    .thenRejected('correction-due');
  out()
    .when(update({ version: 1 }))
    .thenRejected('version-seen-stale');
  out()
    .when(update({ due: '2026-01-01T23:59:59.000000Z' }))
    .thenRejected('time-is-past');
  out()
    .when(update({ edition: { paper: 'The Late Post' } }))
    .thenRejected('edition-stays');
  out(corrected()).when(update()).thenRejected('correction-would-be-lost');
  out(updateScheduled()).when(update()).thenRejected('scheduled-already');
  for (const command of [move(), ask('deschedule', {}, duty)]) out().when(command).thenRejected('not-scheduled');
  out(updateScheduled(), corrected()).when(move()).thenRejected('correction-would-be-lost');
  out(updateScheduled())
    .when(move({ nothingWasWrong: false }))
    .thenRejected('correction-due');
  for (const away of [events.held(2), events.unpublished(2), events.killAsked(2)])
    out(away).when(update()).thenRejected('not-allowed-now');
});

test('in due time it goes out as an update, by whoever scheduled it; a timer that is early, moved or cancelled does nothing', () => {
  const line = out(events.ready(fixed), updateScheduled());
  expect(decided(line, inTime)).toMatchObject([
    ...[came(inTime, 0.25), updated(inTime), { type: 'CorrectionOutdated', data: { correctionId } }],
  ]);
  const { state } = out(updateScheduled(), ...decided(line, inTime));
  expect(state).toMatchObject({ status: 'published', out: { version: 2, content: second }, updates: 1 });
  expect([state.waiting, state.schedule, state.overdue]).toEqual([undefined, undefined, undefined]);
  line.when(dueAt('2026-01-02T05:59:59.999999Z')).thenRejected('timer-outdated');
  out(updateScheduled(), updateScheduled(2)).when(dueAt(inTime, 1)).thenRejected('timer-outdated');
  out(updateScheduled(), ended()).when(dueAt(inTime)).thenRejected('timer-outdated');
  out(updateScheduled(), ...decided(line, inTime))
    .when(dueAt(inTime))
    .thenRejected('timer-outdated');
});

test('late, it does as it was told to', () => {
  const late = '2026-01-02T06:01:00.001000Z';
  out(updateScheduled())
    .when(dueAt(late))
    .then(came(late, 60.001, { late: true, ...overdue('late') }));
  const anyway = out(updateScheduled(1, 2, { late: 'publish-late' }));
  const told = came(late, 60.001, { late: true, policy: 'publish-late' });
  expect(decided(anyway, late)).toMatchObject([told, updated(late)]);
});

test('a correction in between that it would undo keeps it back, with the reason, until somebody decides', () => {
  const line = out(updateScheduled(), corrected());
  expect(line.state.schedule?.update?.version).toBe(2);
  const kept = came(inTime, 0.25, overdue('correction-would-be-lost'));
  line.when(dueAt(inTime)).then(kept);
  const waits = out(updateScheduled(), corrected(), kept, waiting(3, reworded('p2', 'Traffic stands.', fixed)));
  expect(waits.state).toMatchObject({
    ...{ status: 'published', out: { version: 1, content: fixed } },
    overdue: { due, policy: 'ask', version: 2, why: 'correction-would-be-lost' },
  });
  const over = { type: 'UpdateDescheduled', data: { version: 2, schedule: 1 } };
  const byHand = ask('update', { version: 3, nothingWasWrong: true }, duty);
  expect(publication.decide(byHand, waits.state)).toMatchObject([{ data: { version: 3, item: 3 } }, over]);
  waits.when(update({ version: 3 })).then(updateScheduled(2, 3));
});

test('a version approved since waits beside it, and goes out only when somebody schedules or sends that', () => {
  const beside = { waits: 3 };
  const line = out(updateScheduled(), waiting(3, third));
  line.when(move()).then(updateScheduled(2, 2, beside));
  line.when(move({ version: 3 })).thenRejected('version-seen-stale');
  line.when(update()).thenRejected('version-seen-stale');
  line.when(update({ version: 3 })).then(updateScheduled(2, 3));
  line.when(ask('deschedule', {}, duty)).then(ended(1, beside));
  const moved = [updateScheduled(), waiting(3, third), updateScheduled(2, 2, beside)];
  expect(out(...moved).state.schedule).toMatchObject({ update: { version: 2, content: second } });
  expect(epochs(...moved)).toEqual([[2, due]]);
  const happened = decided(line, inTime);
  expect(happened).toMatchObject([came(inTime, 0.25, beside), updated(inTime, beside)]);
  const next = out(updateScheduled(), waiting(3, third), ...happened);
  expect(next.state).toMatchObject({ out: { version: 2 }, waiting: { version: 3 }, schedule: undefined });
  const last = publication.decide(ask('update', { version: 3, nothingWasWrong: true }, duty), next.state);
  expect(last).toMatchObject([{ type: 'ArticleUpdated', data: { version: 3, number: 2 } }]);
  expect(last[0]?.data).not.toHaveProperty('waits');
});

test('whatever takes away what is out, or puts another version in its place, ends it in the same append', () => {
  const line = out(updateScheduled());
  line.when(ask('hold', { reason: 'In doubt.' }, duty)).then(events.held(2), ended());
  line.when(ask('unpublish', { reason: 'Rights.' }, duty)).then(events.unpublished(2), ended());
  line.when(ask('ask-kill', { reason: 'Untrue.' }, editor)).then(events.killAsked(2), ended(1, { waits: 2 }, editor));
  const away = out(updateScheduled(), events.killAsked(2), ended(), events.killDeclined('published', 3));
  expect([away.state.schedule, publicationLog.timers(away.state)]).toEqual([undefined, []]);
  const byHand = [
    ask('update', { version: 2, nothingWasWrong: true }, duty),
    ask('correct', { version: 2, note: 'N' }, chief),
    ask('refile', { version: 2 }, duty),
  ];
  for (const command of byHand) {
    const [, end, ...more] = publication.decide(command, line.state);
    expect([end, more]).toEqual([ended(1, {}, command.actor), []]);
  }
  const kept = out(updateScheduled(), came(inTime, 90, { late: true, ...overdue('late') }));
  kept.when(ask('hold', { reason: 'In doubt.' }, duty)).then(events.held(2), ended());
  out()
    .when(ask('hold', { reason: 'In doubt.' }, duty))
    .then(events.held(2));
  // It goes on behind what leaves the version.
  const on = out(events.ready(fixed), updateScheduled());
  for (const command of [ask('correct', { correctionId, note: 'N' }, duty), ask('repeat', { item: 1 }, duty)])
    expect(publication.decide(command, on.state)).toHaveLength(1);
});

test('a stop that drafting asks for, of what is out, ends it where it is held for that', () => {
  const stop = heard.stop(1, { hold: 'article' });
  expect(publication.decide(stop, out(updateScheduled()).state)).toMatchObject([
    { type: 'ArticleHeld', data: { reason: 'Wrong.' } },
    { type: 'StopTooLate', data: { state: 'held', position } },
    { type: 'UpdateDescheduled', data: { by: { id: 'edna' }, waits: 2 } },
  ]);
});
