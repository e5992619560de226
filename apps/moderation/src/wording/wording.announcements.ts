import { contractOf } from '#contracts';
import { type Wording, wording } from './wording.ts';

/** Wordings as the log knows them. Nothing of them leaves the service. */
export const wordingLog = {
  category: 'wording',
  decider: wording,
  partitionKey: ({ articleId }: Wording) => articleId,
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
};
