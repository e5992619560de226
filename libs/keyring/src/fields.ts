import { sealedFields } from '#contracts';
import { decrypt, encrypt } from './cipher.ts';

/** As much of an event as it takes to seal and open it. */
export interface Sealed {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}
type Replace = (text: string, bound: string) => string;

/** The person that the fields of an event are about; undefined when it has none that are sealed. */
export const personOf = (event: Sealed): string | undefined =>
  sealedFields(event).length === 0 ? undefined : (event.data as { by: { id: string } }).by.id;

function replaced(value: unknown, [name, ...rest]: readonly string[], by: (text: string) => string): unknown {
  if (name === undefined) return typeof value === 'string' ? by(value) : value;
  if (typeof value !== 'object' || value === null || !(name in value)) return value;
  return { ...value, [name]: replaced((value as Record<string, unknown>)[name], rest, by) };
}

const replaceIn = (event: Sealed, replace: Replace): unknown =>
  sealedFields(event).reduce(
    (data, path) => replaced(data, path, (text) => replace(text, JSON.stringify([event.id, ...path]))),
    event.data,
  );

/** The data of an event with its personal fields sealed: base64url of initialisation vector, ciphertext and tag. */
export const seal = (event: Sealed, key: Buffer): unknown =>
  replaceIn(event, (text, bound) => encrypt(key, Buffer.from(text), bound).toString('base64url'));

/** Events with their personal fields as they were written, or empty where there is no key. */
export async function openAll<E extends Sealed>(
  events: readonly E[],
  keysOf: (persons: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>,
): Promise<readonly E[]> {
  const persons = [...new Set(events.flatMap((event) => personOf(event) ?? []))];
  if (persons.length === 0) return events;
  const keys = await keysOf(persons);
  return events.map((event) => {
    const person = personOf(event);
    if (person === undefined) return event;
    const key = keys.get(person);
    const open: Replace = (text, bound) => (key ? opened(key, text, bound) : '');
    return { ...event, data: replaceIn(event, open) };
  });
}

function opened(key: Buffer, text: string, bound: string): string {
  try {
    return decrypt(key, Buffer.from(text, 'base64url'), bound).toString();
  } catch {
    throw new Error(`What is sealed for ${bound} was changed, or sealed for something else.`);
  }
}
