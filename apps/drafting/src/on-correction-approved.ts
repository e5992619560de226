import type { CorrectionEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';

type Approved = Extract<CorrectionEvent, { type: 'CorrectionApproved' }>['data'];

/** An approved correction enters the working line of its article. */
export const onCorrectionApproved: Reaction = {
  name: 'on-correction-approved',
  topic: 'drafting',
  on: {
    CorrectionApproved: ({ data }: Incoming) => {
      const { articleId, correctionId, ancestor, content, authors, by } = data as Approved;
      const merge = { type: 'merge-correction' as const, data: { correctionId, ancestor, content, authors, by } };
      // The article was killed meanwhile.
      return [step(articleLog, articleId, merge, ['not-allowed-now'])];
    },
  },
};
