import { contractOf, type PackageEvent } from '#contracts';
import { pack } from './package.ts';

/** All packages are in one order, so that one can be decided on with those inside it. */
export const allPackages = '01900000-0000-8000-8000-0000009ac4a6';

/** Packages as the log knows them. Every event leaves on drafting's own topic as it is; none is for outsiders. */
export const packageLog = {
  category: 'package',
  decider: pack,
  partitionKey: () => allPackages,
  announce: (_event: PackageEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
};
