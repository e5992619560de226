import type { Static } from 'typebox';
import Type from 'typebox';
import * as article from '../article/article.examples.ts';
import { Checks, checksView, Conflicts, Text, textView } from '../article/article.view.ts';
import { conflictGates } from '../article/conflicts.ts';
import type { Article } from '../article/state.ts';
import { changes, type Correction } from './state.ts';

const view = {
  ...article.text,
  ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b06', articleId: article.id, state: 'open', base: 2 },
  ...{
    authors: { p2: 'rana' },
    changed: ['p2'],
    approval: null,
    legal: article.view.legal,
    secondLook: null,
    conflicts: [],
  },
};
export const CorrectionView = Type.Object(
  {
    ...Text,
    articleId: Type.String({ format: 'uuid' }),
    state: Type.String(),
    base: Type.Integer({ minimum: 1, description: 'the published version that it corrects' }),
    changed: Type.Array(Type.String(), {
      description: 'ids of the blocks and names of the fields that read otherwise than in the published version',
    }),
    conflicts: Conflicts,
    ...Checks,
  },
  { additionalProperties: false, examples: [view] },
);

/** A correction as its editors see it; its version 1 is the published text. Once approved, it may have met other words in its article. */
export function correctionView(state: Correction, ofArticle: Article): Static<typeof CorrectionView> {
  const { id, articleId, status, desk, writers, base, line } = state;
  return {
    ...{ id, articleId, state: status, desk, writers: [...writers], base },
    ...{ ...textView(line), ...checksView(state) },
    changed: changes(state),
    conflicts: conflictGates(ofArticle).filter(({ correctionId }) => correctionId === id),
  };
}
