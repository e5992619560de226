import { contractOf, draftingUpcasters, type TemplateEvent } from '#contracts';
import { template, timersOf } from './template.ts';

/** All templates are in one order, so that they can be listed. */
export const allTemplates = '01900000-0000-8000-8000-00007e4d1a7e';

/** Templates as the log knows them. What leaves is that an article is to be begun. */
export const templateLog = {
  category: 'template',
  decider: template,
  partitionKey: () => allTemplates,
  announce: ({ type }: TemplateEvent) => (type === 'TemplateUsed' ? { internal: 'payload' as const } : {}),
  timers: timersOf,
  versionOf: (type: string) => contractOf(type).version,
  upcasters: draftingUpcasters,
};
