import type { CorrectionEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { heard } from './heard.ts';
import { publicationLog } from './publication/publication.announcements.ts';

type Approved = Extract<CorrectionEvent, { type: 'CorrectionApproved' }>['data'];

/** An approved correction waits until somebody publishes it, or until what it corrects is no longer what went out last. */
export const onCorrectionApproved: Reaction = {
  name: 'on-correction-approved',
  topic: 'drafting',
  // It corrects what was out, so publication knows the article; if it was killed meanwhile, that is recorded.
  on: {
    CorrectionApproved: (message: Incoming) => {
      const { correctionId, base, version, content, ancestor } = message.data as Approved;
      const data = { ...heard(message), correctionId, base, version, content, ancestor };
      return [step(publicationLog, data.articleId, { type: 'receive-correction', data })];
    },
  },
};
