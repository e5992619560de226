import type { ArticleEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { person } from './editing.ts';
import { type Article, event, unspiked } from './state.ts';

export type TaskCommand = Command & { type: 'settle-task'; data: { readonly taskId: string; readonly how: string } };
type TaskEvent = Extract<ArticleEvent, { type: 'TaskOpened' | 'TaskSettled' }>;

/** Tasks are opened by what happened elsewhere, and settled by people. */
export const taskRules: Rules<Article, TaskCommand, ArticleEvent> = {
  'settle-task': {
    from: [...unspiked, 'spiked'],
    by: ['editor'],
    decide: ({ data: { taskId, how }, actor, now: at }, state) => {
      const task = state.tasks?.find(({ id }) => id === taskId);
      if (!task) throw new Rejection('unknown-task', 'There is no task by that id.');
      return task.settled ? [] : [event('TaskSettled', state, actor, { taskId, at, how })];
    },
  },
};

export const taskFold: Fold<Article, TaskEvent> = {
  TaskOpened: (state, { articleId: _, taskId: id, by, ...task }) => ({
    ...state,
    tasks: [...(state.tasks ?? []), { id, by: person(by), ...task }],
  }),
  TaskSettled: (state, { taskId, by, at, how }) => ({
    ...state,
    tasks: (state.tasks ?? []).map((task) =>
      task.id === taskId ? { ...task, settled: { by: person(by), at, how } } : task,
    ),
  }),
};
