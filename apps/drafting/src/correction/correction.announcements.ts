import { contractOf, type CorrectionEvent, draftingUpcasters } from '#contracts';
import { type Correction, correction } from './correction.ts';

/** The correction as the log knows it: in one order with its article, and on drafting's own topic alone. */
export const correctionLog = {
  category: 'correction',
  decider: correction,
  partitionKey: ({ articleId }: Correction) => articleId,
  announce: (_event: CorrectionEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
  upcasters: draftingUpcasters,
};
