import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { content, duty, editor, events, id, told } from '../samples.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

let board: Projecting;
beforeAll(async () => {
  board = await projecting(newsroomBoard);
});
afterAll(() => board.close());

const approved = () => [events.started(), events.claimed(), events.approved(1), events.opened(1)];

test('the schedule of an update stands beside what is out: what is scheduled waits for nobody, and what it leaves or was approved since does', async () => {
  const due = '2026-03-01T06:00:00.000000Z';
  const when = { by: duty, version: 2, schedule: 1, due, zone: 'Asia/Karachi' };
  const waiting = (version: number) =>
    told('VersionWaiting', { by: editor, version, desk: 'city', kind: 'story', content: content(), position: 'p' });
  const scheduled = [
    ...[...approved(), events.published(), waiting(2)],
    told('UpdateScheduled', { ...when, late: 'ask', nothingWasWrong: true }),
  ];
  const is = (row: object, ...more: ReturnType<typeof told>[]) =>
    board.given(...scheduled, ...more).then({ newsroom_board: [row] });
  const stands = { publication_state: 'published', scheduled_zone: 'Asia/Karachi', overdue: false };
  const gone = { publication_state: 'published', scheduled_at: null, scheduled_zone: null, overdue: false };
  await is({ ...stands, waiting_version: null });
  await is({ ...stands, waiting_version: 3 }, waiting(3));
  await is({ ...stands, waiting_version: null }, events.corrected(1, content(), { version: 1, correctionId: id(5) }));
  const ended = { by: duty, version: 2, schedule: 1 };
  await is({ ...gone, waiting_version: 2 }, told('UpdateDescheduled', { ...ended, waits: 2 }));
  await is({ ...gone, waiting_version: null }, told('UpdateDescheduled', ended));
  const came = { ...when, at: due, drift: 0.5, late: false, policy: 'ask' };
  await is(
    { ...stands, overdue: true, waiting_version: 2, schedule_drift: 0.5 },
    told('UpdateCameDue', { ...came, outcome: 'overdue', why: 'correction-would-be-lost', waits: 2 }),
  );
  await is(
    { ...gone, out_version: 2, waiting_version: 3, schedule_drift: 0.5 },
    ...[waiting(3), told('UpdateCameDue', { ...came, outcome: 'updated', waits: 3 })],
    events.updated(1, content(), { waits: 3 }),
  );
});
