import type { ArticleEvent } from '#contracts';
import { type Command, millisOf, Rejection, type Rules } from '#decider';
import { secondLookTimers, type SecondLookDue, secondLookRules } from './lone.ts';
import { type Article, event, unfinished, unspiked } from './state.ts';

type DeadlineDue = Command & { type: 'deadline-due'; data: { deadline: string } };
/** What an article asks of itself once a time has come. */
export type TimerCommand = SecondLookDue | DeadlineDue;

/** Its deadline is neither told as missed, nor met by an approval since it was set. */
const isPending = ({ status, deadline, approved }: Article) =>
  unfinished.some((state) => state === status) && deadline?.missed !== true && approved === (deadline?.since ?? 0);

const deadlineRules: Rules<Article, DeadlineDue, ArticleEvent> = {
  'deadline-due': {
    from: [...unspiked, 'spiked', 'killed'],
    by: ['timer'],
    decide: ({ data: { deadline }, actor }, state) => {
      if (!isPending(state) || state.deadline?.at !== deadline)
        throw new Rejection('timer-outdated', 'It was met, moved or cleared, or has been told.');
      return [event('DeadlineMissed', state, actor, { deadline })];
    },
  },
};
export const timerRules = { ...secondLookRules, ...deadlineRules };

function deadlineTimers(state: Article) {
  if (!state.deadline || !isPending(state)) return [];
  const { at } = state.deadline;
  // Nobody can set a deadline that is over, so that none is its own epoch twice.
  return [{ name: 'deadline', epoch: millisOf(at), at, command: { type: 'deadline-due', data: { deadline: at } } }];
}
export const timersOf = (state: Article) => [...secondLookTimers(state), ...deadlineTimers(state)];
