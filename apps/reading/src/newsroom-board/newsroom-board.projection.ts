import type { ApprovalStep, ArticleEvent, Content, CorrectionEvent, Edit, PublicationEvent } from '#contracts';
import type { Columns, Projection, Rows } from '#projections';
import { folds } from '../folds.ts';
import { boardTables } from './board.tables.ts';

interface Told {
  readonly data: { readonly articleId: string };
  readonly time: string;
}
const put = (rows: Rows, { articleId }: Told['data'], columns: Columns) => {
  rows.set('newsroom_board', { article_id: articleId }, columns);
};
/** The working line. */
const drafting =
  <E extends Told>(columns: (data: E['data']) => Columns) =>
  (event: E, rows: Rows) => {
    put(rows, event.data, { ...columns(event.data), drafted_at: event.time });
  };
/** What is out, or may go out. */
const publication =
  <E extends Told>(columns: (data: E['data']) => Columns) =>
  (event: E, rows: Rows) => {
    put(rows, event.data, { ...columns(event.data), publication_at: event.time });
  };

/** A correction, while it is worked on. */
const correction =
  <E extends Told & { readonly data: { readonly correctionId: string } }>(columns: (data: E['data']) => Columns) =>
  (event: E, rows: Rows) => {
    const { articleId: article_id, correctionId: correction_id } = event.data;
    rows.set('newsroom_correction', { article_id, correction_id }, columns(event.data));
  };

const oneLess = ({ data: { articleId: article_id } }: Told, rows: Rows) => {
  rows.add('newsroom_board', { article_id }, { corrections_waiting: -1 });
};

const shown = ['slugline', 'headline', 'section', 'urgency'] as const;
interface Text {
  readonly version: number;
  readonly content?: Content;
  readonly edit?: Edit;
}
const text = ({ version, content, edit }: Text): Columns => {
  const fields = content ?? edit?.fields ?? {};
  return { version, ...Object.fromEntries(shown.flatMap((name) => (name in fields ? [[name, fields[name]]] : []))) };
};
const steps = {
  /** Once all are settled, an editor approves. */
  awaits: ({ awaits }: { awaits: ApprovalStep | null }) => ({ next_step: awaits ?? { step: '', by: 'editor' } }),
  rejected: ({ step }: { step: string }) => ({ next_step: { step, by: 'editor', rejected: true } }),
};
const nobody = { editor_id: null, editor_name: null };
const approved = (version: number): Columns => ({
  ...{ state: 'approved', approved_version: version, next_step: null, ...nobody },
});
const cleared = ({ version }: { readonly version: number }): Columns => ({
  publication_state: 'cleared',
  pinned_version: version,
});
const answers = { pass: 'passed', 'changes-wanted': 'changes-wanted', refuse: 'refused' } as const;
const checked = (legal: string, version: number | null): Columns => ({
  ...{ legal, legal_version: version, legal_pending: null },
});
/** Of an article's text, and of a correction's. */
const check = {
  requested: () => checked('required', null),
  answered: ({ answer, version }: { answer: keyof typeof answers; version: number }) =>
    checked(answers[answer], version),
  waived: ({ version }: { version: number }) => checked('waived', version),
  pendingChanged: ({ pending }: { pending: readonly string[] }) => ({ legal_pending: pending.length > 0 }),
};
const unscheduled = { scheduled_at: null, scheduled_zone: null, overdue: false };
const out = ({ version }: { readonly version: number }): Columns => ({
  publication_state: 'published',
  out_version: version,
});
/** What waits until somebody decides: a version that is scheduled does not. */
const waiting = ({ waits = null }: { readonly waits?: number | null }): Columns => ({ waiting_version: waits });

/** Every article with its two lives: the working line, and what is out. `spiked` lies over `state`, which keeps what it covers. */
export const newsroomBoard: Projection = {
  name: 'newsroom_board',
  version: 15,
  // It says of the legal check what drafting tells, and has corrections with the steps of their approval; its past is told in rows, and so are co-writers.
  differs: true,
  topics: ['drafting', 'publication'],
  tables: {
    newsroom_board: ['article_id'],
    newsroom_correction: ['article_id', 'correction_id'],
    co_writer: ['article_id', 'person_id'],
  },
  ddl: boardTables,
  on: folds<ArticleEvent | CorrectionEvent | PublicationEvent>({
    ArticleStarted: drafting(({ desk, kind, by, ...rest }) => ({
      ...{ desk, kind, state: 'draft', writer_id: by.id, writer_name: by.name },
      ...text(rest),
    })),
    ArticleRevised: drafting(text),
    ArticleSubmitted: drafting(() => ({ state: 'submitted' })),
    ArticleRecalled: drafting(() => ({ state: 'draft' })),
    ArticleClaimed: drafting(({ by }) => ({ state: 'editing', editor_id: by.id, editor_name: by.name })),
    ApprovalStepsTaken: drafting(({ steps: [first = null], awaits }) => ({
      first_step: first,
      ...steps.awaits({ awaits }),
    })),
    ApprovalStepPassed: drafting(steps.awaits),
    ApprovalStepSkipped: drafting(steps.awaits),
    ApprovalStepsReopened: drafting(steps.awaits),
    ApprovalRejected: drafting(steps.rejected),
    ApprovalResumed: drafting(steps.awaits),
    ArticleMoved: drafting(({ from, to: { desk, stage }, state }) => ({
      ...{ desk, stage, state },
      ...(from.desk === desk ? {} : nobody),
    })),
    ArticleReturned: drafting(() => ({ state: 'returned', ...nobody })),
    ArticleApproved: drafting(({ version }) => approved(version)),
    ApprovedAlone: drafting(() => ({ second_look: 'owed' })),
    Countersigned: drafting(() => ({ second_look: null })),
    SecondLookOverdue: drafting(() => ({ second_look: 'overdue' })),
    ArticleAssigned: drafting(({ to }) => ({ assignee_id: to.id, assignee_name: to.name })),
    ArticleUnassigned: drafting(() => ({ assignee_id: null, assignee_name: null })),
    CoWriterAdded({ data: { articleId: article_id, writer } }, rows) {
      rows.set('co_writer', { article_id, person_id: writer.id }, { writes: true });
    },
    CoWriterRemoved({ data: { articleId: article_id, writer } }, rows) {
      rows.set('co_writer', { article_id, person_id: writer }, { writes: false });
    },
    DeadlineSet: drafting(({ deadline, zone }) => ({ deadline, deadline_zone: zone })),
    DeadlineCleared: drafting(() => ({ deadline: null, deadline_zone: null })),
    ApprovalWithdrawn: drafting(({ approved: version }) => ({ state: 'editing', approved_version: version || null })),
    WithdrawalTooLate: drafting(({ version, state }) =>
      state === 'approved' ? approved(version) : { state, approved_version: version },
    ),
    NextVersionOpened: drafting(() => ({ state: 'editing' })),
    NextVersionDiscarded: drafting((data) => ({ ...text(data), ...approved(data.version) })),
    ArticleSpiked: drafting(() => ({ spiked: true })),
    ArticleUnspiked: drafting(({ state = 'editing' }) => ({ spiked: false, state })),
    SpikeTakenBack: drafting(() => ({ spiked: false })),
    TaskOpened({ data }, rows) {
      rows.add('newsroom_board', { article_id: data.articleId }, { open_tasks: 1 });
    },
    TaskSettled({ data }, rows) {
      rows.add('newsroom_board', { article_id: data.articleId }, { open_tasks: -1 });
    },
    LegalCheckRequested: drafting(check.requested),
    LegalCheckAnswered: drafting(check.answered),
    LegalCheckWaived: drafting(check.waived),
    LegalCheckPendingChanged: drafting(check.pendingChanged),
    NotForPublicationMarked: drafting(() => ({ not_for_publication: true })),
    NotForPublicationUnmarked: drafting(() => ({ not_for_publication: false })),
    PublicationRecorded(event, rows) {
      const { articleId, state } = event.data;
      if (state === 'killed') put(rows, { articleId }, { state, spiked: false, ...nobody, drafted_at: event.time });
    },
    CorrectionMerged: drafting(({ state, ...data }) => ({
      ...text(data),
      ...(state === 'approved' ? approved(data.version) : state === undefined ? {} : { state }),
    })),
    CorrectionOpened: correction(() => ({ state: 'open', version: 1 })),
    CorrectionRevised: correction(({ version }) => ({ version })),
    CorrectionApprovalStepsTaken: correction(steps.awaits),
    CorrectionApprovalStepPassed: correction(steps.awaits),
    CorrectionApprovalStepSkipped: correction(steps.awaits),
    CorrectionApprovalStepsReopened: correction(steps.awaits),
    CorrectionApprovalRejected: correction(steps.rejected),
    CorrectionApprovalResumed: correction(steps.awaits),
    CorrectionApproved: correction(() => ({ state: 'approved' })),
    CorrectionDiscarded: correction(() => ({ state: 'discarded' })),
    CorrectionLegalCheckRequested: correction(check.requested),
    CorrectionLegalCheckAnswered: correction(check.answered),
    CorrectionLegalCheckWaived: correction(check.waived),
    CorrectionLegalCheckPendingChanged: correction(check.pendingChanged),
    PublicationOpened: publication(cleared),
    ClearanceRenewed: publication((data) => ({ ...cleared(data), waiting_version: null })),
    VersionWaiting: publication(({ version }) => ({ waiting_version: version })),
    VersionTaken: publication(({ version }) => ({ pinned_version: version, waiting_version: null })),
    VersionStopped: publication(() => ({ waiting_version: null })),
    CorrectionReady({ data }, rows) {
      rows.add('newsroom_board', { article_id: data.articleId }, { corrections_waiting: 1 });
    },
    CorrectionOutdated: oneLess,
    CorrectionStopped: oneLess,
    ArticlePublished: publication((data) => ({ ...out(data), ...unscheduled })),
    ArticleCorrected(event, rows) {
      const { correctionId, articleId } = event.data;
      publication<typeof event>((data) => ({
        ...out(data),
        // What is scheduled to follow it still does.
        ...(correctionId === undefined ? { ...unscheduled, waiting_version: null } : {}),
      }))(event, rows);
      if (correctionId !== undefined)
        rows.add('newsroom_board', { article_id: articleId }, { corrections_waiting: -1 });
    },
    ArticleUpdated: publication((data) => ({ ...out(data), ...unscheduled, ...waiting(data) })),
    ArticleRepeated: publication(() => ({ publication_state: 'published' })),
    ArticleHeld: publication(({ state }) => ({ publication_state: state })),
    HoldReleased: publication(() => ({ publication_state: 'published' })),
    ArticleUnpublished: publication(() => ({ publication_state: 'unpublished' })),
    PublicationStopped: publication(() => ({ publication_state: 'stopped', ...unscheduled })),
    PublicationScheduled: publication(({ due, zone }) => ({
      ...{ publication_state: 'scheduled', scheduled_at: due, scheduled_zone: zone, overdue: false },
    })),
    PublicationDescheduled: publication(() => ({ publication_state: 'cleared', ...unscheduled })),
    ScheduleCameDue: publication(({ outcome, drift }) => ({
      ...{ publication_state: 'cleared', overdue: outcome === 'overdue', schedule_drift: drift },
    })),
    UpdateScheduled: publication(({ due, zone, ...data }) => ({
      ...{ scheduled_at: due, scheduled_zone: zone, overdue: false, ...waiting(data) },
    })),
    UpdateDescheduled: publication((data) => ({ ...unscheduled, ...waiting(data) })),
    UpdateCameDue: publication(({ outcome, drift, ...data }) => ({
      ...{ overdue: outcome === 'overdue', schedule_drift: drift, ...waiting(data) },
    })),
    KillAsked: publication(() => ({ publication_state: 'kill-asked' })),
    KillDeclined: publication(({ state }) => ({ publication_state: state })),
    ArticleKilled: publication(() => ({ publication_state: 'killed', waiting_version: null })),
  }),
};
