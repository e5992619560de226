import type { CorrectionEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';

type Approved = Extract<CorrectionEvent, { type: 'CorrectionApproved' }>['data'];

/** An approved correction enters the working line of its article. */
export const onCorrectionApproved: Reaction = {
  name: 'on-correction-approved',
  topic: 'drafting',
  // The article was killed meanwhile.
  expected: ['not-allowed-now'],
  on: {
    CorrectionApproved: ({ data }: Incoming) => {
      const { articleId, correctionId, ancestor, content, by } = data as Approved;
      return [step(articleLog, articleId, { type: 'merge-correction', data: { correctionId, ancestor, content, by } })];
    },
  },
};
