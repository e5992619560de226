import { expect, test } from '@jest/globals';
import type { PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publicationLog } from './publication.announcements.ts';
import { publication } from './publication.ts';
import { ask, content, dueAt, duty, editor, events, heard, publish, reworded, schedule, told } from './samples.ts';

const { opened, waiting, taken, published, scheduled, stopped } = events;
const after = (...more: PublicationEvent[]) => given(publication, [opened, ...more]);
const due = '2026-01-02T06:00:00.000000Z';
const cameDue = (at: string, drift: number, more: object = {}) =>
  told('ScheduleCameDue', duty, {
    ...{ schedule: 1, due, zone: 'Europe/Berlin', at, drift, late: false, policy: 'ask', outcome: 'published' },
    ...more,
  });
const out = (at: string) =>
  told('ArticlePublished', duty, {
    ...published.data,
    ...{ edition: scheduled().data.edition, firstAt: at, at },
  });
const timers = (...more: PublicationEvent[]) => publicationLog.timers(after(...more).state);

test('what is cleared is scheduled, moved and taken off again; each time its timer has another epoch', () => {
  after().when(schedule()).then(scheduled());
  const later = '2026-01-03T06:00:00.000000Z';
  const moved = told('PublicationScheduled', duty, {
    ...{ ...scheduled(2, later).data, edition: { paper: 'The Harbour Post', date: '2026-01-03' } },
  });
  after(scheduled())
    .when({ ...schedule({ due: later, day: '2026-01-03' }), type: 'reschedule' })
    .then(moved);
  const off = told('PublicationDescheduled', duty, { schedule: 1 });
  after(scheduled())
    .when(ask('deschedule', {}, duty))
    .then(off);
  after(scheduled(), off).when(schedule()).then(scheduled(2));
  const timer = { name: 'publish', epoch: 1, at: due, command: { type: 'come-due', data: { schedule: 1 } } };
  expect(timers(scheduled())).toEqual([timer]);
  expect(timers(scheduled(), moved)).toEqual([
    { ...timer, epoch: 2, at: later, command: { type: 'come-due', data: { schedule: 2 } } },
  ]);
  for (const end of [off, stopped, published]) expect(timers(scheduled(), end)).toEqual([]);
});

test('names the version seen, and a time to come', () => {
  after()
    .when(schedule({ version: 2 }))
    .thenRejected('version-seen-stale');
  after()
    .when(schedule({ due: '2026-01-01T23:59:59.000000Z' }))
    .thenRejected('time-is-past');
  after(scheduled()).when(schedule()).thenRejected('not-allowed-now');
  after(published).when(schedule()).thenRejected('nothing-waiting');
});

test('in due time it goes out, as it is pinned then, in the edition of that day there', () => {
  const now = '2026-01-02T06:00:00.250000Z';
  after(scheduled()).when(dueAt(now)).then(cameDue(now, 0.25), out(now));
  const second = reworded('p2', 'Traffic crawls.');
  const line = after(scheduled(), waiting(2, second), taken(2, second));
  expect(line.state).toMatchObject({ status: 'scheduled', pinned: { version: 2 } });
  expect(publication.decide(dueAt(now), line.state)[1]).toMatchObject({ data: { version: 2, content: second } });
  after(scheduled(), waiting(2, second)).when(dueAt(now)).then(cameDue(now, 0.25), out(now));
});

test('late it does as it was told to: goes out, or is cleared and overdue until somebody decides', () => {
  const now = '2026-01-02T06:01:00.001000Z';
  const late = { late: true };
  const anyway = told('PublicationScheduled', duty, { ...scheduled().data, late: 'publish-late' });
  after(anyway)
    .when(dueAt(now))
    .then(cameDue(now, 60.001, { ...late, policy: 'publish-late' }), out(now));
  const kept = cameDue(now, 60.001, { ...late, outcome: 'overdue' });
  after(scheduled()).when(dueAt(now)).then(kept);
  const overdue = after(scheduled(), kept);
  expect(overdue.state).toMatchObject({ status: 'cleared', overdue: { due, policy: 'ask' } });
  expect(after(scheduled(), kept, published).state.overdue).toBeUndefined();
  expect(after(scheduled(), kept, scheduled(2)).state.overdue).toBeUndefined();
  overdue.when(publish()).then(published);
  expect(timers(scheduled(), kept)).toEqual([]);
});

test('a timer that comes early, again, or after it was moved does nothing', () => {
  const now = '2026-01-02T06:00:00.250000Z';
  after(scheduled()).when(dueAt('2026-01-02T05:59:59.999999Z')).thenRejected('timer-outdated');
  after(scheduled(), scheduled(2)).when(dueAt(now, 1)).thenRejected('timer-outdated');
  for (const end of [published, stopped]) after(scheduled(), end).when(dueAt(now)).thenRejected('timer-outdated');
  after(scheduled())
    .when({ ...dueAt(now), actor: duty })
    .thenRejected('role-required');
});

test('publishing and stopping need not wait for it', () => {
  after(scheduled()).when(publish()).then(published);
  after(scheduled())
    .when(ask('stop', { reason: 'Wrong.' }, editor))
    .then(stopped);
  after(scheduled())
    .when(heard.stop())
    .then(told('PublicationStopped', editor, { ...stopped.data, from: 'drafting', position: 'p' }));
  expect(after(scheduled(), stopped).state).toMatchObject({ status: 'stopped', schedule: undefined });
  after(scheduled()).when(heard.approval(1, content)).then();
});
