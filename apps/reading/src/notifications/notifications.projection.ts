import type { ArticleEvent } from '#contracts';
import type { Incoming } from '#messaging';
import type { Columns, Projection, Rows } from '#projections';
import { folds } from '../folds.ts';

interface By {
  readonly articleId: string;
  readonly by: { readonly id: string; readonly name: string };
}
type Told<D extends By = By> = Omit<Incoming, 'data'> & { readonly data: D };
/**
 * Whom something is told: a person by their id; whoever has a role; or a part in the article, which its events say who had: whoever has
 * it at that point of the log, the event itself not counted.
 */
type Recipient = `person ${string}` | `role ${string}` | `part ${string}`;

interface Message {
  readonly kind: string;
  readonly to: readonly Recipient[];
  /** Words that were said with it. */
  readonly said?: string;
  readonly about?: Columns;
}
const tell = ({ data, position, partition, time }: Told, rows: Rows, { kind, to, said = '', about = {} }: Message) => {
  const { articleId, by } = data;
  for (const recipient of to)
    rows.set(
      'notification',
      { article_id: articleId, position: String(position), recipient },
      { ...{ shard: partition, kind, by_id: by.id, by_name: by.name, happened_at: time }, said, about },
    );
};
/** From here on somebody has this part in the article; nobody, where no person is named. */
const part = ({ data, position }: Told, rows: Rows, name: string, person: string) => {
  rows.set(
    'article_part',
    { article_id: data.articleId, part: name, position: String(position) },
    { person_id: person },
  );
};

const [writer, editor, approver, spiker] = ['part writer', 'part editor', 'part approver', 'part spiker'] as const;
const desk = [writer, editor];
/** Tells the same people of every event of a type. */
const telling =
  <D extends By>(kind: string, to: readonly Recipient[], said: (data: D) => string) =>
  (event: Told<D>, rows: Rows) => {
    tell(event, rows, { kind, to, said: said(event.data) });
  };
const nothing = () => '';
const reason = (data: { readonly reason: string } & By) => data.reason;

const answers = { pass: 'legal-passed', 'changes-wanted': 'legal-changes-wanted', refuse: 'legal-refused' } as const;
/** What publication did, as drafting has recorded it: in one order with what led to it. */
const outside: Readonly<Record<string, Pick<Message, 'kind' | 'to'>>> = {
  ArticlePublished: { kind: 'published', to: [writer, approver] },
  ArticleCorrected: { kind: 'corrected', to: [writer, approver] },
  ArticleUnpublished: { kind: 'unpublished', to: [writer, approver] },
  PublicationStopped: { kind: 'publication-stopped', to: [writer, approver] },
  StopTooLate: { kind: 'stop-too-late', to: [spiker, approver] },
  KillAsked: { kind: 'kill-asked', to: [writer, approver] },
  KillDeclined: { kind: 'kill-declined', to: [writer, approver] },
  ArticleKilled: { kind: 'killed', to: [writer, approver] },
  ApprovalIgnored: { kind: 'approval-ignored', to: [approver] },
};
export const kinds = [
  ...['mentioned', 'note-resolved', 'edit-suggested', 'suggestion-accepted', 'suggestion-rejected'],
  ...['legal-check-asked', ...Object.values(answers), 'legal-waived', 'not-for-publication', 'for-publication'],
  ...['lease-taken-over', 'claimed', 'returned', 'approved', 'spiked', 'unspiked', 'spike-taken-back'],
  ...['second-look-owed', 'countersigned', 'second-look-overdue'],
  ...['clearance-stopped', 'correction-conflict', ...Object.values(outside).map(({ kind }) => kind)],
];

/** What somebody has to know of, one row for each and each event. It reads drafting alone, which hears of the rest. */
export const notifications: Projection = {
  name: 'notifications',
  version: 1,
  topics: ['drafting'],
  tables: { notification: ['article_id', 'position', 'recipient'], article_part: ['article_id', 'part', 'position'] },
  ddl: `
    create table notification (
      article_id uuid,
      position bigint,
      recipient text,
      shard int not null,
      kind text not null,
      by_id text not null,
      by_name text not null,
      happened_at timestamptz not null,
      said text not null,
      about jsonb not null,
      primary key (article_id, position, recipient)
    );
    create index on notification (recipient, happened_at, article_id, position);
    create index on notification (shard, position);
    -- who had which part in it, from which position on; empty: nobody
    create table article_part (
      article_id uuid,
      part text,
      position bigint,
      person_id text not null,
      primary key (article_id, part, position)
    );
    create index on article_part (person_id, article_id);`,
  on: folds<ArticleEvent>({
    ArticleStarted(event, rows) {
      part(event, rows, 'writer', event.data.by.id);
    },
    ArticleClaimed(event, rows) {
      part(event, rows, 'editor', event.data.by.id);
      tell(event, rows, { kind: 'claimed', to: desk, said: event.data.reason });
    },
    ArticleReturned(event, rows) {
      part(event, rows, 'editor', '');
      tell(event, rows, { kind: 'returned', to: desk, said: event.data.note });
    },
    ArticleApproved(event, rows) {
      part(event, rows, 'editor', '');
      part(event, rows, 'approver', event.data.by.id);
      tell(event, rows, { kind: 'approved', to: desk, about: { version: event.data.version } });
    },
    ApprovedAlone: telling('second-look-owed', desk, reason),
    Countersigned: telling('countersigned', [approver], nothing),
    SecondLookOverdue: telling('second-look-overdue', [...desk, 'role chief'], nothing),
    NextVersionDiscarded(event, rows) {
      part(event, rows, 'editor', '');
    },
    ArticleSpiked(event, rows) {
      part(event, rows, 'spiker', event.data.by.id);
      tell(event, rows, { kind: 'spiked', to: desk, said: event.data.reason });
    },
    ArticleUnspiked: telling('unspiked', desk, nothing),
    SpikeTakenBack: telling('spike-taken-back', [...desk, spiker], nothing),
    ClearanceStopped: telling('clearance-stopped', [approver], ({ why }: { readonly why: string } & By) => why),
    LeaseTakenOver(event, rows) {
      tell(event, rows, { kind: 'lease-taken-over', to: [`person ${event.data.from.id}`], said: event.data.reason });
    },
    NoteAdded(event, rows) {
      const { noteId, note, mentions, block = null } = event.data;
      part(event, rows, `note ${noteId}`, event.data.by.id);
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
      part(event, rows, 'asker', event.data.by.id);
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
      const told = outside[event.data.event];
      if (told) tell(event, rows, { ...told, about: { version: event.data.version } });
    },
  }),
};
