import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { pointerTo } from './json-body.ts';
import { Problem, type FieldError } from './problem.ts';

const mostErrors = 50;

/** class-validator's own names, as stable codes. Names of our own rules are codes already. */
const codes: Readonly<Record<string, string>> = {
  whitelistValidation: 'unknown-field',
  unknownValue: 'not-an-object',
  nestedValidation: 'not-an-object',
  isIn: 'not-one-of',
  isArray: 'not-a-list',
  isBoolean: 'not-yes-or-no',
  arrayMinSize: 'too-few',
  arrayMaxSize: 'too-many',
  arrayUnique: 'not-unique',
};

const codeOf = (constraint: string): string =>
  codes[constraint] ?? constraint.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function collect(
  errors: readonly ValidationError[],
  path: readonly string[],
  found: [string[], string, string][],
): void {
  for (const { property, constraints, children } of errors) {
    const here = [...path, property];
    const first = Object.entries(constraints ?? {}).at(-1);
    if (first) {
      const [constraint, message] = first;
      // The library's message for an unknown field would repeat its name at any length.
      const detail = constraint === 'whitelistValidation' ? 'is not a field of this' : message.slice(0, 200);
      found.push([here, codeOf(constraint), detail]);
    }
    // What is wrong as a whole has no parts worth naming.
    else collect(children ?? [], here, found);
    if (found.length >= mostErrors) return;
  }
}

/** Checks bodies and queries against their classes. Unknown fields are refused; each error has a pointer and a code. */
export class BodyPipe extends ValidationPipe {
  /** Classes of queries that may be empty: as most of them are, that is found out once. */
  private readonly optional = new Set<unknown>();

  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => {
        const found: [string[], string, string][] = [];
        collect(errors, [], found);
        return new Invalid(found.slice(0, mostErrors));
      },
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const empty = ofEmptyQuery(value, metadata);
    if (empty && this.optional.has(empty)) return new empty();
    const checked = await this.check(value, metadata);
    if (empty) this.optional.add(empty);
    return checked;
  }

  private async check(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      // A query is an object without a prototype, which class-transformer does not expect.
      const given: unknown = metadata.type === 'query' && typeof value === 'object' ? { ...value } : value;
      return await super.transform(given, metadata);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      throw metadata.type === 'body' ? error.inBody() : error.inAddress();
    }
  }
}

const ofEmptyQuery = (value: unknown, { type, metatype }: ArgumentMetadata) =>
  type === 'query' && typeof value === 'object' && Object.keys(value ?? {}).length === 0 ? metatype : undefined;

/** What the library found, before it is known whether it was in a body or in an address. */
class Invalid extends Error {
  constructor(readonly found: readonly (readonly [readonly string[], string, string])[]) {
    super('invalid');
  }

  inBody(): Problem {
    const errors = this.found.map(([path, code, detail]): FieldError => ({ pointer: pointerTo(path), code, detail }));
    return new Problem('invalid-body', { errors });
  }

  inAddress(): Problem {
    const errors = this.found.map(([path, code, detail]): FieldError => ({
      parameter: (path[0] ?? '').toWellFormed().slice(0, 100),
      code,
      detail,
    }));
    return new Problem('invalid-parameter', { errors });
  }
}
