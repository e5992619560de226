import { contractOf, sourceUpcasters } from '#contracts';
import { type Source, source } from './source.ts';

/** Sources as the log knows them. Nothing of them leaves the service. */
export const sourceLog = {
  category: 'source',
  decider: source,
  partitionKey: ({ id }: Source) => id,
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
  upcasters: sourceUpcasters,
};
