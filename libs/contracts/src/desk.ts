import Type, { type Static } from 'typebox';
import { Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const strict = { additionalProperties: false } as const;
const desk = { desk: Type.String(), by: Person };

/** What a text is measured by: characters of a line or of each paragraph, names of the byline, keywords, paragraphs, words. */
export const measures = [
  ...(['slugline', 'headline', 'standfirst', 'dateline', 'section'] as const),
  ...(['byline', 'keywords', 'paragraphs', 'paragraph', 'words'] as const),
] as const;
const bound = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));
export const Requirement = Type.Object(
  {
    of: Type.Enum(measures, {
      description: 'characters of a line or of each paragraph; names, keywords, paragraphs or words of the text',
    }),
    min: bound('1: it must not be missing'),
    max: bound('at most'),
    warning: Type.Optional(Type.Boolean({ description: 'it may be passed over by whoever approves' })),
  },
  strict,
);
export type Requirement = Static<typeof Requirement>;

/** What desks have settled for their articles. Nothing of it leaves drafting: what it did to an article, events of that article tell. */
export const deskContracts = [
  contract('DeskRequirementsSet', 1, 'A chief said what texts of this kind need on this desk', {
    ...desk,
    kind: Type.String(),
    requirements: Type.Array(Requirement),
  }),
] as const;
export type DeskEvent = EventOf<(typeof deskContracts)[number]>;
