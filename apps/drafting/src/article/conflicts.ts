import type { ArticleEvent, Content } from '#contracts';
import { currentOf } from './line.ts';
import { byId, type FieldGap } from './merging.ts';
import { proposedBlock, proposedField } from './proposal.ts';
import type { Article, Conflict } from './state.ts';

export const nameOf = (conflict: Conflict): string => ('block' in conflict ? conflict.block : conflict.field);
export const without = (conflicts: readonly Conflict[], names: readonly string[]): Conflict[] =>
  conflicts.filter((conflict) => !names.includes(nameOf(conflict)));

type CorrectionMerged = Extract<ArticleEvent, { type: 'CorrectionMerged' }>['data'];
export const conflictsIn = ({ correctionId, conflicts, fieldConflicts = [] }: CorrectionMerged): Conflict[] =>
  [...conflicts, ...fieldConflicts].map((gap) => ({ correctionId, ...gap }));

const fieldOf = ({ blocks, ...fields }: Content, name: string): FieldGap['ours'] =>
  name === 'blocks' ? blocks.map(({ id }) => id) : fields[name as keyof typeof fields];
const sides = <T>({ ours: current, theirs: corrected, ancestor }: { ours: T; theirs: T; ancestor: T }) => ({
  ...{ current, corrected, ancestor },
});

/** Each as it is in the way of an approval: the text as it stands, the corrected one, the one that both come from, and what could be saved instead. */
export function conflictGates({ conflicts, line }: Pick<Article, 'conflicts' | 'line'>) {
  if (conflicts.length === 0) return [];
  const { content } = currentOf(line);
  const blocks = byId(content);
  return conflicts.map((conflict) => {
    const told = { gate: 'correction-conflict', correctionId: conflict.correctionId };
    if ('block' in conflict) {
      const gap = { ...conflict, ours: blocks.get(conflict.block) ?? null };
      return { ...told, block: gap.block, ...sides(gap), ...proposedBlock(gap) };
    }
    const gap = { ...conflict, ours: fieldOf(content, conflict.field) };
    return { ...told, field: gap.field, ...sides(gap), ...proposedField(gap) };
  });
}
