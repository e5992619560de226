export * from './event.ts';
export { Overloaded } from './turns.ts';
export { commandId, derivedId } from './ids.ts';
export { shardOf } from './shard.ts';
export { EventStore, type Executed, type Order, type StoreOptions } from './store.ts';
export type { Head, Verdict } from './verify.ts';
