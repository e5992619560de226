import { pastOf } from '../past.ts';
import { packages } from './packages.projection.ts';

/** Packages and lists as they were at any time. */
export const packagesPast = pastOf(packages, 'packages_past');
