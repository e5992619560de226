import { Problem, type FieldError } from './problem.ts';

/** Deeper than any body of ours; what walks a body recursively must not run out of stack. */
const deepest = 32;

/** More than any body of ours holds, by far; each costs its time when it is checked, and nobody else is answered meanwhile. */
const mostObjects = 10_000;
/** Of one object. Names that nobody knows are looked for among all that are known, one by one. */
const mostNames = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** NUL cannot be stored by Postgres, half a surrogate pair not be written as UTF-8. */
const unstorable = (text: string) => text.includes('\u0000') || !text.isWellFormed();

/**
 * Names that every object has already, such as `__proto__` and `toString`. No body of ours has them, and what copies
 * bodies passes over some of them in silence.
 */
export const reserved: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** A JSON pointer (RFC 6901), cut to a length that is fit to be sent back. */
export const pointerTo = (path: readonly string[]): string =>
  path
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed()}`)
    .join('')
    .slice(0, 200);

/** Reads a body: one JSON object in UTF-8, or nothing. Throws a Problem; its text names places, never contents. */
export function jsonBody(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length === 0) return undefined;
  const value = parsed(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('invalid-body', {
      errors: [{ pointer: '', code: 'not-an-object', detail: 'must be an object' }],
    });
  }
  const errors: FieldError[] = [];
  const found = { errors, objects: 0 };
  inspect(value, [], found);
  if (found.objects > mostObjects) errors.push(fault([], 'too-many', `must hold at most ${mostObjects} objects`));
  if (errors.length > 0) throw new Problem('invalid-body', { errors });
  return value as Record<string, unknown>;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    throw new Problem('malformed-json');
  }
}

const mostErrors = 50;

interface Found {
  readonly errors: FieldError[];
  objects: number;
}

const isEnough = ({ errors, objects }: Found) => errors.length >= mostErrors || objects > mostObjects;

function inspect(value: unknown, path: readonly string[], found: Found): void {
  if (isEnough(found)) return;
  const { errors } = found;
  if (typeof value === 'string' && unstorable(value)) {
    errors.push(fault(path, 'forbidden-characters', 'must not contain NUL or half a surrogate pair'));
  }
  if (typeof value !== 'object' || value === null) return;
  found.objects++;
  if (path.length >= deepest) {
    errors.push(fault(path, 'too-deep', `must not be nested deeper than ${deepest}`));
    return;
  }
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.length > mostNames)
    errors.push(fault(path, 'too-many', `must hold at most ${mostNames} names`));
  else for (const entry of entries) inspectEntry(entry, path, found);
}

function inspectEntry([name, inner]: [string, unknown], path: readonly string[], found: Found): void {
  const here = [...path, name];
  if (reserved.has(name) || unstorable(name)) found.errors.push(fault(here, 'unknown-field', 'is not a field of this'));
  else inspect(inner, here, found);
}

const fault = (path: readonly string[], code: string, detail: string): FieldError => ({
  pointer: pointerTo(path),
  code,
  detail,
});
