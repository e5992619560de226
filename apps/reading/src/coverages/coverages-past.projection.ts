import { pastOf } from '../past.ts';
import { coverages } from './coverages.projection.ts';

/** What was going to happen, and who was to cover it, as it was at any time. */
export const coveragesPast = pastOf(coverages, 'coverages_past');
