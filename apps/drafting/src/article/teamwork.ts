import type { ArticleEvent, Person } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { person } from './editing.ts';
import { type Article, event, unspiked } from './state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
export type TeamworkCommand =
  | Ask<'add-co-writer', { writer: Person }>
  | Ask<'remove-co-writer', { writer: string }>
  | Ask<'assign', { to: Person }>
  | Ask<'unassign'>
  | Ask<'set-deadline', { deadline: string; zone: string }>
  | Ask<'clear-deadline'>;
type TeamworkEvent = Extract<
  ArticleEvent,
  {
    type:
      | 'CoWriterAdded'
      | 'CoWriterRemoved'
      | 'ArticleAssigned'
      | 'ArticleUnassigned'
      | 'DeadlineSet'
      | 'DeadlineCleared'
      | 'DeadlineMissed';
  }
>;

const alive = [...unspiked, 'spiked'] as const;
/** Who writes it, and until when. */
export const teamworkRules: Rules<Article, TeamworkCommand, ArticleEvent> = {
  'add-co-writer': {
    from: alive,
    by: ['editor'],
    decide: ({ data: { writer }, actor }, state) =>
      state.writers.includes(writer.id) ? [] : [event('CoWriterAdded', state, actor, { writer: person(writer) })],
  },
  'remove-co-writer': {
    from: alive,
    by: ['editor'],
    decide: ({ data: { writer }, actor }, state) => {
      if (writer === state.writers[0])
        throw new Rejection('starter-stays', 'Whoever started it stays its writer.', { writer });
      return state.writers.includes(writer) ? [event('CoWriterRemoved', state, actor, { writer })] : [];
    },
  },
  assign: {
    from: alive,
    by: ['editor'],
    decide: ({ data: { to }, actor }, state) =>
      state.assignee?.id === to.id ? [] : [event('ArticleAssigned', state, actor, { to: person(to) })],
  },
  unassign: {
    from: alive,
    by: ['editor'],
    decide: ({ actor }, state) => (state.assignee ? [event('ArticleUnassigned', state, actor, {})] : []),
  },
  'set-deadline': {
    from: alive,
    by: ['editor'],
    decide: ({ data: { deadline, zone }, actor, now }, state) => {
      if (deadline <= now) throw new Rejection('time-is-past', 'That is not in the future.', { deadline, now });
      const isSet = state.deadline?.at === deadline && state.deadline.zone === zone;
      return isSet ? [] : [event('DeadlineSet', state, actor, { deadline, zone })];
    },
  },
  'clear-deadline': {
    from: alive,
    by: ['editor'],
    decide: ({ actor }, state) => (state.deadline ? [event('DeadlineCleared', state, actor, {})] : []),
  },
};

export const teamworkFold: Fold<Article, TeamworkEvent> = {
  CoWriterAdded: (state, { writer }) => ({ ...state, writers: [...state.writers, writer.id] }),
  CoWriterRemoved: (state, { writer }) => ({ ...state, writers: state.writers.filter((id) => id !== writer) }),
  ArticleAssigned: (state, { to }) => ({ ...state, assignee: to }),
  ArticleUnassigned: (state) => ({ ...state, assignee: undefined }),
  DeadlineSet: (state, { deadline: at, zone }) => ({
    ...state,
    deadline: { at, zone, ...(state.approved > 0 ? { since: state.approved } : {}) },
  }),
  DeadlineCleared: (state) => ({ ...state, deadline: undefined }),
  DeadlineMissed: (state) => ({ ...state, deadline: state.deadline && { ...state.deadline, missed: true } }),
};
