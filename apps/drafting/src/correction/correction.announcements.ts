import { contractOf, type CorrectionEvent, draftingUpcasters } from '#contracts';
import { secondLookTimers } from '../article/lone.ts';
import { correction } from './correction.ts';
import type { Correction } from './state.ts';

/** The correction as the log knows it: in one order with its article, and on drafting's own topic alone. */
export const correctionLog = {
  category: 'correction',
  decider: correction,
  partitionKey: ({ articleId }: Correction) => articleId,
  announce: (_event: CorrectionEvent) => ({ internal: 'payload' as const }),
  timers: secondLookTimers,
  versionOf: (type: string) => contractOf(type).version,
  upcasters: draftingUpcasters,
};
