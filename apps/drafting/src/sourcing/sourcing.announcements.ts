import { contractOf } from '#contracts';
import { sourcing } from './sourcing.ts';
import type { Sourcing } from './state.ts';

/** What articles rest on, as the log knows it. Nothing of it leaves the service. */
export const sourcingLog = {
  category: 'sourcing',
  decider: sourcing,
  partitionKey: ({ articleId }: Sourcing) => articleId,
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
};
