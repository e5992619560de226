import type { Static } from 'typebox';
import Type from 'typebox';
import { Id } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const strict = { additionalProperties: false } as const;

const Picture = Type.Object(
  {
    name: Type.String({ description: 'the block of the text; in the body, the `data-association` of its figure' }),
    uri: Type.String({ format: 'uri', description: 'urn:uuid:<article id>#<block>, the same for ever' }),
    type: Type.Literal('picture'),
    by: Type.Optional(Type.String({ description: 'the credit, as it is to be printed' })),
    usageTerms: Type.Optional(Type.String()),
    descriptions: Type.Array(
      Type.Object(
        {
          role: Type.Union([Type.Literal('caption'), Type.Literal('alt')]),
          contentType: Type.Literal('text/plain'),
          value: Type.String(),
        },
        strict,
      ),
    ),
    renditions: Type.Array(
      Type.Object(
        {
          name: Type.Literal('main'),
          href: Type.Optional(Type.String({ format: 'uri' })),
          width: Type.Optional(Type.Integer()),
          height: Type.Optional(Type.Integer()),
        },
        strict,
      ),
    ),
    altIds: Type.Optional(
      Type.Array(Type.Object({ role: Type.Literal('asset'), value: Type.String() }, strict), {
        description: 'its id in an archive of pictures, where that is how the paper knows it',
      }),
    ),
  },
  strict,
);

/** The part of IPTC ninjs 3.1 that Stet fills in; each item is also valid against the whole standard. */
export const NewsItem = Type.Object(
  {
    uri: Type.String({ format: 'uri', description: 'urn:uuid:<article id>, the same for ever' }),
    standard: Type.Object(
      { name: Type.Literal('ninjs'), version: Type.Literal('3.1'), schema: Type.String({ format: 'uri' }) },
      strict,
    ),
    type: Type.Literal('text'),
    representationType: Type.Union([Type.Literal('full'), Type.Literal('partial')], {
      description: 'partial once it is canceled: nothing of the text is left in it',
    }),
    profile: Type.Union([Type.Literal('text-only'), Type.Literal('text-photo')]),
    version: Type.String({ description: '1..n for each article, one more with every message' }),
    pubStatus: Type.Union([Type.Literal('usable'), Type.Literal('withheld'), Type.Literal('canceled')]),
    firstCreated: Type.String({ format: 'date-time', description: 'when it was first released' }),
    versionCreated: Type.String({ format: 'date-time' }),
    language: Type.String(),
    urgency: Type.Integer({ minimum: 1, maximum: 9 }),
    slugline: Type.String(),
    edNote: Type.Optional(
      Type.String({
        description:
          'CORRECTED (n), REFILE (n), UPDATE (n), REPEAT (n), HELD, UNPUBLISHED or WITHDRAWN, and what to do',
      }),
    ),
    by: Type.Optional(Type.String()),
    located: Type.Optional(Type.String()),
    headlines: Type.Array(Type.Object({ role: Type.Literal('main'), value: Type.String() }, strict)),
    descriptions: Type.Optional(
      Type.Array(
        Type.Object(
          {
            role: Type.Union([Type.Literal('standfirst'), Type.Literal('edition'), Type.Literal('correction')]),
            contentType: Type.Literal('text/plain'),
            value: Type.String(),
          },
          strict,
        ),
        {
          description:
            'the standfirst; the edition that it appeared in; the notes to readers of corrections and refiles, oldest first',
        },
      ),
    ),
    bodies: Type.Optional(
      Type.Array(
        Type.Object(
          {
            role: Type.Literal('main'),
            contentType: Type.Union([Type.Literal('application/xhtml+xml'), Type.Literal('text/plain')]),
            charCount: Type.Integer({ minimum: 0, description: 'of its words, without markup and captions' }),
            value: Type.String(),
          },
          strict,
        ),
      ),
    ),
    associations: Type.Optional(
      Type.Array(Picture, { description: 'the images of the text, in its order; a figure of the body names one' }),
    ),
    subjects: Type.Optional(
      Type.Array(
        Type.Object(
          { name: Type.String(), rel: Type.Union([Type.Literal('section'), Type.Literal('keyword')]) },
          strict,
        ),
      ),
    ),
    infoSources: Type.Array(Type.Object({ name: Type.String(), role: Type.Literal('publisher') }, strict), {
      description: 'the paper that it appeared in',
    }),
    altIds: Type.Array(
      Type.Object(
        {
          role: Type.Union([Type.Literal('path'), Type.Literal('article-version')]),
          value: Type.String(),
        },
        strict,
      ),
      { description: 'its path, and the version of the text, which a comment on it names' },
    ),
  },
  strict,
);
export type NewsItem = Static<typeof NewsItem>;

const item = { articleId: Id, item: NewsItem };
/** Public: all that an outsider ever learns, and only from the first release on. */
export const feedContracts = [
  contract('ItemReleased', 2, 'The article is out, first or again', item),
  contract('ItemCorrected', 2, 'A corrected text replaces the one before', item),
  contract(
    'ItemRefiled',
    1,
    'A text that is to be filed anew in place of the one before; nothing that it stated was wrong',
    item,
  ),
  contract('ItemUpdated', 1, 'A newer text replaces the one before, which had stated nothing wrong', item),
  contract(
    'ItemRepeated',
    1,
    'The text of the message before once more, usable: whoever has that has nothing new to file',
    item,
  ),
  contract('ItemWithheld', 2, 'Do not use until further notice', item),
  contract('ItemCanceled', 2, 'Killed: remove every version', item),
] as const;
export type FeedMessage = EventOf<(typeof feedContracts)[number]>;
