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
/** Refusals of whoever may not write it now; those who could before were typing while it was handed on. */
const notTheirs = new Set(['role-required', 'other-desk']);

interface Saving {
  readonly of: AtWork;
  readonly text: Revision;
  /** Whether they are one of those who write it, or did. */
  readonly wrote: () => Promise<boolean>;
}
/**
 * A save clears what its session had autosaved before it, and no text that came meanwhile. A text that was refused because of what
 * others did is kept as its author's autosave, in place of none that came meanwhile.
 */
export async function clearing<T>(work: WorkStore, { of, text, wrote }: Saving, save: () => Promise<T>): Promise<T> {
  const before = await work.atWork(of);
  try {
    const saved = await save();
    if (before !== undefined) await work.clearAutosave(of, before);
    return saved;
  } catch (error) {
    const code = error instanceof Rejection ? error.code : '';
    if (notLost.has(code) || (notTheirs.has(code) && (before !== undefined || (await wrote()))))
      await work.keepAutosave(of, { refused: true, text } satisfies KeptText, { before });
    throw error;
  }
}
