import type { Static } from 'typebox';
import Type from 'typebox';
import { Id, Person } from './content.ts';
import { contract, type EventOf, onlyAdded, Personal } from './registry.ts';

const Revision = Type.Integer({ minimum: 1 });
const comment = { commentId: Id, articleId: Id, by: Person, revision: Revision };

export const rejectionReasons = [
  'off-topic',
  'abusive',
  'personal-attack',
  'hate',
  'libel',
  'sub-judice',
  'identifies-a-person',
  'copyright',
  'commercial',
  'duplicate',
  'language',
  'illegal',
  'other',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];
export const Reason = Type.Enum([...rejectionReasons]);
const Hit = Type.Object(
  {
    rule: Type.String(),
    version: Type.Integer(),
    verdict: Type.Union([Type.Literal('review'), Type.Literal('reject')]),
    from: Type.Integer({ minimum: 0, description: 'start of the span, in UTF-16 units of the text' }),
    to: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export const Screening = Type.Object(
  {
    verdict: Type.Union([Type.Literal('publish'), Type.Literal('review'), Type.Literal('reject')]),
    hits: Type.Array(Hit),
  },
  { additionalProperties: false },
);
export type Screening = Static<typeof Screening>;

const thread = {
  articleId: Id,
  by: Person,
  position: Type.String({ description: "position of publication's event that caused it" }),
};
/** `by` is the person at publication: a thread follows its article, nobody commands it. */
export const threadContracts = [
  contract('ThreadOpened', 1, 'Readers may comment', { ...thread, mode: Type.Literal('pre-moderated') }),
  contract('VersionShown', 1, 'Readers have this version of the article; a comment that names it is believed', {
    ...thread,
    version: Type.Integer({ minimum: 1 }),
  }),
  contract('ThreadFrozen', 2, 'Nothing is taken, decided or shown for now', {
    ...thread,
    why: Type.Union([Type.Literal('held'), Type.Literal('unpublished'), Type.Literal('kill-asked')]),
  }),
  contract('ThreadRestored', 1, 'As it was before the freeze', thread),
  contract('ThreadClosed', 1, 'Closed for ever', { ...thread, why: Type.Literal('killed') }),
] as const;
/** No article was held but for a kill. */
export const threadUpcasters = onlyAdded({ ThreadFrozen: 2 });

/** Which comment said it first; lets a repeat be seen at once, in any process. Stays inside moderation. */
export const wordingContracts = [
  contract('WordingClaimed', 1, 'The first comment of a thread with these words', { commentId: Id, articleId: Id }),
] as const;

export const commentContracts = [
  contract('CommentSubmitted', 2, '`by` this reader, under a pseudonym, whoever brought it', {
    ...comment,
    reader: Type.Object(
      {
        name: Personal(2, 'as the page shows it'),
        email: Type.Optional(Personal(2, 'as the site knows it')),
        ip: Type.Optional(Personal(2, 'where it came from')),
      },
      { additionalProperties: false },
    ),
    text: Personal(2, 'the words'),
    articleVersion: Type.Integer({ minimum: 1, description: 'the version that its author saw' }),
    screening: Screening,
  }),
  contract('CommentApproved', 1, 'A moderator let it stand', comment),
  contract('CommentRejected', 1, 'Refused, by the house rule named', {
    ...comment,
    reason: Reason,
    note: Type.String(),
    byScreening: Type.Boolean(),
  }),
  contract('CommentWithdrawn', 1, 'Its author took it back', comment),
  contract('CommentEnded', 1, 'Nobody decides it any more: its article was withdrawn', comment),
  contract(
    'CommentErased',
    1,
    '`by` the privacy officer: its reader was erased, and nothing of it can be read any more',
    {
      ...{ commentId: Id, articleId: Id, by: Person },
    },
  ),
] as const;

/** `by` this reader: their pseudonym, with a name that says no more. */
export const asReader = (id: string): Person => ({ id, name: 'Reader' });

/** Lifts what was said before readers had pseudonyms: the name stood in `by`. */
export const commentUpcasters = {
  CommentSubmitted: {
    1: (data: unknown) => {
      const { by, ...rest } = data as { by: Person };
      return { ...rest, by: asReader(by.id), reader: { name: by.name } };
    },
  },
};

/** A reader, under a pseudonym that only moderation can tell from the id that the site knows. */
export const commenterContracts = [
  contract(
    'CommenterErased',
    1,
    '`by` the privacy officer; the key of everything that this reader wrote is destroyed',
    {
      ...{ commenterId: Id, by: Person },
    },
  ),
] as const;

export const moderationContracts = [...threadContracts, ...commentContracts, ...commenterContracts] as const;
export type CommenterEvent = EventOf<(typeof commenterContracts)[number]>;
export type ThreadEvent = EventOf<(typeof threadContracts)[number]>;
export type WordingEvent = EventOf<(typeof wordingContracts)[number]>;
export type CommentEvent = EventOf<(typeof commentContracts)[number]>;
