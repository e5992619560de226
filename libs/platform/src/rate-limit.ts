import { Problem } from './problem.ts';

interface Bucket {
  left: number;
  at: number;
}

/** More callers than this at once are swept: whoever has a full bucket again is forgotten. */
const mostCallers = 10_000;

/**
 * A token bucket for each caller: `perSecond` requests a second, as many at once. 0 is no limit. In one process only;
 * several replicas allow as many times more.
 */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /** How many callers are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one from the caller's bucket. Returns the headers that say what is left; throws 429 when nothing is. */
  take(caller: string): Record<string, string> {
    if (this.perSecond === 0) return {};
    const now = this.now();
    const before = this.#buckets.get(caller) ?? { left: this.perSecond, at: now };
    const left = Math.min(this.perSecond, before.left + (now - before.at) * this.perSecond);
    this.#remember(caller, { left: left < 1 ? left : left - 1, at: now });
    if (left >= 1) return this.#headers(left - 1);
    const wait = Math.ceil((1 - left) / this.perSecond);
    throw new Problem('too-many-requests', { headers: { 'Retry-After': String(wait), ...this.#headers(0) } });
  }

  /** As the IETF draft on RateLimit header fields has them. */
  #headers(left: number): Record<string, string> {
    return {
      'RateLimit-Policy': `"caller";q=${this.perSecond};w=1`,
      RateLimit: `"caller";r=${Math.floor(left)};t=1`,
    };
  }

  #remember(caller: string, bucket: Bucket): void {
    if (this.#buckets.size >= mostCallers) {
      for (const [key, { left, at }] of this.#buckets) {
        if (left + (bucket.at - at) * this.perSecond >= this.perSecond) this.#buckets.delete(key);
      }
    }
    this.#buckets.set(caller, bucket);
  }
}
