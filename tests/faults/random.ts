/** Numbers that only look random: the same seed gives the same ones. */
export interface Random {
  /** From 0 up to but not 1. */
  next(): number;
  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Another one, of its own seed. */
  fork(): Random;
}

/** Mulberry32, after Tommy Ettinger: 32 bits of state, a period of 2^32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    ...{ next, whole },
    pick: (from) => from[whole(0, from.length - 1)] ?? from[0],
    fork: () => randomOf(whole(0, 2 ** 32 - 1)),
  };
}
