import type { Static } from 'typebox';
import Type from 'typebox';
import { Id } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const Named = Type.Object({ name: Type.String() });

/** The part of IPTC ninjs 3.1 that Stet fills in; each item is also valid against the whole standard. */
export const NewsItem = Type.Object({
  uri: Type.String(),
  standard: Type.Object({ name: Type.Literal('ninjs'), version: Type.Literal('3.1'), schema: Type.String() }),
  type: Type.Literal('text'),
  profile: Type.String(),
  version: Type.String({ description: '1..n for each article, one more with every message' }),
  pubStatus: Type.Union([Type.Literal('usable'), Type.Literal('withheld'), Type.Literal('canceled')]),
  firstCreated: Type.String({ format: 'date-time' }),
  versionCreated: Type.String({ format: 'date-time' }),
  language: Type.String(),
  urgency: Type.Integer({ minimum: 1, maximum: 9 }),
  slug: Type.String(),
  edNote: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
  located: Type.Optional(Type.String()),
  headlines: Type.Array(Type.Object({ role: Type.String(), value: Type.String() })),
  bodies: Type.Optional(
    Type.Array(
      Type.Object({ role: Type.String(), contentType: Type.String(), charCount: Type.Integer(), value: Type.String() }),
    ),
  ),
  subjects: Type.Optional(Type.Array(Named)),
});
export type NewsItem = Static<typeof NewsItem>;

const item = { articleId: Id, item: NewsItem };
/** Public: all that an outsider ever learns, and only from the first release on. */
export const feedContracts = [
  contract('ItemReleased', 1, 'The article is out, first or again', item),
  contract('ItemCorrected', 1, 'A corrected text replaces the one before', item),
  contract('ItemWithheld', 1, 'Do not use until further notice', item),
  contract('ItemCanceled', 1, 'Killed: remove every version', item),
] as const;
export type FeedMessage = EventOf<(typeof feedContracts)[number]>;
