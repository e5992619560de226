import { type Folding, isForeign, type Letters, lettersOf, type Writing } from './letters.ts';
import { partsToWrite, type Pattern, waysToWrite } from './variants.ts';

/** Where a name stands in a text, in its UTF-16 units. */
export interface Found {
  /** Whose it is. */
  readonly of: string;
  readonly from: number;
  readonly to: number;
}
interface Entry {
  readonly of: string;
  readonly check: number;
  readonly joints: readonly number[];
}

const foldings: readonly Folding[] = ['alike', 'plain'];
/** Lengths at which most of what is no name is given up. */
const [soon, later] = [4, 8];
/** What is told apart of a hash: its upper 20 bits. */
const shift = 12;
const bits = 2 ** (32 - shift);
const mix = (hash: number, unit: number, by: number) => {
  const mixed = Math.imul(hash ^ unit, by);
  return mixed ^ (mixed >>> 15);
};
const [first, second] = [0x2c1b3c6d, 0x297a2d39];
const s = 's'.charCodeAt(0);

/**
 * Many names, to be found in texts however they are disguised: by case, blanks and hyphens, unseen characters, look-alikes, marks, tags, with
 * initials, as a possessive. Names are kept as hashes under `seed`, so that no memory has a list of them.
 */
export class Names {
  private readonly entries = new Map<number, Entry[]>();
  private readonly hashes = new Map<string, number[]>();
  private readonly early = new Uint8Array(bits);
  private readonly late = new Uint8Array(bits);
  private longest = 0;
  private readonly seed: number;

  // Written out: the bench runs this file as it stands, with its types stripped.
  constructor(seed: number) {
    this.seed = seed;
  }

  /** Adds the names of somebody; `parts`: and each of their words by itself. */
  add(of: string, names: readonly string[], parts = false): void {
    for (const name of names)
      for (const folding of foldings.filter((one) => one === 'alike' || isForeign(name))) {
        const ways = [...waysToWrite(name, folding), ...(parts ? partsToWrite(name, folding) : [])];
        for (const way of ways) this.keep(of, way);
      }
  }

  /** How many have names here. */
  get size(): number {
    return this.hashes.size;
  }

  remove(of: string): void {
    for (const hash of this.hashes.get(of) ?? []) {
      const others = (this.entries.get(hash) ?? []).filter((entry) => entry.of !== of);
      if (others.length > 0) this.entries.set(hash, others);
      else this.entries.delete(hash);
    }
    this.hashes.delete(of);
  }

  /** Every name in a text; of those of one person that overlap, the longest. */
  find(writing: Writing): Found[] {
    const all = foldings
      .filter((folding) => folding === 'alike' || isForeign(writing.text))
      .flatMap((folding) => this.findIn(lettersOf(writing, folding)));
    const ends = new Map<string, number>();
    return all
      .sort((one, other) => one.from - other.from || other.to - one.to)
      .filter(({ of, to }) => {
        if (to <= (ends.get(of) ?? 0)) return false;
        ends.set(of, to);
        return true;
      });
  }

  private keep(of: string, { units, joints }: Pattern): void {
    let [hash, check] = [this.seed, ~this.seed];
    for (const [at, unit] of units.entries()) {
      [hash, check] = [mix(hash, unit, first), mix(check, unit, second)];
      this.sieveAt(at + 1)?.fill(1, hash >>> shift, (hash >>> shift) + 1);
    }
    const entries = this.entries.get(hash) ?? [];
    if (entries.some((entry) => entry.of === of && entry.check === check)) return;
    this.entries.set(hash, [...entries, { of, check, joints }]);
    this.hashes.set(of, [...(this.hashes.get(of) ?? []), hash]);
    this.longest = Math.max(this.longest, units.length);
  }

  private sieveAt(length: number): Uint8Array | undefined {
    if (length === soon) return this.early;
    return length === later ? this.late : undefined;
  }

  private findIn(letters: Letters): Found[] {
    const found: Found[] = [];
    for (let start = 0; start < letters.length; start += 1)
      if (letters.breaks[start] === 1) this.findAt(letters, start, found);
    return found;
  }

  private findAt(letters: Letters, start: number, found: Found[]): void {
    const { units } = letters;
    let hash = this.seed;
    let check = ~this.seed;
    const end = Math.min(letters.length, start + this.longest);
    for (let at = start; at < end;) {
      const unit = units[at] ?? 0;
      hash = mix(hash, unit, first);
      check = mix(check, unit, second);
      at += 1;
      const sieve = this.sieveAt(at - start);
      if (sieve?.[hash >>> shift] === 0) return;
      if (endsAt(letters, at)) this.take(letters, { start, at, hash, check }, found);
    }
  }

  private take(
    { breaks, from, to }: Letters,
    { start, at, hash, check }: { start: number; at: number; hash: number; check: number },
    found: Found[],
  ): void {
    for (const { of, check: own, joints } of this.entries.get(hash) ?? [])
      if (own === check && joints.every((joint) => breaks[start + joint] === 1))
        found.push({ of, from: from[start] ?? 0, to: to[at - 1] ?? 0 });
  }
}

/** A word ends here, or has an s of its own after this. */
const endsAt = ({ units, breaks }: Letters, at: number) =>
  breaks[at] === 1 || (units[at] === s && breaks[at + 1] === 1);
