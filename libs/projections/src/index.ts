export { commonCheckpoint, loadCheckpoint, moveCheckpoint, type Place } from './checkpoints.ts';
export { applyAll, applyOrPark, carryOutWishes, isTransient, type Parked } from './parking.ts';
export { type Columns, type Projection, Rows, type Value } from './projection.ts';
