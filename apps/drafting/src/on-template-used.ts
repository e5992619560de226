import type { EventOf, templateUsed } from '#contracts';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';
import { beginningFrom } from './template/template.ts';

type Used = EventOf<typeof templateUsed>['data'];

/** An article begins whose time had come, or whose starter did not live to begin it. */
export const onTemplateUsed: Reaction = {
  name: 'on-template-used',
  topic: 'drafting',
  on: {
    TemplateUsed: ({ data }: Incoming) => {
      const used = data as Used;
      return [step(articleLog, used.started, beginningFrom(used))];
    },
  },
};
