import Type from 'typebox';
import { Block, BlockDifference, Edition, FieldDifference, Id, Instant } from '#contracts';
import { page } from '../examples.ts';

const strict = { additionalProperties: false } as const;

export const Correction = Type.Object(
  {
    class: Type.Union([Type.Literal('CORRECTED'), Type.Literal('REFILE')], {
      description: 'REFILE: nothing that it stated was wrong, but it was not as it should be',
    }),
    number: Type.Integer({ minimum: 1, description: 'of its class' }),
    note: Type.String({ description: 'to readers' }),
    at: Instant,
    difference: Type.Array(BlockDifference),
    fields: Type.Array(FieldDifference, { description: 'of the head' }),
  },
  strict,
);

export const PublishedComment = Type.Object(
  { id: Id, author: Type.String(), text: Type.String(), at: Instant },
  strict,
);

/** The page as the site renders it. */
export const ArticlePage = Type.Object(
  {
    id: Id,
    path: Type.String({ description: 'its address for readers, the same for ever' }),
    version: Type.Integer({ minimum: 1, description: 'of the text; a comment names the one its author saw' }),
    headline: Type.String(),
    standfirst: Type.String(),
    byline: Type.Array(Type.String()),
    dateline: Type.String(),
    section: Type.String(),
    language: Type.String(),
    keywords: Type.Array(Type.String()),
    blocks: Type.Array(Block),
    edition: Edition,
    publishedIn: Type.String({ description: 'that edition as a reader sees it' }),
    firstPublishedAt: Instant,
    publishedAt: Instant,
    changedAt: Instant,
    corrections: Type.Array(Correction, { description: 'those that readers are told of, oldest first' }),
    comments: Type.Object(
      {
        count: Type.Integer({ minimum: 0, description: 'of all that are published' }),
        items: Type.Array(PublishedComment, { description: 'in the order in which they were submitted' }),
      },
      strict,
    ),
    houseRule: Type.Array(Type.String()),
  },
  { ...strict, examples: [page] },
);
