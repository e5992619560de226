import type { CorrectionEvent, Person } from '#contracts';
import { byId, merge } from '../article/merging.ts';
import { person } from '../article/editing.ts';
import { currentOf, emptyLine, type Line, versionOf } from '../article/line.ts';
import type { Approval, LegalCheck, SecondLook } from '../article/state.ts';

export interface Correction {
  readonly status: 'none' | 'open' | 'approved' | 'discarded';
  readonly id: string;
  readonly articleId: string;
  readonly desk: string;
  /** Who opened it. */
  readonly writers: readonly string[];
  /** The published version that it corrects. */
  readonly base: number;
  /** Version 1 is the published text as it was copied. */
  readonly line: Line;
  /** None until one is asked for. */
  readonly legal?: LegalCheck | undefined;
  readonly secondLook?: SecondLook | undefined;
  /** None where one editor approves it. */
  readonly approval?: Approval | undefined;
}
export const initial: Correction = {
  ...{ status: 'none', id: '', articleId: '', desk: '', writers: [], base: 0 },
  line: emptyLine,
};

export const of = ({ articleId, id: correctionId }: Pick<Correction, 'articleId' | 'id'>, by: Person) => ({
  ...{ articleId, correctionId },
  by: person(by),
});
type Told<T> = Extract<CorrectionEvent, { type: T }>['data'];
/** An event of this correction, by this person. */
export const event = <T extends CorrectionEvent['type'], D extends Omit<Told<T>, 'articleId' | 'correctionId' | 'by'>>(
  type: T,
  state: Pick<Correction, 'articleId' | 'id'>,
  by: Person,
  told: D,
) => ({ type, data: { ...of(state, by), ...told } });

export const copied = (line: Line) => versionOf(line, 1).content;
/** The text with what somebody has approved before: all that readers have. */
export const seen = ({ line }: Pick<Correction, 'line'>) => ({ line, cleared: byId(copied(line)) });
/** Ids of the blocks and names of the fields that read otherwise than in the published version. */
export const changes = ({ line }: Pick<Correction, 'line'>) =>
  merge(copied(line), copied(line), currentOf(line).content).changed;
/** Who wrote each block that reads otherwise; fields have no author. */
export function authorsOf({ line }: Pick<Correction, 'line'>): { authors: Record<string, string> } {
  const changed = new Set(changes({ line }));
  return { authors: Object.fromEntries([...currentOf(line).authors].filter(([block]) => changed.has(block))) };
}
