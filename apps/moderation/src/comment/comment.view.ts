import Type from 'typebox';
import { Person, Screening } from '#contracts';
import type { Thread } from '../thread/thread.ts';
import type { Comment } from './comment.ts';

const Decision = Type.Object({
  by: Person,
  reason: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  byScreening: Type.Optional(Type.Boolean()),
});
export const CommentView = Type.Object({
  ...{ id: Type.String(), articleId: Type.String(), state: Type.String(), revision: Type.Integer() },
  ...{ text: Type.String(), reader: Person, articleVersion: Type.Integer() },
  confirmed: Type.Boolean({ description: 'whether readers have had that version, as far as this service knows' }),
  screening: Screening,
  decision: Type.Optional(Decision),
});

/** A comment as those see it who decide about it. */
export function commentView(state: Comment, { versions }: Thread) {
  const { id, articleId, status, revision, text, author: reader, articleVersion, screening, decision } = state;
  const confirmed = versions.includes(articleVersion);
  const view = { id, articleId, state: status, revision, text, reader, articleVersion, confirmed, screening };
  return decision ? { ...view, decision } : view;
}
