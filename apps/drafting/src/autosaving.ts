import { Rejection } from '#decider';
import type { EventStore } from '#event-store';
import type { Revision } from './article/editing.ts';

type WorkStore = EventStore['work'];
type AtWork = Parameters<WorkStore['keepAutosave']>[0];

/** An autosave: a save as it would be sent, and whether it was sent and refused. */
export interface KeptText {
  readonly refused: boolean;
  readonly text: Revision;
}
export const keepText = (work: WorkStore, of: AtWork, kept: KeptText) => work.keepAutosave(of, kept);

/** Refusals that have nothing against the text itself: somebody else was faster. */
const notLost = new Set(['block-conflict', 'not-allowed-now', 'version-conflict']);

/**
 * A save clears what its session had autosaved before it, and no text that came meanwhile. A text that was refused because of what
 * others did is kept as its author's autosave.
 */
export async function clearing<T>(work: WorkStore, of: AtWork, text: Revision, save: () => Promise<T>): Promise<T> {
  const before = await work.atWork(of);
  try {
    const saved = await save();
    if (before !== undefined) await work.clearAutosave(of, before);
    return saved;
  } catch (error) {
    if (error instanceof Rejection && notLost.has(error.code)) await keepText(work, of, { refused: true, text });
    throw error;
  }
}
