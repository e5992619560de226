import { contractOf, draftingUpcasters } from '#contracts';
import { desk } from './desk.ts';

/** All desks are in one order, so that they can be listed. */
export const allDesks = 'desks';

/** Desks as the log knows them. Nothing of them leaves the service: what they did to an article, its own events tell. */
export const deskLog = {
  category: 'desk',
  decider: desk,
  partitionKey: () => allDesks,
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
  upcasters: draftingUpcasters,
};
