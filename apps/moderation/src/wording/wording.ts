import type { WordingEvent } from '#contracts';
import { type Command, decider, type Fold, type Rules } from '#decider';
import { notOpen, type Thread } from '../thread/thread.ts';

/** Some words in a thread, as screening folds them: whoever claims them first said them first, in any process. */
export interface Wording {
  readonly status: 'none' | 'claimed';
  readonly articleId: string;
  /** The comment that claimed them. It may never have come to be, so that a claim is reason to look and no more. */
  readonly first: string;
}
export type ClaimWording = Command & {
  type: 'claim';
  data: { commentId: string; articleId: string };
  given: { thread: Thread };
};

const rules: Rules<Wording, ClaimWording, WordingEvent> = {
  claim: {
    from: ['none', 'claimed'],
    by: ['site'],
    guard: (_state, _actor, { thread }) => notOpen(thread),
    decide: ({ data }, { status }) => (status === 'none' ? [{ type: 'WordingClaimed', data }] : []),
  },
};
const fold: Fold<Wording, WordingEvent> = {
  WordingClaimed: (_state, { commentId: first, articleId }) => ({ status: 'claimed', articleId, first }),
};

export const wording = decider<Wording, ClaimWording, WordingEvent>(
  { status: 'none', articleId: '', first: '' },
  rules,
  fold,
);
