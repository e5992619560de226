import { contractOf } from '#contracts';
import { pack } from './package.ts';

/** All packages are in one order, so that one can be decided on with those inside it. */
export const allPackages = '01900000-0000-8000-8000-0000009ac4a6';

/** Packages as the log knows them. Nothing of them leaves the service. */
export const packageLog = {
  category: 'package',
  decider: pack,
  partitionKey: () => allPackages,
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
};
