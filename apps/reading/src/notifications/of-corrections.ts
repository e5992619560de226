import type { ApprovalStep, CorrectionEvent } from '#contracts';
import { folds } from '../folds.ts';
import type { Rows } from '#projections';
import { type Message, part, tell } from './telling.ts';

export const answers = {
  pass: 'legal-passed',
  'changes-wanted': 'legal-changes-wanted',
  refuse: 'legal-refused',
} as const;
const desk = ['part writer', 'part editor'] as const;
type Told = Parameters<typeof tell>[0] & { readonly data: { readonly correctionId: string } };
const asker = (correctionId: string) => `asker ${correctionId}`;
export const approverOf = (correctionId: string) => `part approver ${correctionId}` as const;

/** As of an article, and which of its corrections it is. */
function tellOf(event: Told, rows: Rows, { about, ...message }: Message): void {
  tell(event, rows, { ...message, about: { correctionId: event.data.correctionId, ...about } });
}

/** Whoever takes the step that its approval stands at now; the article's editor takes the approval itself. */
function due(event: Told & { readonly data: { awaits: ApprovalStep | null } }, rows: Rows): void {
  const { step = '', by = 'editor' } = event.data.awaits ?? {};
  tellOf(event, rows, {
    kind: 'approval-step-due',
    to: [by === 'editor' ? 'part editor' : `role ${by}`],
    about: { step },
  });
}

/** What whoever has an article, lawyers and chiefs have to know of a correction of it. */
export const ofCorrections = folds<CorrectionEvent>({
  CorrectionLeaseTakenOver(event, rows) {
    const { from, reason: said } = event.data;
    tellOf(event, rows, { kind: 'lease-taken-over', to: [`person ${from.id}`], said });
  },
  CorrectionLegalCheckRequested(event, rows) {
    const { correctionId, by, reason: said } = event.data;
    part(event, rows, asker(correctionId), { person: by.id });
    tellOf(event, rows, { kind: 'legal-check-asked', to: ['role legal'], said });
  },
  CorrectionLegalCheckAnswered(event, rows) {
    const { correctionId, answer, reason: said, version } = event.data;
    const to = [...desk, `part ${asker(correctionId)}`] as const;
    tellOf(event, rows, { kind: answers[answer], to, said, about: { version } });
  },
  CorrectionLegalCheckWaived(event, rows) {
    tellOf(event, rows, { kind: 'legal-waived', to: [...desk, 'role legal'], said: event.data.reason });
  },
  CorrectionApprovalStepsTaken: due,
  CorrectionApprovalStepPassed: due,
  CorrectionApprovalStepSkipped: due,
  CorrectionApprovalStepsReopened: due,
  CorrectionApprovalResumed: due,
  CorrectionApprovalRejected(event, rows) {
    const { step, version, reason: said } = event.data;
    tellOf(event, rows, { kind: 'approval-rejected', to: desk, said, about: { step, version } });
  },
  CorrectionApproved(event, rows) {
    part(event, rows, `approver ${event.data.correctionId}`, { person: event.data.by.id });
  },
  CorrectionApprovedAlone(event, rows) {
    tellOf(event, rows, { kind: 'second-look-owed', to: desk, said: event.data.reason });
  },
  CorrectionCountersigned(event, rows) {
    tellOf(event, rows, { kind: 'countersigned', to: [approverOf(event.data.correctionId)] });
  },
  CorrectionSecondLookOverdue(event, rows) {
    tellOf(event, rows, { kind: 'second-look-overdue', to: [...desk, 'role chief'] });
  },
});
