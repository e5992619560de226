import type { Static } from 'typebox';
import Type from 'typebox';
import { Person, Reason, Screening } from '#contracts';
import type { Actor } from '#decider';
import type { Thread } from '../thread/thread.ts';
import * as examples from './comment.examples.ts';
import type { Comment } from './comment.ts';

const strict = { additionalProperties: false } as const;
const Decision = Type.Object(
  {
    by: Person,
    reason: Type.Optional(Reason),
    note: Type.Optional(Type.String()),
    byScreening: Type.Optional(Type.Boolean()),
  },
  { ...strict, description: 'the last one; absent while nobody has decided' },
);
export const CommentView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    articleId: Type.String({ format: 'uuid' }),
    state: Type.String(),
    revision: Type.Integer({ minimum: 0, description: 'of the text: what a decision names' }),
    text: Type.String({ description: 'empty once its reader was erased, as is all that is said of them' }),
    reader: Type.Object(
      {
        id: Type.String({ description: 'a pseudonym, under which they are a commenter' }),
        name: Type.String(),
        email: Type.Optional(Type.String()),
        ip: Type.Optional(Type.String()),
      },
      { ...strict, description: 'address and origin for a moderation lead, a chief and the privacy officer alone' },
    ),
    articleVersion: Type.Integer({ minimum: 0, description: 'the version that its author saw' }),
    confirmed: Type.Boolean({ description: 'whether readers have had that version, as far as moderation knows' }),
    screening: Screening,
    decision: Type.Optional(Decision),
  },
  { ...strict, examples: [examples.view] },
);

/** Who may see where a reader can be reached, and from where they wrote. */
const mayIdentify = ['moderation-lead', 'chief', 'privacy-officer'];
const readerIn = ({ author, email, ip }: Comment, { roles }: Actor) =>
  roles.some((role) => mayIdentify.includes(role))
    ? { ...author, ...(email !== undefined && { email }), ...(ip !== undefined && { ip }) }
    : author;

/** A comment as those see it who decide about it. */
export function commentView(state: Comment, { versions }: Thread, caller: Actor): Static<typeof CommentView> {
  const { id, articleId, status, revision, text, articleVersion, screening, decision } = state;
  const [confirmed, reader] = [versions.includes(articleVersion), readerIn(state, caller)];
  const view = { id, articleId, state: status, revision, text, reader, articleVersion, confirmed, screening };
  return decision ? { ...view, decision } : view;
}

export const Knows = Type.Object(
  { publication: Type.String({ description: "the last position of publication's log that counted" }) },
  strict,
);
export const Actions = Type.Object(
  {
    actions: Type.Array(
      Type.Object(
        { command: Type.String(), by: Type.Array(Type.String(), { description: 'any of these roles' }) },
        strict,
      ),
    ),
    knows: Knows,
  },
  { ...strict, examples: [examples.actions] },
);
