export * from './event.ts';
export { Overloaded } from './turns.ts';
export { innerHash } from './append.ts';
export { commandId, derivedId } from './ids.ts';
export type { ReactionStore } from './reaction-store.ts';
export type { Outgoing, RelayStore, Run } from './relay-store.ts';
export { shardOf } from './shard.ts';
export { checkExpected } from './decide.ts';
export { EventStore, type Executed, type Order, type StoreOptions } from './store.ts';
export {
  chainColumns,
  type ChainRow,
  coveredIn,
  genesis,
  type Head,
  heads,
  link,
  type Verdict,
  verify,
} from './verify.ts';
export type { Lease } from './work-store.ts';
export type { Guard } from './streams.ts';
export { startTimers, timed, type Timed, timerRole } from './firing.ts';
export { isTransient } from './transient.ts';
