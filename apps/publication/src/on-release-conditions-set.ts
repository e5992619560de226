import type { ArticleEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { heard } from './heard.ts';
import { publicationLog } from './publication/publication.announcements.ts';

type Set = Extract<ArticleEvent, { type: 'ReleaseConditionsSet' }>['data'];

/** An embargo or an article to follow that came, or went, after the approval. */
export const onReleaseConditionsSet: Reaction = {
  name: 'on-release-conditions-set',
  topic: 'drafting',
  // It was approved before, on the same topic: publication knows it.
  on: {
    ReleaseConditionsSet: (message: Incoming) => {
      const data = { ...heard(message), conditions: (message.data as Set).conditions };
      return [step(publicationLog, data.articleId, { type: 'receive-conditions', data })];
    },
  },
};
