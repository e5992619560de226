import { applyDecorators, Get, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { markCreating } from './order.ts';
import { documentQuery } from './query-docs.ts';

/** A JSON Schema, as TypeBox makes it. */
export type JsonSchema = object;

const idempotencyKey = (required: boolean) =>
  ApiHeader({
    name: 'Idempotency-Key',
    required,
    description: 'The same key again gives the same answer, and does nothing twice.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  });

const ifMatch = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The version it must still be at, as its ETag has it; 412 otherwise.',
  schema: { type: 'string', pattern: '^"\\d{1,9}"$' },
});

// The types of @nestjs/swagger know OpenAPI 3.0 only; JSON Schema as it is belongs into 3.1.
const answers = (status: number, description: string, schema: JsonSchema, headers: readonly string[] = []) =>
  ApiResponse({
    status,
    description,
    headers: Object.fromEntries(
      headers.map((name) => [name, { description: headerMeanings[name], schema: { type: 'string' } }]),
    ),
    content: { 'application/json': { schema } },
  } as ApiResponseOptions);

const headerMeanings: Readonly<Record<string, string>> = {
  ETag: 'The version that it now stands at, in quotes.',
  Location: 'Where the new thing is.',
  'Idempotency-Replayed': '`true` when this was done before, under the same key.',
};

const commandAnswer = { $ref: '#/components/schemas/CommandAnswer' };
const creating: MethodDecorator = (_target, _name, descriptor) => {
  if (descriptor.value) markCreating(descriptor.value);
};

/** POST on the collection: starts one. 201 with its address; the Idempotency-Key is required. */
export const CreateRoute = (path = ''): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(201),
    creating,
    idempotencyKey(true),
    answers(201, 'Created.', commandAnswer, ['ETag', 'Location', 'Idempotency-Replayed']),
  );

/** POST :id/<command>: one command of the aggregate, under its name in kebab-case. */
export const CommandRoute = (command: string): MethodDecorator =>
  applyDecorators(
    Post(`:id/${command}`),
    HttpCode(200),
    idempotencyKey(false),
    ifMatch,
    answers(200, 'Done, or done before.', commandAnswer, ['ETag', 'Idempotency-Replayed']),
  );

/** GET: the state of something, or a query. The schema says what comes back; a query class says what may be asked. */
export const ReadRoute = (path: string, answer: JsonSchema, description = 'As it stands.'): MethodDecorator =>
  applyDecorators(Get(path), documentQuery, answers(200, description, answer));
