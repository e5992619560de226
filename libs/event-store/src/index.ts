export * from './event.ts';
export { Overloaded } from './turns.ts';
export { commandId, derivedId } from './ids.ts';
export type { ParkedMessage, ReactionStore } from './reaction-store.ts';
export type { Outgoing, RelayStore, Run } from './relay-store.ts';
export { shardOf } from './shard.ts';
export { EventStore, type Executed, type Order, type StoreOptions } from './store.ts';
export type { Head, Verdict } from './verify.ts';
export { isTransient } from './transient.ts';
