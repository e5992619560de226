import { median } from './load.ts';

/** At least, or at most. */
type Bound = { readonly least: number } | { readonly most: number };

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, measured in turns with it, and the median of the ratios of the two. */
  readonly beside?: number;
  readonly ratio?: number;
  readonly aims?: { readonly value?: Bound; readonly ratio?: Bound };
}
/** How much is done: rounds that count, how long one takes, and which share of the numbers of a full run. */
export interface Scale {
  readonly rounds: number;
  readonly seconds: number;
  readonly share: number;
  /** Ten times the events, where it is about growth. */
  readonly long: boolean;
}

/** Measures one after the other, again and again, so that what the machine does besides falls on all of them. The first round warms up. */
export async function inTurns<K extends string>(
  { rounds }: Pick<Scale, 'rounds'>,
  works: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(works) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await works[name]();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}

/** One held against the other, round by round. */
export const held = (own: readonly number[], beside: readonly number[]) => ({
  value: median(own),
  beside: median(beside),
  ratio: median(own.map((value, round) => value / (beside[round] ?? Number.NaN))),
});

const number = (value: number) =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
const said = (value: number | undefined, unit = '') =>
  value === undefined ? '' : `${number(value)}${unit === '' || unit.startsWith('/') ? '' : ' '}${unit}`;
const sign = (bound: Bound) => ('least' in bound ? '≥ ' : '≤ ');
const limit = (bound: Bound) => ('least' in bound ? bound.least : bound.most);
const meets = (bound: Bound, value = Number.NaN) => ('least' in bound ? value >= bound.least : value <= bound.most);

/** A figure as people read it, its aims and whether it meets them included. */
export function row({ name, value, unit, beside, ratio, aims = {} }: Figure) {
  const wanted = [
    ...(aims.value ? [{ bound: aims.value, of: value, text: sign(aims.value) + said(limit(aims.value), unit) }] : []),
    ...(aims.ratio ? [{ bound: aims.ratio, of: ratio, text: `ratio ${sign(aims.ratio)}${limit(aims.ratio)}` }] : []),
  ];
  const met = wanted.every(({ bound, of }) => meets(bound, of)) ? 'yes' : 'no';
  return {
    figure: name,
    measured: said(value, unit),
    'beside it': said(beside, unit),
    ratio: said(ratio),
    aim: wanted.map(({ text }) => text).join('; '),
    met: wanted.length === 0 ? '' : met,
  };
}
