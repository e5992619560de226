import type { PackageEvent } from '#contracts';
import type { Rows } from '#projections';
import { folds } from '../folds.ts';
import { part, tell } from './telling.ts';

/** Whoever began it, and whoever had their hands on it last. */
const keeps =
  (name: 'maker' | 'keeper') =>
  (event: Parameters<typeof part>[0], rows: Rows): void => {
    part(event, rows, name, { person: event.data.by.id });
  };

/** What those who keep a package have to know of it. */
export const ofPackages = folds<PackageEvent>({
  PackageCreated: keeps('maker'),
  PackageArranged: keeps('keeper'),
  PackageMarkedReady: keeps('keeper'),
  PackagePartKilled(event, rows) {
    const { article } = event.data;
    tell(event, rows, { kind: 'part-killed', to: ['part maker', 'part keeper'], about: { article } });
  },
});
