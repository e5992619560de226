import type { Folding } from './event.ts';

/** A stream's state after the event of that version. */
export interface Folded {
  readonly aggregate: Folding;
  readonly state: unknown;
  readonly version: number;
  readonly shard: number | undefined;
  /** Of its last event, microseconds since 1970. */
  readonly recordedAt: bigint;
  /** How much was folded into it, in characters: more than it can take in memory, by and large. */
  readonly size: number;
}

/**
 * States of streams as far as they were folded, so that only what came after must be read. Events never change, so a state never becomes
 * wrong, only old. Those not asked for longest are forgotten when more than `limit` characters are held.
 */
export class FoldedStates {
  private readonly states = new Map<string, Folded>();
  private held = 0;

  constructor(private readonly limit: number) {}

  of(stream: string, aggregate: Folding): Folded | undefined {
    const found = this.states.get(stream);
    if (found?.aggregate !== aggregate) return undefined;
    // A map goes through its entries in the order that they were set in.
    this.states.delete(stream);
    this.states.set(stream, found);
    return found;
  }

  keep(stream: string, folded: Folded): void {
    const before = this.states.get(stream);
    if (before && before.version > folded.version) return;
    this.states.delete(stream);
    this.states.set(stream, folded);
    this.held += folded.size - (before?.size ?? 0);
    for (const [oldest, { size }] of this.states) {
      if (this.held <= this.limit) return;
      this.states.delete(oldest);
      this.held -= size;
    }
  }
}
