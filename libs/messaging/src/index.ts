export { fromKafka, type Incoming } from './codec.ts';
export { type Broker, connectKafka, type KafkaSettings, type Log } from './connection.ts';
export type { Checkpoint } from './checkpoint.ts';
export { type Relay, type RelayOptions, startRelay } from './relay.ts';
export { type Reaction, type Step, step } from './reaction.ts';
export { ensureTopics, type TopicDeclaration, TopicMismatch } from './topics.ts';
