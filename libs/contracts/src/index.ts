import { deskContracts } from './desk.ts';
import { draftingContracts, draftingUpcasters } from './drafting.ts';
import { feedContracts } from './feed.ts';
import { commentUpcasters, moderationContracts, threadUpcasters, wordingContracts } from './moderation.ts';
import { templateContracts } from './planning.ts';
import { publicationContracts, publicationUpcasters } from './publication.ts';
import type { Contract } from './registry.ts';
import { sourceContracts, sourceUpcasters, sourcingContracts } from './source.ts';
import { styleContracts } from './style.ts';

export * from './content.ts';
export type { CorrectionEvent } from './correction.ts';
export * from './desk.ts';
export * from './drafting.ts';
export { Edit, edited, editBetween, editedInTurn } from './edit.ts';
export { blockDifferences, fieldDifferences, splicesBetween } from './difference.ts';
export * from './feed.ts';
export { cleanBlock, cleanHtml, plainText, webAddress } from './markup.ts';
export * from './moderation.ts';
export * from './planning.ts';
export * from './position.ts';
export * from './publication.ts';
export type { Contract, EventOf } from './registry.ts';
export * from './source.ts';
export * from './style.ts';

/** Every message of the published language, by the topic it travels on. */
export const contractsByTopic: Readonly<Record<string, readonly Contract[]>> = {
  drafting: draftingContracts,
  publication: publicationContracts,
  moderation: moderationContracts,
  feed: feedContracts,
};

const byType = new Map(
  // Those of wordings, of sources, of desks and of house style travel on no topic.
  [
    ...Object.values(contractsByTopic).flat(),
    ...[
      ...wordingContracts,
      ...sourceContracts,
      ...sourcingContracts,
      ...deskContracts,
      ...styleContracts,
      ...templateContracts,
    ],
  ].map((found) => [found.type, found]),
);

/** The contract of an event or message type, also of those that never leave their service; an unknown type is a mistake of the program and throws. */
export function contractOf(type: string): Contract {
  const found = byType.get(type);
  if (!found) throw new Error(`No contract describes ${type}.`);
  return found;
}

/** Where a message of this version has fields that are sealed; nowhere if nothing is known of its type here. */
export const sealedFields = ({ type, version }: { readonly type: string; readonly version: number }) =>
  (byType.get(type)?.personal ?? []).filter(({ since }) => version >= since).map(({ path }) => path);

type Lifts = Readonly<Record<string, Readonly<Record<number, (data: unknown) => unknown>>>>;
const lifts: Lifts = {
  ...draftingUpcasters,
  ...publicationUpcasters,
  ...commentUpcasters,
  ...threadUpcasters,
  ...sourceUpcasters,
};

/** A message as the newest version of its contract has it, whatever version it was sent in. */
export function lifted<M extends { readonly type: string; readonly version: number; readonly data: unknown }>(
  message: M,
): M {
  const lift = lifts[message.type]?.[message.version];
  return lift ? lifted({ ...message, version: message.version + 1, data: lift(message.data) }) : message;
}
