import type { ArticleEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { heard } from './heard.ts';
import { publicationLog } from './publication/publication.announcements.ts';

type Approved = Extract<ArticleEvent, { type: 'ArticleApproved' }>['data'];

/** The first approval of an article opens its publication; a later one waits there until somebody takes it. */
export const onArticleApproved: Reaction = {
  name: 'on-article-approved',
  topic: 'drafting',
  // Publication takes every approval in: for a killed story it records that it came too late.
  on: {
    ArticleApproved: (message: Incoming) => {
      const { version, desk, kind, content, knownStops, conditions } = message.data as Approved;
      const data = { ...heard(message), version, desk, kind, content, knownStops, conditions };
      return [step(publicationLog, data.articleId, { type: 'receive-approval', data })];
    },
  },
};
