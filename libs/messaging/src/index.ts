export type { Checkpoint, Incoming } from './incoming.ts';
