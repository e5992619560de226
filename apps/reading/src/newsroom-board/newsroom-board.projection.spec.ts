import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, content, duty, editor, events, id, told } from '../samples.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

let board: Projecting;
beforeAll(async () => {
  board = await projecting(newsroomBoard);
});
afterAll(() => board.close());

const approved = () => [events.started(), events.claimed(), events.approved(1), events.opened(1)];

test('an article stands on the board from its first word, with who has it in hand', async () => {
  await board.given(events.started()).then({
    newsroom_board: [
      {
        article_id: articleId,
        desk: 'city',
        state: 'draft',
        version: 1,
        headline: 'Bridge opens',
        writer_name: 'R. Porter',
      },
    ],
  });
  await board
    .given(events.started(), events.revised(2, content({ headline: 'Bridge shut' })), events.claimed())
    .then({ newsroom_board: [{ state: 'editing', version: 2, headline: 'Bridge shut', editor_name: 'E. Ditor' }] });
});

test('whom an article is assigned to stands with it, until it is nobody', async () => {
  const assigned = told('ArticleAssigned', { by: editor, to: duty });
  await board
    .given(events.started(), assigned)
    .then({ newsroom_board: [{ assignee_id: 'd', assignee_name: 'D. Uty' }] });
  await board
    .given(events.started(), assigned, told('ArticleUnassigned', { by: editor }))
    .then({ newsroom_board: [{ assignee_id: null, assignee_name: null }] });
});

test("an article that is moved stands with its new desk, in nobody's hands", async () => {
  const rest = { desk: 'sport', stage: 'subs', state: 'submitted' };
  await board
    .given(events.started(), events.claimed(), events.moved())
    .then({ newsroom_board: [{ ...rest, editor_name: null }] });
  const within = { from: rest, to: { desk: 'sport', stage: 'final' }, state: 'editing' };
  const { desk, stage } = rest;
  await board
    .given(...[events.started(), events.moved(), events.claimed()], events.moved({ ...within, from: { desk, stage } }))
    .then({ newsroom_board: [{ stage: 'final', state: 'editing', editor_name: 'E. Ditor' }] });
});

test('whose turn it is stands on the board, from the first step of an approval to the last', async () => {
  const [subs, chief] = [
    { step: 'subs', by: 'editor' },
    { step: 'top', by: 'chief' },
  ];
  const taken = told('ApprovalStepsTaken', { by: editor, steps: [subs, chief], applied: { desk: 1 }, awaits: subs });
  const passed = told('ApprovalStepPassed', { by: editor, version: 1, step: 'subs', awaits: chief });
  const first = { first_step: subs };
  const all = [events.started(), events.claimed(), taken];
  await board.given(...all).then({ newsroom_board: [{ ...first, next_step: subs }] });
  await board.given(...all, passed).then({ newsroom_board: [{ ...first, next_step: chief }] });
  const reopened = told('ApprovalStepsReopened', { by: editor, steps: ['subs'], changed: ['p1'], awaits: subs });
  await board.given(...all, passed, reopened).then({ newsroom_board: [{ ...first, next_step: subs }] });
  const rejected = told('ApprovalRejected', { by: duty, version: 1, step: 'top', reason: 'R' });
  await board
    .given(...all, passed, rejected)
    .then({ newsroom_board: [{ next_step: { step: 'top', by: 'editor', rejected: true } }] });
  const skipped = told('ApprovalStepSkipped', { by: duty, step: 'top', reason: 'R', awaits: null });
  await board
    .given(...all, passed, rejected, skipped)
    .then({ newsroom_board: [{ next_step: { step: '', by: 'editor' } }] });
  await board.given(...all, passed, events.approved(1)).then({ newsroom_board: [{ ...first, next_step: null }] });
});

test('approved and out: both lives are told', async () => {
  await board.given(...approved(), events.published()).then({
    newsroom_board: [
      { state: 'approved', approved_version: 1, editor_id: null, publication_state: 'published', out_version: 1 },
    ],
  });
});

test('a later approval waits until it is taken', async () => {
  const waiting = { by: editor, version: 2, desk: 'city', kind: 'story', content: content() };
  const next = [...approved(), told('VersionWaiting', { ...waiting, position: 'p' })];
  await board.given(...next).then({ newsroom_board: [{ pinned_version: 1, waiting_version: 2 }] });
  await board
    .given(...next, told('VersionTaken', { ...waiting, by: duty }))
    .then({ newsroom_board: [{ pinned_version: 2, waiting_version: null }] });
  await board
    .given(...next, told('ClearanceRenewed', { ...waiting, version: 3, position: 'p' }))
    .then({ newsroom_board: [{ pinned_version: 3, waiting_version: null }] });
  for (const newer of [events.corrected(1, content()), events.updated(1, content())])
    await board
      .given(...next, events.published(), newer)
      .then({ newsroom_board: [{ out_version: 2, waiting_version: null }] });
});

test('what was stopped waits no more', async () => {
  const stop = { by: editor, why: 'W', position: 'p' };
  const ready = { by: editor, position: 'p', correctionId: id(5), base: 1, content: content() };
  const waiting = { by: editor, version: 2, desk: 'city', kind: 'story', content: content(), position: 'p' };
  await board
    .given(
      ...[...approved(), events.published(), told('VersionWaiting', waiting), told('CorrectionReady', ready)],
      told('CorrectionStopped', { ...stop, correctionId: id(5) }),
      told('VersionStopped', { ...stop, version: 2, state: 'published' }),
    )
    .then({
      newsroom_board: [
        { publication_state: 'published', out_version: 1, waiting_version: null, corrections_waiting: 0 },
      ],
    });
});

test('a spike covers the state and gives it back when it is taken back; taken up again, it says where it goes on', async () => {
  const spiked = [...approved(), told('ArticleSpiked', { by: editor, reason: 'R' })];
  await board.given(...spiked).then({ newsroom_board: [{ state: 'approved', spiked: true }] });
  await board
    .given(...spiked, told('SpikeTakenBack', { by: duty, publication: 'published' }))
    .then({ newsroom_board: [{ state: 'approved', spiked: false }] });
  await board
    .given(...spiked, told('ArticleUnspiked', { by: editor, state: 'editing' }))
    .then({ newsroom_board: [{ state: 'editing', spiked: false }] });
});

test('a merged correction leaves the state that drafting says', async () => {
  const merged = (state: string) =>
    told('CorrectionMerged', {
      ...{ by: editor, correctionId: id(5), version: 2, content: content(), changed: ['p1'], conflicts: [] },
      state,
    });
  await board
    .given(...approved(), merged('approved'))
    .then({ newsroom_board: [{ state: 'approved', version: 2, approved_version: 2 }] });
  await board
    .given(...approved(), merged('editing'))
    .then({ newsroom_board: [{ state: 'editing', version: 2, approved_version: 1 }] });
});

test('approved corrections are counted until they are out or outdated', async () => {
  const ready = () =>
    told('CorrectionReady', { by: editor, position: 'p', correctionId: id(5), base: 1, content: content() });
  const two = [...approved(), events.published(), ready(), ready()];
  await board.given(...two).then({ newsroom_board: [{ corrections_waiting: 2 }] });
  await board
    .given(...two, events.corrected(1, content(), { correctionId: id(5) }))
    .then({ newsroom_board: [{ corrections_waiting: 1 }] });
  await board
    .given(...two, told('CorrectionOutdated', { by: duty, correctionId: id(5) }))
    .then({ newsroom_board: [{ corrections_waiting: 1 }] });
});

test('a kill that was asked for waits on the board for a second person, and may be declined', async () => {
  const asked = [...approved(), events.published(), events.killAsked()];
  await board.given(...asked).then({ newsroom_board: [{ publication_state: 'kill-asked', out_version: 1 }] });
  await board
    .given(...asked, events.killDeclined('published'))
    .then({ newsroom_board: [{ publication_state: 'published' }] });
});

test('what is held is so on the board until it is released, and where a kill is asked that is what it shows', async () => {
  const held = [...approved(), events.published(), events.held()];
  await board.given(...held).then({ newsroom_board: [{ publication_state: 'held', out_version: 1 }] });
  await board.given(...held, events.released()).then({ newsroom_board: [{ publication_state: 'published' }] });
  await board
    .given(...held, events.killAsked(), events.killDeclined('held'))
    .then({ newsroom_board: [{ publication_state: 'held' }] });
  await board
    .given(...approved(), events.published(), events.killAsked(), events.held({ state: 'kill-asked' }))
    .then({ newsroom_board: [{ publication_state: 'kill-asked' }] });
});

test('a schedule stands on the board until it is kept, missed or cancelled, with how late its timer was', async () => {
  const due = '2026-03-01T06:00:00.000000Z';
  const when = { due, zone: 'Asia/Karachi' };
  const edition = { paper: 'The Daily', date: '2026-03-01' };
  const scheduled = [
    ...approved(),
    told('PublicationScheduled', { by: duty, version: 1, schedule: 1, ...when, late: 'ask', edition }),
  ];
  const row = { publication_state: 'scheduled', scheduled_zone: 'Asia/Karachi', overdue: false, schedule_drift: null };
  await board.given(...scheduled).then({ newsroom_board: [row] });
  const gone = { scheduled_at: null, scheduled_zone: null, overdue: false };
  await board
    .given(...scheduled, told('PublicationDescheduled', { by: duty, schedule: 1 }))
    .then({ newsroom_board: [{ publication_state: 'cleared', ...gone }] });
  const came = { by: duty, schedule: 1, ...when, at: due, policy: 'ask' } as const;
  await board
    .given(...scheduled, told('ScheduleCameDue', { ...came, drift: 90, late: true, outcome: 'overdue' }))
    .then({ newsroom_board: [{ publication_state: 'cleared', overdue: true, schedule_drift: 90 }] });
  await board
    .given(
      ...scheduled,
      told('ScheduleCameDue', { ...came, drift: 0.5, late: false, outcome: 'published' }),
      events.published(),
    )
    .then({ newsroom_board: [{ publication_state: 'published', ...gone, schedule_drift: 0.5 }] });
  await board
    .given(
      ...scheduled,
      told('PublicationStopped', { by: editor, version: 1, why: 'W', stops: 1, from: 'publication' }),
    )
    .then({ newsroom_board: [{ publication_state: 'stopped', ...gone }] });
});

test('a kill ends both lives', async () => {
  const recorded = { by: duty, event: 'ArticleKilled', state: 'killed', version: 1, stops: 0, position: 'p' };
  await board
    .given(
      ...approved(),
      events.published(),
      events.killAsked(),
      events.killed(),
      told('PublicationRecorded', recorded),
    )
    .then({ newsroom_board: [{ state: 'killed', publication_state: 'killed' }] });
});

test('what publication says first makes a row that drafting fills', async () => {
  await board.given(events.opened(1)).then({ newsroom_board: [{ state: null, publication_state: 'cleared' }] });
});

test('what has to be done about an article is counted until it was', async () => {
  const at = '2026-03-01T07:05:00.000000Z';
  const task = { task: 'retracted-source', version: 1, out: true, blocks: ['p1'] };
  const opened = ['t1', 't2'].map((taskId) => told('TaskOpened', { by: duty, taskId, at, ...task }));
  const settled = told('TaskSettled', { by: editor, taskId: 't1', at, how: 'Cut.' });
  await board.given(events.started(), ...opened).then({ newsroom_board: [{ open_tasks: 2 }] });
  await board.given(events.started(), ...opened, settled).then({ newsroom_board: [{ open_tasks: 1 }] });
});

test('until when it has to be done stands there, and whether a second look is owed', async () => {
  const at = '2026-03-01T10:00:00.000000Z';
  const set = told('DeadlineSet', { by: editor, deadline: '2026-03-01T17:00:00.000000Z', zone: 'Asia/Karachi' });
  const due = { deadline: '2026-03-01T17:00:00+00:00', deadline_zone: 'Asia/Karachi' };
  await board.given(events.started(), set).then({ newsroom_board: [due] });
  const cleared = told('DeadlineCleared', { by: editor });
  await board.given(events.started(), set, cleared).then({ newsroom_board: [{ deadline: null, deadline_zone: null }] });
  const alone = told('ApprovedAlone', { by: editor, at, version: 1, blocks: ['p1'], reason: 'R' });
  const late = told('SecondLookOverdue', { by: editor, at, version: 1 });
  await board.given(...approved(), alone).then({ newsroom_board: [{ second_look: 'owed' }] });
  await board.given(...approved(), alone, late).then({ newsroom_board: [{ second_look: 'overdue' }] });
  const signed = told('Countersigned', { by: duty, at, version: 1 });
  await board.given(...approved(), alone, late, signed).then({ newsroom_board: [{ second_look: null }] });
});

test('an approval that is withdrawn leaves what is out approved, and stands again where that came too late', async () => {
  const withdrawn = (version: number, approved: number) =>
    told('ApprovalWithdrawn', { by: editor, version, reason: 'Why?', approved });
  const late = (state: string) => told('WithdrawalTooLate', { by: duty, version: 2, publication: 'published', state });
  await board
    .given(events.started(), events.approved(1), withdrawn(1, 0))
    .then({ newsroom_board: [{ state: 'editing', approved_version: null }] });
  const second = [events.started(), events.approved(2), withdrawn(2, 1)];
  await board.given(...second).then({ newsroom_board: [{ state: 'editing', approved_version: 1 }] });
  await board.given(...second, late('editing')).then({ newsroom_board: [{ state: 'editing', approved_version: 2 }] });
  await board.given(...second, late('approved')).then({ newsroom_board: [{ state: 'approved', approved_version: 2 }] });
});
