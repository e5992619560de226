import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { content, editor, events, id, told } from '../samples.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

let board: Projecting;
beforeAll(async () => {
  board = await projecting(newsroomBoard);
});
afterAll(() => board.close());

test('a legal check is told with the version that was answered for, and so is what may not be published', async () => {
  const why = { by: editor, at: '2026-03-01T10:00:00.000000Z', reason: 'R' };
  const asked = [events.started(), told('LegalCheckRequested', why)];
  const answered = (answer: string) => told('LegalCheckAnswered', { ...why, version: 1, answer });
  await board.given(...asked).then({ newsroom_board: [{ legal: 'required', legal_version: null, writer_id: 'r' }] });
  await board
    .given(...asked, answered('changes-wanted'))
    .then({ newsroom_board: [{ legal: 'changes-wanted', legal_version: 1 }] });
  await board.given(...asked, answered('refuse')).then({ newsroom_board: [{ legal: 'refused' }] });
  await board
    .given(...asked, answered('pass'), told('NotForPublicationMarked', why))
    .then({ newsroom_board: [{ legal: 'passed', legal_version: 1, not_for_publication: true }] });
  await board
    .given(...asked, told('LegalCheckWaived', { ...why, version: 1 }), told('NotForPublicationUnmarked', why))
    .then({ newsroom_board: [{ legal: 'waived', legal_version: 1, not_for_publication: false }] });
});

test('a correction says what its approval waits for', async () => {
  const of = { correctionId: id(7), by: editor };
  const [subs, law] = [
    { step: 'subs', by: 'editor' },
    { step: 'law', by: 'legal' },
  ];
  const taken = { ...of, steps: [subs, law], applied: { desk: 1 }, awaits: subs };
  const opened = [
    told('CorrectionOpened', { ...of, desk: 'city', base: 1, content: content() }),
    told('CorrectionApprovalStepsTaken', taken),
  ];
  const after = (...more: ReturnType<typeof told>[]) => board.given(...opened, ...more);
  await after().then({ newsroom_correction: [{ next_step: subs }] });
  const passed = told('CorrectionApprovalStepPassed', { ...of, version: 1, step: 'subs', awaits: law });
  await after(passed).then({ newsroom_correction: [{ next_step: law }] });
  const rejected = told('CorrectionApprovalRejected', { ...of, version: 1, step: 'law', reason: 'R' });
  await after(passed, rejected).then({ newsroom_correction: [{ next_step: { by: 'editor', rejected: true } }] });
  const resumed = told('CorrectionApprovalResumed', { ...of, awaits: law });
  await after(passed, rejected, resumed).then({ newsroom_correction: [{ next_step: law }] });
  const skipped = told('CorrectionApprovalStepSkipped', { ...of, step: 'law', reason: 'R', awaits: null });
  await after(passed, skipped).then({ newsroom_correction: [{ next_step: { step: '', by: 'editor' } }] });
  const again = told('CorrectionApprovalStepsReopened', { ...of, steps: ['subs'], changed: ['p1'], awaits: subs });
  await after(passed, again).then({ newsroom_correction: [{ next_step: subs }] });
});

test('what lawyers have to see again is as drafting tells it, of an article and of each of its corrections', async () => {
  const why = { by: editor, at: '2026-03-01T10:00:00.000000Z', reason: 'R' };
  const pass = { ...why, version: 1, answer: 'pass' };
  const passed = [events.started(), told('LegalCheckAnswered', pass), events.revised(2, content())];
  const again = (...pending: string[]) => told('LegalCheckPendingChanged', { by: editor, version: 2, pending });
  await board.given(...passed).then({ newsroom_board: [{ legal: 'passed', version: 2, legal_pending: null }] });
  await board.given(...passed, again('p1')).then({ newsroom_board: [{ legal: 'passed', legal_pending: true }] });
  await board.given(...passed, again('p1'), again()).then({ newsroom_board: [{ legal_pending: false }] });
  const asked = told('LegalCheckRequested', why);
  await board.given(...passed, again('p1'), asked).then({ newsroom_board: [{ legal_pending: null }] });

  const of = (name: number) => ({ correctionId: id(name) });
  const opened = (name: number) =>
    told('CorrectionOpened', { ...of(name), by: editor, desk: 'city', base: 1, content: content() });
  const saved = told('CorrectionRevised', { ...of(7), by: editor, version: 2, content: content(), changed: [] });
  const checked = [
    ...[opened(7), opened(8), told('CorrectionLegalCheckRequested', { ...of(8), ...why })],
    ...[told('CorrectionLegalCheckAnswered', { ...of(7), ...pass }), saved],
  ];
  await board.given(...checked).then({
    newsroom_correction: [
      { correction_id: id(7), state: 'open', version: 2, legal: 'passed', legal_version: 1, legal_pending: null },
      { correction_id: id(8), state: 'open', version: 1, legal: 'required' },
    ],
  });
  const pending = told('CorrectionLegalCheckPendingChanged', { ...of(7), by: editor, version: 2, pending: ['p1'] });
  const waived = told('CorrectionLegalCheckWaived', { ...of(7), ...why, version: 2 });
  const given = told('CorrectionDiscarded', { ...of(8), by: editor });
  await board.given(...checked, pending, given).then({
    newsroom_correction: [{ legal: 'passed', legal_pending: true }, { state: 'discarded' }],
  });
  await board.given(...checked, pending, waived).then({
    newsroom_correction: [{ legal: 'waived', legal_version: 2, legal_pending: null }, {}],
  });
});
