import type { ArticleEvent } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { heard } from './heard.ts';
import { publicationLog } from './publication/publication.announcements.ts';

type Stopped = Extract<ArticleEvent, { type: 'ClearanceStopped' }>['data'];

/** What was approved and is not yet out is stopped; of what is out, drafting is told that it came too late, and it is held where that was asked. */
export const onClearanceStopped: Reaction = {
  name: 'on-clearance-stopped',
  topic: 'drafting',
  // Whatever is stopped was approved before, on the same topic: publication knows it.
  on: {
    ClearanceStopped: (message: Incoming) => {
      const { version, why, stopId, hold } = message.data as Stopped;
      const data = { ...heard(message), version, why, stopId, hold };
      return [step(publicationLog, data.articleId, { type: 'receive-stop', data })];
    },
  },
};
