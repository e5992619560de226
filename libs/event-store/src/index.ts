export { type Append, type Appended, appendAll, type NewEvent } from './append.ts';
export * from './event.ts';
export { commandId, derivedId, eventId } from './ids.ts';
export { shardOf } from './shard.ts';
