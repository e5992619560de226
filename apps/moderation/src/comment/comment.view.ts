import type { Static } from 'typebox';
import Type from 'typebox';
import { Person, Reason, Screening } from '#contracts';
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
    revision: Type.Integer({ minimum: 1, description: 'of the text: what a decision names' }),
    text: Type.String(),
    reader: Person,
    articleVersion: Type.Integer({ minimum: 1, description: 'the version that its author saw' }),
    confirmed: Type.Boolean({ description: 'whether readers have had that version, as far as moderation knows' }),
    screening: Screening,
    decision: Type.Optional(Decision),
  },
  { ...strict, examples: [examples.view] },
);

/** A comment as those see it who decide about it. */
export function commentView(state: Comment, { versions }: Thread): Static<typeof CommentView> {
  const { id, articleId, status, revision, text, author: reader, articleVersion, screening, decision } = state;
  const confirmed = versions.includes(articleVersion);
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
