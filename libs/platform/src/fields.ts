import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { webAddress } from '#contracts';

/** An id in an address or a body: a UUID in lower case, so that one thing has one id. */
export const idPattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Names of parts of an address that are ids. */
export const isIdName = (name: string): boolean => /(^i|I)d$/.test(name);

/** A rule whose name is the stable code of its refusal. */
const rule = (
  code: string,
  message: string,
  validate: (value: unknown, where?: ValidationArguments) => boolean,
  options?: ValidationOptions,
) => ValidateBy({ name: code, validator: { validate, defaultMessage: () => message } }, options);

/** A rule about text; what is no text is left to `not-text`. */
const textRule = (code: string, message: string, holds: (text: string) => boolean, options?: ValidationOptions) =>
  rule(code, message, (value) => typeof value !== 'string' || holds(value), options);

const isText = (options?: ValidationOptions) =>
  rule('not-text', 'must be text', (value) => typeof value === 'string', options);

/** Control characters (C0, C1, DEL) and half surrogate pairs. */
const forbidden = /[\p{Cc}\p{Cs}]/u;
const forbiddenButLines = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

export interface TextLimits {
  /** Unicode code points. */
  readonly max: number;
  /** 1 unless told; blanks around it do not count. 0: may be empty. */
  readonly min?: number;
  /** Whether line feeds and tabs may be in it. */
  readonly multiline?: boolean;
}

const lengthOf = (text: string): number => Array.from(text).length;

function textRules({ max, min = 1, multiline = false }: TextLimits, options?: ValidationOptions): PropertyDecorator {
  const pattern = multiline ? forbiddenButLines : forbidden;
  const blank = min === 1 ? 'must not be blank' : `must be at least ${min} characters`;
  return applyDecorators(
    textRule('forbidden-characters', 'must not contain control characters', (text) => !pattern.test(text), options),
    textRule('too-long', `must be at most ${max} characters`, (text) => lengthOf(text) <= max, options),
    textRule('too-short', blank, (text) => min === 0 || lengthOf(text.trim()) >= min, options),
    isText(options),
  );
}

const textSchema = ({ max, min = 1 }: TextLimits) => ({ type: 'string', minLength: min, maxLength: max }) as const;

/** However a character was put together, it is the same one: Unicode's form C. */
const composed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(composed);
  return typeof value === 'string' ? value.normalize('NFC') : value;
};
const Composed = () => Transform(({ value }: { value: unknown }) => composed(value));

/** Text within limits, without control characters, in Unicode's form C. Every string of a body goes through this, Id or OneOf. */
export const Text = (limits: TextLimits): PropertyDecorator =>
  applyDecorators(Composed(), textRules(limits), JSONSchema(textSchema(limits)));

/** A field that may be left out. `null` is not leaving it out. */
export const Optional = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

const valueOf = (body: object | undefined, field: string) => (body as Record<string, unknown> | undefined)?.[field];

/** A field that stands in for another one: one of the two is there. */
export const Unless = (other: string): PropertyDecorator =>
  applyDecorators(
    ValidateIf((body: object, value) => value !== undefined || valueOf(body, other) === undefined),
    rule('one-of-two', `must be there without ${other}, or ${other} without it`, (value, where) =>
      [value, valueOf(where?.object, other)].some((each) => each === undefined),
    ),
  );

const idRules = (options?: ValidationOptions) =>
  applyDecorators(
    textRule('not-an-id', 'must be an id', (text) => idPattern.test(text), options),
    isText(options),
  );
const idSchema = { type: 'string', format: 'uuid' } as const;

/** The id of something. */
export const Id = (): PropertyDecorator => applyDecorators(idRules(), JSONSchema(idSchema));

/** The address of something on the web: of https, without a name or password in it. It is taken as browsers write it. */
export const WebAddress = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (webAddress(value) ?? value) : value)),
    textRule(
      'not-an-address',
      'must be the address of something on the web, by https',
      (text) => webAddress(text) !== undefined,
    ),
    textRules({ max: 2000 }),
    JSONSchema({ type: 'string', format: 'uri', maxLength: 2000 }),
  );

/** One of these words. */
export const OneOf = (words: readonly string[]): PropertyDecorator =>
  applyDecorators(IsIn(words, { message: `must be one of ${words.join(', ')}` }), JSONSchema({ enum: [...words] }));

/** Newspapers are not older than this, and Postgres has no year 0. */
const firstYear = 1600;
const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse lets the 30th of February be the 2nd of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && Number(text.slice(0, 4)) >= firstYear;
};

/** A day of the calendar, such as 2011-07-15. */
export const Day = (): PropertyDecorator =>
  applyDecorators(
    textRule('not-a-day', 'must be a day of the calendar, such as 2011-07-15', isDay),
    isText(),
    JSONSchema({ type: 'string', format: 'date' }),
  );

const isLocalTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/.test(text) &&
  isDay(text.slice(0, 10));

/** What a clock shows on a day, such as 2026-10-25T02:30; an offset from UTC may follow. */
export const LocalTime = (): PropertyDecorator =>
  applyDecorators(
    textRule('not-a-time', 'must be a day and a time, such as 2026-10-25T02:30 or 2026-10-25T02:30+01:00', isLocalTime),
    isText(),
    JSONSchema({ type: 'string', maxLength: 25 }),
  );

const isMoment = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$/.test(text) && isDay(text.slice(0, 10));

/** An instant in UTC, such as 2026-03-01T07:05:00Z, to the microsecond. */
export const Moment = (): PropertyDecorator =>
  applyDecorators(
    textRule('not-an-instant', 'must be an instant in UTC, such as 2026-03-01T07:05:00Z', isMoment),
    isText(),
    JSONSchema({ type: 'string', format: 'date-time', maxLength: 27 }),
  );

/** What a clock shows, such as 06:00. */
export const TimeOfDay = (): PropertyDecorator =>
  applyDecorators(
    textRule('not-a-time-of-day', 'must be a time of day, such as 06:00', (text) =>
      /^([01]\d|2[0-3]):[0-5]\d$/.test(text),
    ),
    isText(),
    JSONSchema({ type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
  );

/** true or false. */
export const YesNo = (): PropertyDecorator => applyDecorators(IsBoolean({ message: 'must be true or false' }));

export interface Limits {
  readonly min: number;
  readonly max: number;
}

/** A whole number within limits. */
export const WholeNumber = ({ min, max }: Limits): PropertyDecorator =>
  applyDecorators(
    rule(
      'not-in-range',
      `must be a whole number from ${min} to ${max}`,
      (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    ),
    JSONSchema({ type: 'integer', minimum: min, maximum: max }),
  );

/** The same in a query, where everything arrives as text: digits only. */
export const QueryNumber = (limits: Limits): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ),
    WholeNumber(limits),
  );

/** Where `?after=` says how new an answer must be. */
export const PositionToken = (): PropertyDecorator =>
  applyDecorators(
    textRule('not-a-position', 'must be a position as it was given out', (text) => /^[\w-]{1,2000}$/.test(text)),
    isText(),
    JSONSchema({ type: 'string', maxLength: 2000 }),
  );

const listRules = ({ min, max }: Limits) =>
  applyDecorators(
    ArrayMinSize(min, { message: `must hold at least ${min}` }),
    ArrayMaxSize(max, { message: `must hold at most ${max}` }),
    IsArray({ message: 'must be a list' }),
  );
const listSchema = ({ min, max }: Limits) => ({ type: 'array', minItems: min, maxItems: max }) as const;

/** Some of these words, one at least unless told. */
export const SomeOf = (words: readonly string[], min = 1): PropertyDecorator =>
  applyDecorators(
    IsIn(words, { each: true, message: `must be some of ${words.join(', ')}` }),
    listRules({ min, max: words.length }),
    JSONSchema({ ...listSchema({ min, max: words.length }), items: { enum: [...words] } }),
  );

/** A list of ids. */
export const Ids = (limits: Limits): PropertyDecorator =>
  applyDecorators(
    idRules({ each: true }),
    listRules(limits),
    JSONSchema(() => ({ ...listSchema(limits), items: idSchema })),
  );

/** A list of texts, each within its own limits. */
export const Texts = (limits: Limits, each: TextLimits): PropertyDecorator =>
  applyDecorators(
    Composed(),
    textRules(each, { each: true }),
    listRules(limits),
    JSONSchema(() => ({ ...listSchema(limits), items: textSchema(each) })),
  );

/** A body as a caller would send it: shown with its schema, and sent to the service by a test. */
export const Example = (body: object) => JSONSchema({ examples: [body] });

type Part = new () => object;
const isPlain = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const reference = (type: () => Part) => ({ $ref: `#/components/schemas/${type().name}` });

/** An object of its own class within the body. A list in its place, which `ValidateNested` would let in, is refused. */
export const PartOf = (type: () => Part): PropertyDecorator =>
  applyDecorators(
    Type(type),
    ValidateNested({ message: 'must be an object' }),
    rule('not-an-object', 'must be an object', isPlain),
    JSONSchema(() => reference(type)),
  );

/** One that is there where another field says this, and nowhere else. */
export const PartWhere = (field: string, says: string, type: () => Part): PropertyDecorator =>
  applyDecorators(
    ValidateIf((body: object, value) => value !== undefined || valueOf(body, field) === says),
    PartOf(type),
    rule(
      'out-of-place',
      `is there only where ${field} is ${says}`,
      (_value, where) => valueOf(where?.object, field) === says,
    ),
  );

/** A list of objects of one class. */
export const ListOf = (type: () => Part, limits: Limits): PropertyDecorator =>
  applyDecorators(
    Type(type),
    ValidateNested({ each: true, message: 'must be objects' }),
    rule('not-an-object', 'must be objects', isPlain, { each: true }),
    listRules(limits),
    JSONSchema(() => ({ ...listSchema(limits), items: reference(type) })),
  );
