import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, block, content, duty, editor, events, id, plans, reporter, told } from '../samples.ts';
import { notifications } from './notifications.projection.ts';

let projected: Projecting;
beforeAll(async () => {
  projected = await projecting(notifications);
});
afterAll(() => projected.close());

const at = '2026-03-01T10:00:00.000000Z';
const note = { by: editor, noteId: id(7), at, note: 'Is it?', blocking: false };

test('a mention is for each who is mentioned, and a note that is resolved for its author', async () => {
  await projected
    .given(
      events.started(),
      told('NoteAdded', { ...note, mentions: ['r', 'd'], block: 'p1' }),
      told('NoteResolved', { by: reporter, noteId: id(7), at }),
    )
    .then({
      notification: [
        { recipient: 'person d', kind: 'mentioned', said: 'Is it?', about: { noteId: id(7), block: 'p1' }, by_id: 'e' },
        { recipient: 'person r', kind: 'mentioned' },
        { recipient: `part note ${id(7)}`, kind: 'note-resolved' },
      ],
      part_had: [
        { subject: articleId, part: `note ${id(7)}`, person_id: 'e' },
        { part: 'writer', person_id: 'r' },
      ],
    });
});

test('what was decided about somebody’s work is for those who had a part in it', async () => {
  const suggestion = { suggestionId: id(8), at };
  await projected
    .given(
      events.started(),
      events.claimed(),
      told('EditSuggested', { by: duty, ...suggestion, version: 1, proposed: block('p1', 'Shut.'), note: 'No.' }),
      told('SuggestionRejected', { by: editor, ...suggestion, suggester: duty, reason: 'It is open.' }),
      events.approved(1),
      told('PublicationRecorded', {
        ...{ by: duty, event: 'ArticlePublished', state: 'published', version: 1, content: content() },
        ...{ stops: 0, position: 'p' },
      }),
    )
    .then({
      notification: [
        { recipient: 'part editor', kind: 'claimed' },
        { recipient: 'part writer', kind: 'claimed' },
        { recipient: 'part editor', kind: 'edit-suggested', about: { block: 'p1' } },
        { recipient: 'part writer', kind: 'edit-suggested' },
        { recipient: 'person d', kind: 'suggestion-rejected', said: 'It is open.' },
        { recipient: 'part editor', kind: 'approved' },
        { recipient: 'part writer', kind: 'approved' },
        { recipient: 'part approver', kind: 'published', by_id: 'd' },
        { recipient: 'part writer', kind: 'published' },
      ],
      part_had: [
        { part: 'approver', person_id: 'e' },
        { part: 'editor', person_id: 'e' },
        { part: 'editor', person_id: '' },
        { part: 'publisher', person_id: 'd' },
        { part: 'writer', person_id: 'r' },
      ],
    });
});

test('all who write it are its writers, in places of their own; whose it was hears that it is somebody else’s', async () => {
  await projected
    .given(
      events.started(),
      told('CoWriterAdded', { by: editor, writer: duty }),
      told('ArticleAssigned', { by: editor, to: reporter }),
      told('CoWriterRemoved', { by: editor, writer: 'd' }),
      told('ArticleUnassigned', { by: editor }),
    )
    .then({
      notification: [
        { recipient: 'person d', kind: 'co-writer-added' },
        { recipient: 'part assignee', kind: 'unassigned' },
        { recipient: 'person r', kind: 'assigned' },
        { recipient: 'person d', kind: 'co-writer-removed' },
        { recipient: 'part assignee', kind: 'unassigned' },
      ],
      part_had: [
        { part: 'assignee', place: '', person_id: 'r' },
        { part: 'assignee', person_id: '' },
        { part: 'writer', place: '', person_id: 'r' },
        { part: 'writer', place: 'assignee', person_id: 'r' },
        { part: 'writer', place: 'assignee', person_id: '' },
        { part: 'writer', place: 'co-writer d', person_id: 'd' },
        { part: 'writer', place: 'co-writer d', person_id: '' },
      ],
    });
});

test('a deadline, a task, a step that waits and one that was not taken are told those whom they concern', async () => {
  const deadline = '2026-03-01T17:00:00.000000Z';
  const law = { step: 'law', by: 'legal' };
  const steps = told('ApprovalStepsTaken', { by: editor, steps: [law], applied: { desk: 1 }, awaits: law });
  const task = { taskId: 't1', at, task: 'retracted-source', version: 1, out: false, blocks: [] };
  await projected
    .given(
      ...[steps, told('ApprovalStepPassed', { by: duty, version: 1, step: 'law', awaits: null })],
      told('ApprovalRejected', { by: duty, version: 1, step: 'law', reason: 'No.' }),
      ...[told('DeadlineSet', { by: editor, deadline, zone: 'UTC' }), told('DeadlineMissed', { by: duty, deadline })],
      told('TaskOpened', { by: duty, ...task }),
      events.moved(),
    )
    .then({
      notification: [
        { recipient: 'role legal', kind: 'approval-step-due', about: { step: 'law' } },
        { recipient: 'part editor', kind: 'approval-step-due', about: { step: '' } },
        ...['editor', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'approval-rejected', said: 'No.' })),
        ...['editor', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'deadline-set' })),
        ...['deadline', 'editor', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'deadline-missed' })),
        ...['approver', 'editor', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'task-opened' })),
        ...['editor', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'moved' })),
      ],
      part_had: [
        { part: 'deadline', person_id: 'e' },
        { part: 'editor', person_id: '' },
      ],
    });
});

test('a coverage is told whoever is asked to do it, and what they say whoever has asked', async () => {
  const of = { subject: id(50), article_id: null, about: { planId: id(50), coverageId: id(51) } };
  await projected
    .given(
      ...[plans.told('CoverageAssigned', { to: reporter }), plans.told('CoverageAccepted', { by: reporter })],
      plans.told('CoverageDeclined', { by: reporter, reason: 'Ill.' }),
      plans.told('PlanCancelled', { reason: 'Rain.', coverages: [id(51)] }, {}),
    )
    .then({
      notification: [
        { recipient: `part assignee ${id(51)}`, kind: 'coverage-taken-away' },
        { recipient: 'person r', kind: 'coverage-assigned', ...of },
        { recipient: `part planner ${id(51)}`, kind: 'coverage-accepted', ...of },
        { recipient: `part planner ${id(51)}`, kind: 'coverage-declined', said: 'Ill.' },
        { recipient: 'part assignee', kind: 'plan-cancelled', said: 'Rain.' },
      ],
      part_had: [
        { subject: id(50), part: 'assignee', place: id(51), person_id: 'r' },
        { part: 'assignee', place: id(51), person_id: '' },
        { part: `assignee ${id(51)}`, person_id: 'r' },
        { part: `assignee ${id(51)}`, person_id: '' },
        { part: `planner ${id(51)}`, person_id: 'e' },
      ],
    });
});

test('of a correction, lawyers are asked and whoever asked is answered; what was approved alone is told of', async () => {
  const correctionId = id(9);
  const of = { correctionId, at, version: 2 };
  const takenOver = { session: 'two', from: reporter, fromSession: 'one' };
  const reason = 'She may sue.';
  await projected
    .given(
      events.started(),
      told('CorrectionLeaseTakenOver', { by: editor, correctionId, ...takenOver, reason: 'Urgent.' }),
      told('CorrectionLegalCheckRequested', { by: editor, correctionId, at, reason }),
      told('CorrectionLegalCheckAnswered', { by: duty, ...of, answer: 'refuse', reason: 'Libel.' }),
      told('CorrectionLegalCheckWaived', { by: duty, ...of, reason }),
      told('CorrectionApproved', {
        ...{ by: editor, correctionId, base: 1, version: 2, content: content(), ancestor: content(), changed: ['p1'] },
      }),
      told('CorrectionApprovalStepPassed', {
        by: editor,
        correctionId,
        version: 2,
        step: 'subs',
        awaits: { step: 'law', by: 'legal' },
      }),
      told('CorrectionApprovalRejected', { by: duty, correctionId, version: 2, step: 'law', reason: 'No.' }),
      told('CorrectionApprovedAlone', { by: editor, ...of, blocks: ['p1'], reason: 'It burns.' }),
      told('CorrectionSecondLookOverdue', { by: editor, ...of }),
      told('CorrectionCountersigned', { by: duty, ...of }),
      told('PublicationRecorded', {
        ...{
          by: duty,
          event: 'CorrectionStopped',
          state: 'published',
          version: 1,
          correctionId,
          stops: 0,
          position: 'p',
        },
      }),
    )
    .then({
      notification: [
        { recipient: 'person r', kind: 'lease-taken-over', said: 'Urgent.', about: { correctionId } },
        { recipient: 'role legal', kind: 'legal-check-asked', said: reason, about: { correctionId } },
        { recipient: `part asker ${correctionId}`, kind: 'legal-refused', about: { correctionId, version: 2 } },
        { recipient: 'part editor', kind: 'legal-refused', said: 'Libel.' },
        { recipient: 'part writer', kind: 'legal-refused' },
        { recipient: 'part editor', kind: 'legal-waived', about: { correctionId } },
        { recipient: 'part writer', kind: 'legal-waived' },
        { recipient: 'role legal', kind: 'legal-waived' },
        { recipient: 'role legal', kind: 'approval-step-due', about: { correctionId, step: 'law' } },
        { recipient: 'part editor', kind: 'approval-rejected', said: 'No.', about: { correctionId, version: 2 } },
        { recipient: 'part writer', kind: 'approval-rejected' },
        { recipient: 'part editor', kind: 'second-look-owed', said: 'It burns.', about: { correctionId } },
        { recipient: 'part writer', kind: 'second-look-owed' },
        { recipient: 'part editor', kind: 'second-look-overdue' },
        { recipient: 'part writer', kind: 'second-look-overdue' },
        { recipient: 'role chief', kind: 'second-look-overdue', about: { correctionId } },
        { recipient: `part approver ${correctionId}`, kind: 'countersigned', by_id: 'd' },
        { recipient: `part approver ${correctionId}`, kind: 'correction-stopped', about: { correctionId } },
        { recipient: 'part writer', kind: 'correction-stopped' },
      ],
      part_had: [
        { part: `approver ${correctionId}`, person_id: 'e' },
        { part: `asker ${correctionId}`, person_id: 'e' },
        { part: 'writer', person_id: 'r' },
      ],
    });
});
