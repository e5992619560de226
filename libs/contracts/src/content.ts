import type { Static } from 'typebox';
import Type from 'typebox';

const strict = { additionalProperties: false } as const;
export const Id = Type.String({ format: 'uuid' });
export const Instant = Type.String({ format: 'date-time', description: 'UTC, microseconds' });

/** Somebody, by name: what stays in the log of who did it. */
export const Person = Type.Object({ id: Type.String(), name: Type.String() }, strict);
export type Person = Static<typeof Person>;

export const Attribution = Type.Object(
  {
    speaker: Type.String({ description: 'who said it, or the description that stands for them in print' }),
    kind: Type.Union([Type.Literal('person'), Type.Literal('statement')]),
    terms: Type.Union([Type.Literal('on-record'), Type.Literal('background'), Type.Literal('anonymous')]),
  },
  strict,
);
export type Attribution = Static<typeof Attribution>;

const Pixels = Type.Optional(Type.Integer({ minimum: 1, description: 'in pixels' }));
/** A picture by where it is, never its bytes: by its address, or as an archive of pictures knows it. */
export const Image = Type.Object(
  {
    href: Type.Optional(Type.String({ format: 'uri', pattern: '^https://', description: 'its address' })),
    asset: Type.Optional(Type.String({ description: 'where it has no address: its id in an archive of pictures' })),
    alt: Type.String({ description: 'what it shows, for whoever cannot see it' }),
    credit: Type.String({ description: 'whom it is from, as it is printed' }),
    rights: Type.String({ description: 'by what licence and on what terms it may be used' }),
    width: Pixels,
    height: Pixels,
  },
  strict,
);
export type Image = Static<typeof Image>;

export const Block = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, description: 'stable: chosen once, kept over all versions' }),
    kind: Type.Union([
      Type.Literal('paragraph'),
      Type.Literal('subheading'),
      Type.Literal('quote'),
      Type.Literal('list'),
      Type.Literal('image'),
    ]),
    html: Type.String({
      description: 'inline HTML: em, strong, a. For a list: one item a line. For an image: its caption',
    }),
    attributions: Type.Array(Attribution),
    image: Type.Optional(Image),
  },
  strict,
);
export type Block = Static<typeof Block>;

/** The text of one version, complete. */
export const Content = Type.Object(
  {
    slugline: Type.String(),
    headline: Type.String(),
    standfirst: Type.String(),
    byline: Type.Array(Type.String()),
    dateline: Type.String(),
    section: Type.String(),
    language: Type.String({ description: 'BCP 47' }),
    urgency: Type.Integer({ minimum: 1, maximum: 9 }),
    keywords: Type.Array(Type.String()),
    blocks: Type.Array(Block),
  },
  strict,
);
export type Content = Static<typeof Content>;

const Words = Type.Array(
  Type.Object(
    {
      kind: Type.Union([Type.Literal('same'), Type.Literal('added'), Type.Literal('removed')]),
      text: Type.String(),
    },
    strict,
  ),
);
/** How a field of the head differs; a list of names or words is compared as they are printed, with commas. */
export const FieldDifference = Type.Object({ field: Type.String(), words: Words }, strict);
export type FieldDifference = Static<typeof FieldDifference>;

const Place = Type.Integer({ minimum: 1 });
/** How one block differs between two versions; of a block that only one of them has, all words are added or removed. */
export const BlockDifference = Type.Object(
  {
    block: Type.String(),
    change: Type.Union([
      Type.Literal('added'),
      Type.Literal('removed'),
      Type.Literal('changed'),
      Type.Literal('moved'),
    ]),
    moved: Type.Optional(
      Type.Object(
        { from: Place, to: Place },
        {
          ...strict,
          description:
            'it stands elsewhere, whether it reads otherwise or not: its places among the blocks of the two texts, from 1',
        },
      ),
    ),
    words: Words,
    image: Type.Optional(
      Type.Array(FieldDifference, { description: 'of what is said of an image besides its caption' }),
    ),
  },
  strict,
);
export type BlockDifference = Static<typeof BlockDifference>;

export const Edition = Type.Object(
  { paper: Type.String(), date: Type.String({ format: 'date' }) },
  { ...strict, description: 'where and when it appeared' },
);
export type Edition = Static<typeof Edition>;

/** How an article has to do with another one. */
export const LinkKind = Type.Union([
  Type.Literal('follow-up-of'),
  Type.Literal('translation-of'),
  Type.Literal('duplicate-of'),
  Type.Literal('substitute-for'),
  Type.Literal('related-to'),
]);
export type LinkKind = Static<typeof LinkKind>;

/** The request of drafting that something must not go out, by a name of its own: publication's answer says which one it is of. */
export const stopId = { stopId: Type.Optional(Type.String({ description: 'of the request of drafting for a stop' })) };

export const Conditions = Type.Object(
  {
    embargo: Type.Union([Instant, Type.Null()], { description: 'not before this' }),
    follows: Type.Array(Id, { description: 'not before these articles were out' }),
  },
  { ...strict, description: 'what has to be before it may go out' },
);
export type Conditions = Static<typeof Conditions>;
