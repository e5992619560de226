import type { Incoming } from '#messaging';
import { content, duty, editor, events, id, reporter, told } from '../../apps/reading/src/samples.ts';

interface Of {
  readonly articleId: string;
}
export const at = '2026-03-01T10:00:00.000000Z';
export const why = { by: editor, at, reason: 'R' };
const cleared = { by: editor, version: 2, desk: 'city', kind: 'story', content: content(), position: 'p' };
export const fix = { correctionId: id(6) };
/** The steps of an approval, one for each who may take one. */
export const steps = ['editor', 'legal', 'chief', 'duty-editor'].map((by) => ({ step: `of the ${by}`, by }));
const [first = { step: '', by: '' }] = steps;
const stepsFrom = (number: number) => ({ by: editor, steps, applied: { desk: 1 }, awaits: steps[number] ?? first });
const passed = { by: editor, version: 1, step: first.step };
const owed = { by: editor, at, version: 1 };
export const assignees = [reporter, editor, duty];
/** Whatever may happen to an article, in any order: the board folds it all. */
export const happenings: ((of: Of, number: number) => Incoming)[] = [
  (of) => events.claimed(of),
  (of, number) => events.revised(number + 1, content({ headline: `No. ${number}` }), of),
  (of) => told('ArticleSubmitted', { ...of, by: reporter, version: 1 }),
  (of) => told('ArticleReturned', { ...of, by: editor, note: 'N' }),
  (of) => events.approved(1, content(), of),
  (of) => told('ArticleSpiked', { ...of, by: editor, reason: 'R' }),
  (of) => told('ArticleUnspiked', { ...of, by: editor, state: 'draft' }),
  (of) => told('LegalCheckRequested', { ...of, ...why }),
  (of) => told('LegalCheckAnswered', { ...of, ...why, version: 1, answer: 'pass' }),
  (of, number) =>
    told('LegalCheckPendingChanged', { ...of, by: editor, version: 2, pending: number > 1 ? ['p1'] : [] }),
  (of) => told('CorrectionOpened', { ...of, ...fix, by: editor, desk: 'city', base: 1, content: content() }),
  (of, version) => told('CorrectionRevised', { ...of, ...fix, by: editor, version, content: content(), changed: [] }),
  (of) => told('CorrectionLegalCheckRequested', { ...of, ...fix, ...why }),
  (of) => told('CorrectionLegalCheckAnswered', { ...of, ...fix, ...why, version: 1, answer: 'pass' }),
  (of) => told('CorrectionLegalCheckPendingChanged', { ...of, ...fix, by: editor, version: 2, pending: [] }),
  (of, number) => told('CorrectionApprovalStepsTaken', { ...of, ...fix, ...stepsFrom(number) }),
  (of) => told('CorrectionApprovalRejected', { ...of, ...fix, ...passed, reason: 'R' }),
  (of) => told('CorrectionDiscarded', { ...of, ...fix, by: editor }),
  (of) => told('NotForPublicationMarked', { ...of, ...why }),
  (of) => events.opened(1, content(), of),
  (of) => told('VersionWaiting', { ...of, ...cleared }),
  (of) => told('CorrectionReady', { ...of, by: duty, correctionId: id(5), base: 1, content: content(), position: 'p' }),
  (of) => events.published(content(), of),
  (of, number) => events.corrected(number, content(), { ...of, correctionId: id(5) }),
  (of) => events.held(of),
  (of) => events.released(of),
  (of) => events.unpublished(of),
  (of) => events.killAsked(of),
  (of, number) => told('ArticleAssigned', { ...of, by: editor, to: assignees[number - 1] ?? reporter }),
  (of) => told('ArticleUnassigned', { ...of, by: editor }),
  (of) => events.moved({ ...of, to: { desk: 'past-one', stage: 'subs' }, state: 'editing' }),
  (of) => told('ApprovalStepsTaken', { ...of, ...stepsFrom(0) }),
  (of, number) => told('ApprovalStepPassed', { ...of, ...passed, awaits: steps[number] ?? null }),
  (of) => told('ApprovalRejected', { ...of, ...passed, reason: 'R' }),
  (of) => told('ApprovedAlone', { ...of, ...owed, reason: 'R', blocks: [] }),
  (of) => told('SecondLookOverdue', { ...of, ...owed }),
  (of) => told('Countersigned', { ...of, ...owed }),
];
