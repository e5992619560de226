export { type Departing, fromKafka, type Incoming, type Place, toKafka } from './codec.ts';
export { type Broker, connectKafka, type KafkaSettings, type Log } from './connection.ts';
export type { Checkpoint } from './checkpoint.ts';
export { type Consumer, type ConsumerOptions, startConsumer, type StoppedPartition } from './consumer.ts';
export type { PartitionBatch } from './partition.ts';
export { type Relay, type RelayOptions, startRelay } from './relay.ts';
export { type Reaction, type Step, step } from './reaction.ts';
export { type Reactions, type ReactionsOptions, startReactions } from './reactions.ts';
export { ensureTopics, type TopicDeclaration, TopicMismatch } from './topics.ts';
