import type { ArticleEvent, Person } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Gate } from './approval.ts';
import { person } from './editing.ts';
import { currentOf, type Line, versionOf } from './line.ts';
import { byId, merge } from './merging.ts';
import { resolved } from './notes.ts';
import { type Article, event, holding, type IfOut, lastApproved, type LegalCheck, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
export type Answer = 'pass' | 'changes-wanted' | 'refuse';
interface Reason {
  readonly reason: string;
}
/** What is asked where readers have it already. */
interface Stopping {
  readonly ifOut?: IfOut | undefined;
}
export type CheckCommand =
  | Ask<'request-legal-check', Reason>
  | Ask<'answer-legal-check', Stopping & { version: number; answer: Answer; reason?: string | undefined }>
  | Ask<'waive-legal-check', Reason & { version: number }>;
export type LegalCommand =
  CheckCommand | Ask<'mark-not-for-publication', Reason & Stopping> | Ask<'unmark-not-for-publication', Reason>;
type LegalEvent = Extract<
  ArticleEvent,
  {
    type:
      | 'LegalCheckRequested'
      | 'LegalCheckAnswered'
      | 'LegalCheckWaived'
      | 'LegalCheckPendingChanged'
      | 'NotForPublicationMarked'
      | 'NotForPublicationUnmarked';
  }
>;

/** A text that lawyers may be asked about: that of an article, or of a correction. */
export interface Checked {
  readonly status: string;
  readonly line: Line;
  readonly legal?: LegalCheck | undefined;
}
/** What the check still has to see: all of it, or what reads otherwise than in the version that was passed or waived. */
export function legalGates({ legal, line }: Omit<Checked, 'status'>): Gate[] {
  if (!legal) return [];
  if (legal.status === 'refused') return [{ gate: 'legal-refused' }];
  if (legal.status === 'required') return [{ gate: 'legal-check' }];
  const [then, now] = [versionOf(line, legal.version).content, currentOf(line).content];
  const [before, after] = [byId(then), byId(now)];
  return merge(then, then, now).changed.map((name) => {
    const isBlock = before.has(name) || after.has(name);
    return { gate: 'legal-check', ...(isBlock ? { block: name } : { field: name }) };
  });
}
/** What lawyers have passed, or a chief has waived, and have to see again. */
function seeAgain({ legal, line }: Checked): string[] {
  if (legal?.status !== 'passed' && legal?.status !== 'waived') return [];
  return legalGates({ legal, line }).flatMap(({ block, field }) => block ?? field ?? []);
}
/** Told where something has changed it, so that whoever shows it need not compare texts. An answer starts from nothing. */
export function pendingChanged(before: Checked, after: Checked) {
  if (before.legal === after.legal && before.line.text === after.line.text) return undefined;
  const was = before.legal === after.legal ? seeAgain(before) : [];
  const pending = seeAgain(after);
  if (was.length === pending.length && was.every((name) => pending.includes(name))) return undefined;
  return { version: after.line.at, pending };
}
export const publicationGates = ({ notForPublication }: Article): Gate[] =>
  notForPublication ? [{ gate: 'not-for-publication' }] : [];

const isPending = (state: Checked) => state.legal?.status !== 'refused' && legalGates(state).length > 0;
const noCheck = (state: Checked) =>
  isPending(state) ? undefined : new Rejection('no-legal-check', 'No legal check of it is open.');

/**
 * Publication stops what was approved and is not out, corrections included, and answers whether it came in time. It is asked of what is
 * known to be out as well: a correction of it may wait there, and it may be asked to be held. So it may where an approval was withdrawn, and
 * nobody knows yet whether that was in time.
 */
function stops(state: Article, by: Person, { why, ifOut }: Stopping & { readonly why: string }) {
  const version = lastApproved(state);
  return version === 0 ? [] : [event('ClearanceStopped', state, by, { version, why, ...holding(ifOut, 'article') })];
}

type Told<T> = Omit<Extract<ArticleEvent, { type: T }>['data'], 'articleId' | 'by'>;
/** How a text tells of its check, in its own events. */
export interface CheckEvents<S, E> {
  requested(state: S, by: Actor, told: Told<'LegalCheckRequested'>): readonly E[];
  /** With what follows of the answer; `id` names a note. */
  answered(state: S, by: Actor, told: Told<'LegalCheckAnswered'>, more: Stopping & { id: string }): readonly E[];
  waived(state: S, by: Actor, told: Told<'LegalCheckWaived'>): readonly E[];
}
export const checkRules = <S extends Checked, E>(
  from: readonly S['status'][],
  tell: CheckEvents<S, E>,
): Rules<S, CheckCommand, E> => ({
  'request-legal-check': {
    from,
    by: ['editor'],
    decide: ({ data: { reason }, actor, now: at }, state) => tell.requested(state, actor, { at, reason }),
  },
  'answer-legal-check': {
    from,
    by: ['legal'],
    guard: noCheck,
    decide: ({ data: { version, answer, reason = '', ifOut }, actor, now: at, id }, state) => {
      versionOf(state.line, version);
      if (answer !== 'pass' && reason === '')
        throw new Rejection('reason-required', 'Say what is to change, or why it is refused.');
      return tell.answered(state, actor, { at, version, answer, reason }, { id, ifOut });
    },
  },
  'waive-legal-check': {
    from,
    by: ['chief'],
    guard: noCheck,
    decide: ({ data: { version, reason }, actor, now: at }, state) => {
      versionOf(state.line, version);
      return tell.waived(state, actor, { at, version, reason });
    },
  },
});

export const legalRules: Rules<Article, LegalCommand, ArticleEvent> = {
  ...checkRules<Article, ArticleEvent>(unspiked, {
    requested: (state, by, told) => [event('LegalCheckRequested', state, by, told)],
    answered(state, by, told, { id: noteId, ifOut }) {
      const { at, answer, reason } = told;
      const answered = event('LegalCheckAnswered', state, by, told);
      if (answer === 'refuse') return [answered, ...stops(state, by, { why: reason, ifOut })];
      if (answer === 'pass') return [answered];
      const note = { noteId, at, note: reason, blocking: true, mentions: [], legal: true };
      return [answered, event('NoteAdded', state, by, note)];
    },
    waived: (state, by, told) => [event('LegalCheckWaived', state, by, told)],
  }),
  'mark-not-for-publication': {
    from: [...unspiked, 'spiked'],
    by: ['editor'],
    decide: ({ data: { reason: why, ifOut }, actor, now: at }, state) => {
      // Marked before, it may still be asked to be held.
      if (state.notForPublication) return ifOut === 'hold' ? stops(state, actor, { why, ifOut }) : [];
      const marked = event('NotForPublicationMarked', state, actor, { at, reason: why });
      return [marked, ...stops(state, actor, { why, ifOut })];
    },
  },
  'unmark-not-for-publication': {
    from: [...unspiked, 'spiked'],
    by: ['editor'],
    decide: ({ data: { reason }, actor, now: at }, state) =>
      state.notForPublication ? [event('NotForPublicationUnmarked', state, actor, { at, reason })] : [],
  },
};

/** What the lawyers wanted changed is settled. */
const settled = (state: Article, by: Person, at: string) =>
  resolved(state, { by: person(by), at }, ({ legal = false }) => legal);
const answers = { pass: 'passed', 'changes-wanted': 'required', refuse: 'refused' } as const;
/** The check, once this was told of it. */
export const check = {
  requested: ({ by, at, reason: why }: Told<'LegalCheckRequested'> & { readonly by: Person }): LegalCheck => ({
    ...{ status: 'required', version: 0, by: person(by), at, why },
  }),
  answered: ({ by, at, version, answer, reason: why }: Told<'LegalCheckAnswered'> & { readonly by: Person }) => ({
    ...{ status: answers[answer], version, by: person(by), at, why },
  }),
  waived: ({ by, at, version, reason: why }: Told<'LegalCheckWaived'> & { readonly by: Person }): LegalCheck => ({
    ...{ status: 'waived', version, by: person(by), at, why },
  }),
};
export const legalFold: Fold<Article, LegalEvent> = {
  LegalCheckRequested: (state, told) => ({ ...state, legal: check.requested(told) }),
  LegalCheckAnswered: (state, told) => ({
    ...(told.answer === 'pass' ? settled(state, told.by, told.at) : state),
    legal: check.answered(told),
  }),
  LegalCheckWaived: (state, told) => ({ ...settled(state, told.by, told.at), legal: check.waived(told) }),
  LegalCheckPendingChanged: (state) => state,
  NotForPublicationMarked: (state, { by, at, reason: why }) => ({
    ...state,
    notForPublication: { by: person(by), at, why },
  }),
  NotForPublicationUnmarked: (state) => ({ ...state, notForPublication: undefined }),
};
