export { type Digest, digestOf } from './digest.ts';
export type { Query, RowFound } from './one-row.ts';
export { applyAll } from './parking.ts';
export type { Reached } from './progress.ts';
export { type Columns, fold, type Projection, Rows, schemaOf, type Value } from './projection.ts';
export {
  type Answer,
  Projections,
  type ProjectionsOptions,
  type ReadOptions,
  startProjections,
} from './projections.ts';
export type { Lag } from './running.ts';
export type { Snapshot } from './snapshot.ts';
export { type GenerationProgress, prepareAll, type Served } from './generations.ts';
