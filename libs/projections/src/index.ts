export { applyAll, type Parked } from './parking.ts';
export { type Columns, type Projection, Rows, type Value } from './projection.ts';
export type { Snapshot } from './snapshot.ts';
export { prepareAll } from './tables.ts';
