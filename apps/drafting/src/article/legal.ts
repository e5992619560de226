import type { ArticleEvent, Person } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Gate } from './approval.ts';
import { person } from './editing.ts';
import { currentOf, versionOf } from './line.ts';
import { byId, merge } from './merging.ts';
import { resolved } from './notes.ts';
import { isLive } from './reactions.ts';
import { type Article, event, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
export type Answer = 'pass' | 'changes-wanted' | 'refuse';
interface Reason {
  readonly reason: string;
}
export type LegalCommand =
  | Ask<'request-legal-check', Reason>
  | Ask<'answer-legal-check', { version: number; answer: Answer; reason?: string | undefined }>
  | Ask<'waive-legal-check', Reason & { version: number }>
  | Ask<'mark-not-for-publication', Reason>
  | Ask<'unmark-not-for-publication', Reason>;
type LegalEvent = Extract<
  ArticleEvent,
  {
    type:
      | 'LegalCheckRequested'
      | 'LegalCheckAnswered'
      | 'LegalCheckWaived'
      | 'NotForPublicationMarked'
      | 'NotForPublicationUnmarked';
  }
>;

/** What the check still has to see: all of it, or what reads otherwise than in the version that was passed or waived. */
export function legalGates({ legal, line }: Article): Gate[] {
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
export const publicationGates = ({ notForPublication }: Article): Gate[] =>
  notForPublication ? [{ gate: 'not-for-publication' }] : [];

const isPending = (state: Article) => state.legal?.status !== 'refused' && legalGates(state).length > 0;
const noCheck = (state: Article) =>
  isPending(state) ? undefined : new Rejection('no-legal-check', 'No legal check of it is open.');

/** Publication stops what was approved, unless it is known that readers have that very version. */
function stops(state: Article, by: Person, why: string) {
  const { approved, publication } = state;
  const isOut = isLive(publication.state) && publication.version === approved;
  return approved === 0 || isOut ? [] : [event('ClearanceStopped', state, by, { version: approved, why })];
}

export const legalRules: Rules<Article, LegalCommand, ArticleEvent> = {
  'request-legal-check': {
    from: unspiked,
    by: ['editor'],
    decide: ({ data: { reason }, actor, now: at }, state) => [
      event('LegalCheckRequested', state, actor, { at, reason }),
    ],
  },
  'answer-legal-check': {
    from: unspiked,
    by: ['legal'],
    guard: noCheck,
    decide: ({ data: { version, answer, reason = '' }, actor, now: at, id: noteId }, state) => {
      versionOf(state.line, version);
      if (answer !== 'pass' && reason === '')
        throw new Rejection('reason-required', 'Say what is to change, or why it is refused.');
      const answered = event('LegalCheckAnswered', state, actor, { at, version, answer, reason });
      if (answer === 'refuse') return [answered, ...stops(state, actor, reason)];
      if (answer === 'pass') return [answered];
      const note = { noteId, at, note: reason, blocking: true, mentions: [], legal: true };
      return [answered, event('NoteAdded', state, actor, note)];
    },
  },
  'waive-legal-check': {
    from: unspiked,
    by: ['chief'],
    guard: noCheck,
    decide: ({ data: { version, reason }, actor, now: at }, state) => {
      versionOf(state.line, version);
      return [event('LegalCheckWaived', state, actor, { at, version, reason })];
    },
  },
  'mark-not-for-publication': {
    from: [...unspiked, 'spiked'],
    by: ['editor'],
    decide: ({ data: { reason }, actor, now: at }, state) => {
      if (state.notForPublication) return [];
      return [event('NotForPublicationMarked', state, actor, { at, reason }), ...stops(state, actor, reason)];
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
const answered = { pass: 'passed', 'changes-wanted': 'required', refuse: 'refused' } as const;
export const legalFold: Fold<Article, LegalEvent> = {
  LegalCheckRequested: (state, { by, at, reason: why }) => ({
    ...state,
    legal: { status: 'required', version: 0, by: person(by), at, why },
  }),
  LegalCheckAnswered: (state, { by, at, version, answer, reason: why }) => ({
    ...(answer === 'pass' ? settled(state, by, at) : state),
    legal: { status: answered[answer], version, by: person(by), at, why },
  }),
  LegalCheckWaived: (state, { by, at, version, reason: why }) => ({
    ...settled(state, by, at),
    legal: { status: 'waived', version, by: person(by), at, why },
  }),
  NotForPublicationMarked: (state, { by, at, reason: why }) => ({
    ...state,
    notForPublication: { by: person(by), at, why },
  }),
  NotForPublicationUnmarked: (state) => ({ ...state, notForPublication: undefined }),
};
