import type { ApprovalStep, ArticleEvent, PackageEvent, PlanEvent } from '#contracts';
import type { Projection, Rows } from '#projections';
import { folds } from '../folds.ts';
import { answers, approverOf, ofCorrections } from './of-corrections.ts';
import { coverageKinds, ofCoverages } from './of-coverages.ts';
import { ofPackages } from './of-packages.ts';
import { type By, type Message, part, tell, telling } from './telling.ts';

const [writer, editor, approver, spiker] = ['part writer', 'part editor', 'part approver', 'part spiker'] as const;
/** Whoever put out what is out: what somebody wanted stopped too late is theirs to see to. */
const publisher = 'part publisher' as const;
const desk = [writer, editor];
const reason = (data: { readonly reason: string } & By) => data.reason;

type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' }>['data'];
/** What publication did, as drafting has recorded it: in one order with what led to it. */
const outside: Readonly<Record<string, Pick<Message, 'kind' | 'to'>>> = {
  ArticlePublished: { kind: 'published', to: [writer, approver] },
  ArticleCorrected: { kind: 'corrected', to: [writer, approver] },
  ArticleRefiled: { kind: 'refiled', to: [writer, approver] },
  ArticleUpdated: { kind: 'updated', to: [writer, approver] },
  ArticleRepeated: { kind: 'repeated', to: [writer, approver] },
  ArticleHeld: { kind: 'held', to: [writer, approver, publisher] },
  HoldReleased: { kind: 'released', to: [writer, approver, publisher] },
  ArticleUnpublished: { kind: 'unpublished', to: [writer, approver] },
  PublicationStopped: { kind: 'publication-stopped', to: [writer, approver] },
  VersionStopped: { kind: 'version-stopped', to: [writer, approver] },
  StopTooLate: { kind: 'stop-too-late', to: [spiker, approver, publisher] },
  KillAsked: { kind: 'kill-asked', to: [writer, approver] },
  KillDeclined: { kind: 'kill-declined', to: [writer, approver] },
  ArticleKilled: { kind: 'killed', to: [writer, approver] },
  ApprovalIgnored: { kind: 'approval-ignored', to: [approver] },
};
/** Answers to a stop that was asked for, of which something stays out. Who asked did not do that: it is news to them as well. */
const answersToStop = ['StopTooLate', 'VersionStopped'];
const stet = { id: 'reaction', name: 'Stet' };
function outsideTold(event: Parameters<typeof tell>[0] & { readonly data: Recorded }, rows: Rows): void {
  const { event: what, by, version, state: publication } = event.data;
  const told = outside[event.data.class === 'REFILE' ? 'ArticleRefiled' : what];
  if (!told) return;
  const isAnswer = answersToStop.includes(what);
  const message = { ...told, about: { version, ...(isAnswer ? { publication } : {}) } };
  tell(event, rows, message);
  if (isAnswer) tell(event, rows, { ...message, to: [`person ${by.id}`], by: stet });
}
export const kinds = [
  ...['mentioned', 'note-resolved', 'edit-suggested', 'suggestion-accepted', 'suggestion-rejected'],
  ...['legal-check-asked', ...Object.values(answers), 'legal-waived', 'not-for-publication', 'for-publication'],
  ...['lease-taken-over', 'claimed', 'moved', 'returned', 'approved', 'spiked', 'unspiked', 'spike-taken-back'],
  ...['approval-step-due', 'approval-rejected', 'task-opened', 'co-writer-added', 'co-writer-removed', 'assigned'],
  ...['unassigned', 'deadline-set', 'deadline-cleared', 'deadline-missed', ...coverageKinds],
  ...['approval-withdrawn', 'withdrawal-too-late', 'second-look-owed', 'countersigned', 'second-look-overdue'],
  ...['part-killed', 'clearance-stopped', 'correction-stopped', 'correction-conflict'],
  ...Object.values(outside).map(({ kind }) => kind),
];

/** Whoever had it before hears that it is theirs no more. */
function assignee(event: Parameters<typeof tell>[0], rows: Rows, person: string): void {
  tell(event, rows, { kind: 'unassigned', to: ['part assignee'] });
  part(event, rows, 'assignee', { person });
  part(event, rows, 'writer', { person, place: 'assignee' });
}
/** Whoever takes the step that an approval stands at now; the editor whose hands it is in takes the approval itself. */
function due(event: Parameters<typeof tell>[0] & { readonly data: { awaits: ApprovalStep | null } }, rows: Rows): void {
  const { step = '', by = 'editor' } = event.data.awaits ?? {};
  tell(event, rows, { kind: 'approval-step-due', to: [by === 'editor' ? editor : `role ${by}`], about: { step } });
}

/** What somebody has to know of, one row for each and each event. It reads drafting alone, which hears of the rest. */
export const notifications: Projection = {
  name: 'notifications',
  version: 6,
  // It tells whoever asked for a stop what came of it.
  differs: true,
  topics: ['drafting'],
  tables: {
    notification: ['subject', 'position', 'recipient'],
    part_had: ['subject', 'part', 'place', 'position'],
  },
  ddl: `
    create table notification (
      -- the article, the plan, or the package
      subject uuid,
      position bigint,
      recipient text,
      article_id uuid,
      shard int not null,
      kind text not null,
      by_id text not null,
      by_name text not null,
      happened_at timestamptz not null,
      said text not null,
      about jsonb not null,
      primary key (subject, position, recipient)
    );
    create index on notification (recipient, happened_at, subject, position);
    create index on notification (shard, position);
    -- who had which part in it, in which of the places of that, from which position on; empty: nobody
    create table part_had (
      subject uuid,
      part text,
      place text,
      position bigint,
      person_id text not null,
      primary key (subject, part, place, position)
    );
    create index on part_had (person_id, subject);`,
  on: folds<ArticleEvent | PackageEvent | PlanEvent>({
    ...ofCoverages,
    ...ofCorrections,
    ...ofPackages,
    ArticleStarted(event, rows) {
      part(event, rows, 'writer', { person: event.data.by.id });
    },
    ArticleClaimed(event, rows) {
      part(event, rows, 'editor', { person: event.data.by.id });
      tell(event, rows, { kind: 'claimed', to: desk, said: event.data.reason });
    },
    ArticleMoved(event, rows) {
      const { from, to, reason: said } = event.data;
      if (from.desk !== to.desk) part(event, rows, 'editor', {});
      tell(event, rows, { kind: 'moved', to: desk, said, about: { from, to } });
    },
    ApprovalStepsTaken: due,
    ApprovalStepPassed: due,
    ApprovalStepSkipped: due,
    ApprovalStepsReopened: due,
    ApprovalResumed: due,
    ApprovalRejected(event, rows) {
      const { step, version, reason: said } = event.data;
      tell(event, rows, { kind: 'approval-rejected', to: desk, said, about: { step, version } });
    },
    CoWriterAdded(event, rows) {
      const { id: person } = event.data.writer;
      part(event, rows, 'writer', { person, place: `co-writer ${person}` });
      tell(event, rows, { kind: 'co-writer-added', to: [`person ${person}`] });
    },
    CoWriterRemoved(event, rows) {
      const { writer: person } = event.data;
      part(event, rows, 'writer', { place: `co-writer ${person}` });
      tell(event, rows, { kind: 'co-writer-removed', to: [`person ${person}`] });
    },
    ArticleAssigned(event, rows) {
      const { id: person } = event.data.to;
      assignee(event, rows, person);
      tell(event, rows, { kind: 'assigned', to: [`person ${person}`] });
    },
    ArticleUnassigned(event, rows) {
      assignee(event, rows, '');
    },
    DeadlineSet(event, rows) {
      const { deadline, zone } = event.data;
      part(event, rows, 'deadline', { person: event.data.by.id });
      tell(event, rows, { kind: 'deadline-set', to: desk, about: { deadline, zone } });
    },
    DeadlineCleared: telling('deadline-cleared', desk),
    DeadlineMissed(event, rows) {
      const { deadline } = event.data;
      tell(event, rows, { kind: 'deadline-missed', to: [...desk, 'part deadline'], about: { deadline } });
    },
    TaskOpened(event, rows) {
      const { taskId, task, version } = event.data;
      tell(event, rows, { kind: 'task-opened', to: [...desk, approver], about: { taskId, task, version } });
    },
    ArticleReturned(event, rows) {
      part(event, rows, 'editor', {});
      tell(event, rows, { kind: 'returned', to: desk, said: event.data.note });
    },
    ArticleApproved(event, rows) {
      part(event, rows, 'editor', {});
      part(event, rows, 'approver', { person: event.data.by.id });
      tell(event, rows, { kind: 'approved', to: desk, about: { version: event.data.version } });
    },
    ApprovedAlone: telling('second-look-owed', desk, reason),
    Countersigned: telling('countersigned', [approver]),
    SecondLookOverdue: telling('second-look-overdue', [...desk, 'role chief']),
    NextVersionDiscarded(event, rows) {
      part(event, rows, 'editor', {});
    },
    ArticleSpiked(event, rows) {
      part(event, rows, 'spiker', { person: event.data.by.id });
      tell(event, rows, { kind: 'spiked', to: desk, said: event.data.reason });
    },
    ApprovalWithdrawn(event, rows) {
      const { by, version, reason: said } = event.data;
      part(event, rows, 'spiker', { person: by.id });
      tell(event, rows, { kind: 'approval-withdrawn', to: [...desk, approver], said, about: { version } });
    },
    WithdrawalTooLate: telling('withdrawal-too-late', [...desk, spiker, publisher]),
    ArticleUnspiked: telling('unspiked', desk),
    SpikeTakenBack: telling('spike-taken-back', [...desk, spiker, publisher]),
    ClearanceStopped: telling('clearance-stopped', [approver], ({ why }) => why),
    LeaseTakenOver(event, rows) {
      tell(event, rows, { kind: 'lease-taken-over', to: [`person ${event.data.from.id}`], said: event.data.reason });
    },
    NoteAdded(event, rows) {
      const { noteId, note, mentions, block = null } = event.data;
      part(event, rows, `note ${noteId}`, { person: event.data.by.id });
      const to = mentions.map((person) => `person ${person}` as const);
      tell(event, rows, { kind: 'mentioned', to, said: note, about: { noteId, block } });
    },
    NoteResolved(event, rows) {
      const { noteId } = event.data;
      tell(event, rows, { kind: 'note-resolved', to: [`part note ${noteId}`], about: { noteId } });
    },
    EditSuggested(event, rows) {
      const { suggestionId, proposed, note } = event.data;
      tell(event, rows, { kind: 'edit-suggested', to: desk, said: note, about: { suggestionId, block: proposed.id } });
    },
    SuggestionAccepted(event, rows) {
      const { suggestionId, suggester, version } = event.data;
      const about = { suggestionId, version };
      tell(event, rows, { kind: 'suggestion-accepted', to: [`person ${suggester.id}`], about });
    },
    SuggestionRejected(event, rows) {
      const { suggestionId, suggester, reason: said } = event.data;
      tell(event, rows, { kind: 'suggestion-rejected', to: [`person ${suggester.id}`], said, about: { suggestionId } });
    },
    LegalCheckRequested(event, rows) {
      part(event, rows, 'asker', { person: event.data.by.id });
      tell(event, rows, { kind: 'legal-check-asked', to: ['role legal'], said: event.data.reason });
    },
    LegalCheckAnswered(event, rows) {
      const { answer, reason: said, version } = event.data;
      tell(event, rows, { kind: answers[answer], to: [...desk, 'part asker'], said, about: { version } });
    },
    LegalCheckWaived: telling('legal-waived', [...desk, 'role legal'], reason),
    NotForPublicationMarked: telling('not-for-publication', desk, reason),
    NotForPublicationUnmarked: telling('for-publication', desk, reason),
    CorrectionMerged(event, rows) {
      const { conflicts, fieldConflicts = [], correctionId } = event.data;
      if (conflicts.length + fieldConflicts.length === 0) return;
      tell(event, rows, { kind: 'correction-conflict', to: desk, about: { correctionId } });
    },
    PublicationRecorded(event, rows) {
      const { correctionId, by } = event.data;
      if (['ArticlePublished', 'ArticleCorrected', 'ArticleUpdated', 'ArticleRepeated'].includes(event.data.event))
        part(event, rows, 'publisher', { person: by.id });
      if (event.data.event === 'CorrectionStopped' && correctionId !== undefined)
        tell(event, rows, {
          kind: 'correction-stopped',
          to: [writer, approverOf(correctionId)],
          about: { correctionId },
        });
      outsideTold(event, rows);
    },
  }),
};
