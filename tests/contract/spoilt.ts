/** Ways to spoil what is good: every place of a body, with everything that must not be there. */

/** Planted wherever something is spoilt; it may come back in no answer and be in no log. */
export const marker = 'zyzzyva-marker';

type Path = readonly (string | number)[];
interface Spoilt {
  readonly what: string;
  readonly body: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function places(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inner = isObject(value)
    ? Object.entries(value).flatMap(([name, one]) => places(one, [...path, Array.isArray(value) ? Number(name) : name]))
    : [];
  return path.length === 0 ? inner : [{ path, value }, ...inner];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...(value as unknown[])] as unknown as Record<number, unknown>)
    : { ...(value as object) };
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

const never: readonly [string, unknown][] = [
  ['null', null],
  ['yes or no', true],
  ['an object', { [marker]: marker }],
  ['a list of lists', [[marker]]],
];
const forText: readonly [string, unknown][] = [
  ['a number', 7],
  ['a control character', `${marker}\u0007`],
  ['a NUL', `\u0000${marker}`],
  ['half a surrogate pair', `${marker}\ud800`],
  ['the other half', `\udfff${marker}`],
];
const forNumbers: readonly [string, unknown][] = [
  ['text', `${marker} 1`],
  ['a number as text', '1'],
  ['a fraction', 1.5],
  ['a negative number', -1],
  ['a number beyond counting', 1e300],
];
const forParts: readonly [string, unknown][] = [
  ['text', marker],
  ['a number', 7],
];

function waysToSpoil(value: unknown): readonly [string, unknown][] {
  if (typeof value === 'string') return [...never, ...forText];
  if (typeof value === 'number') return [...never, ...forNumbers];
  if (typeof value === 'boolean') return [...never.filter(([what]) => what !== 'yes or no'), ...forParts];
  return [...never.filter(([what]) => what !== 'an object' || Array.isArray(value)), ...forParts];
}

/** The good body with one thing wrong in it, for each thing and each place. */
export function spoilt(good: object): Spoilt[] {
  const wrong = places(good).flatMap(({ path, value }) =>
    waysToSpoil(value).map(([what, by]) => ({ what: `${what} at ${path.join('/')}`, body: replaced(good, path, by) })),
  );
  const parts = [{ path: [] as Path, value: good as unknown }, ...places(good)].filter(
    ({ value }) => isObject(value) && !Array.isArray(value),
  );
  const unknown = parts.map(({ path, value }) => ({
    what: `an unknown field at ${path.join('/')}`,
    body: replaced(good, path, { ...(value as object), unexpected: marker }),
  }));
  return [...wrong, ...unknown];
}

/** Another body that is as good; undefined when there is none. */
export function other(good: object): object | undefined {
  const textIn = (names: RegExp) =>
    places(good).find(({ path, value }) => typeof value === 'string' && names.test(String(path.at(-1))));
  // A reason may be one of a few words.
  const text = textIn(/note$|html|text|headline/) ?? textIn(/reason/);
  if (text) return replaced(good, text.path, `${String(text.value)} ${marker}`) as object;
  const number = places(good).find(({ value }) => typeof value === 'number');
  return number && (replaced(good, number.path, Number(number.value) + 1) as object);
}
