import { draftingContracts } from './drafting.ts';
import { feedContracts } from './feed.ts';
import { moderationContracts, wordingContracts } from './moderation.ts';
import { publicationContracts } from './publication.ts';
import type { Contract } from './registry.ts';

export * from './content.ts';
export * from './drafting.ts';
export { blockDifferences, fieldDifferences } from './difference.ts';
export * from './feed.ts';
export { cleanHtml, plainText } from './markup.ts';
export * from './moderation.ts';
export * from './position.ts';
export * from './publication.ts';
export type { Contract, EventOf } from './registry.ts';

/** Every message of the published language, by the topic it travels on. */
export const contractsByTopic: Readonly<Record<string, readonly Contract[]>> = {
  drafting: draftingContracts,
  publication: publicationContracts,
  moderation: moderationContracts,
  feed: feedContracts,
};

const byType = new Map(
  // Those of wordings travel on no topic.
  [...Object.values(contractsByTopic).flat(), ...wordingContracts].map((found) => [found.type, found]),
);

/** The contract of an event or message type, also of those that never leave their service; an unknown type is a mistake of the program and throws. */
export function contractOf(type: string): Contract {
  const found = byType.get(type);
  if (!found) throw new Error(`No contract describes ${type}.`);
  return found;
}
