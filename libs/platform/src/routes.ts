import { applyDecorators, Get, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { encodePosition } from '#contracts';
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

interface Answered {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly headers?: readonly string[];
  readonly example?: object | undefined;
  /** What `Accept: text/plain` gives, for an example. */
  readonly plain?: string | undefined;
}
// The types of @nestjs/swagger know OpenAPI 3.0 only; JSON Schema as it is belongs into 3.1.
const answers = (status: number, { description, schema, headers = [], example, plain }: Answered) =>
  ApiResponse({
    status,
    description,
    headers: Object.fromEntries(
      headers.map((name) => [name, { description: headerMeanings[name], schema: { type: 'string' } }]),
    ),
    content: {
      'application/json': { schema, ...(example && { example }) },
      ...(plain && { 'text/plain': { schema: { type: 'string', examples: [plain] } } }),
    },
  } as ApiResponseOptions);

const headerMeanings: Readonly<Record<string, string>> = {
  ETag: 'The version that it now stands at, in quotes.',
  Location: 'Where the new thing is.',
  'Idempotency-Replayed': '`true` when this was done before, under the same key.',
  'Stet-Position': 'How new the answer is: a position for `?after=` of any query.',
  Link: 'Where the next page is, as `rel="next"`; absent on the last.',
};

const position = encodePosition({
  ...{ service: 'drafting', logId: '01890f3c-5a10-7b21-9c44-3f6e2d7a1b00' },
  ...{ shard: 0, position: 42n },
});
/** What a command answers; `state`, for the example, is the one that it usually leaves. */
const commandAnswer = (description: string, headers: readonly string[], state: string | undefined): Answered => ({
  description,
  schema: { $ref: '#/components/schemas/CommandAnswer' },
  headers,
  example:
    state === undefined ? undefined : { id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05', version: 3, position, state },
});
const creating: MethodDecorator = (_target, _name, descriptor) => {
  if (descriptor.value) markCreating(descriptor.value);
};

/** POST on the collection: starts one, in this state. 201 with its address; the Idempotency-Key is required. */
export const CreateRoute = (path = '', state?: string): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(201),
    creating,
    idempotencyKey(true),
    answers(201, commandAnswer('Created.', ['ETag', 'Location', 'Idempotency-Replayed'], state)),
  );

/**
 * POST :id/<command>: one command of the aggregate, under its name in kebab-case. `state` is shown as the one that it leaves; `of` is what
 * the part of the address is called that says which one, where that is no id.
 */
export const CommandRoute = (command: string, state?: string, of = 'id'): MethodDecorator =>
  applyDecorators(
    Post(`:${of}/${command}`),
    HttpCode(200),
    idempotencyKey(false),
    ifMatch,
    answers(200, commandAnswer('Done, or done before.', ['ETag', 'Idempotency-Replayed'], state)),
  );

/**
 * GET: the state of something, or a query. The schema says what comes back, and has an example of it; a query class says what may be
 * asked.
 */
export const ReadRoute = (path: string, answer: JsonSchema, description = 'As it stands.'): MethodDecorator =>
  applyDecorators(Get(path), documentQuery, answers(200, { description, schema: answer }));

/** POST :id/<name>: keeps something beside the log. No event comes of it and nothing is decided by it; again it does the same again. */
export const KeepRoute = (name: string, schema: JsonSchema, description: string): MethodDecorator =>
  applyDecorators(Post(`:id/${name}`), HttpCode(200), answers(200, { description, schema }));

/** POST: the same for something that is the caller's own. */
export const OwnRoute = (path: string, schema: JsonSchema, description: string): MethodDecorator =>
  applyDecorators(Post(path), HttpCode(200), answers(200, { description, schema }));

/** POST :id/<name>: tells what is told to nobody without a trace. It is recorded each time, and never answered from an earlier one. */
export const AskRoute = (name: string, schema: JsonSchema, description: string): MethodDecorator =>
  KeepRoute(name, schema, description);

/** POST of an operator: something is begun, and goes on after the answer (202). */
export const OperationRoute = (path: string, schema: JsonSchema, description: string): MethodDecorator =>
  applyDecorators(Post(path), HttpCode(202), answers(202, { description, schema }));

/** GET: server-sent events that go on after the one in `Last-Event-ID`. `example` is what one looks like. */
export const StreamRoute = (path: string, description: string, example: string): MethodDecorator =>
  applyDecorators(
    Get(path),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The `id` of the last event that was received: it goes on after that. Without it, from now on.',
      schema: { type: 'string', maxLength: 2000 },
    }),
    ApiResponse({
      status: 200,
      description,
      content: { 'text/event-stream': { schema: { type: 'string' }, example } },
    }),
  );

export interface QueryAnswers {
  readonly description: string;
  /** Whether there are more pages of it. */
  readonly paged?: boolean;
  /** What `Accept: text/plain` gives, for an example; JSON alone without it. */
  readonly plain?: string;
  /** Whether it may be gone for good. */
  readonly gone?: boolean;
}

/** GET: a query of read models, which takes `?after=` and says in Stet-Position how new its answer is. */
export const QueryRoute = (path: string, schema: JsonSchema, about: QueryAnswers): MethodDecorator => {
  const { description, paged = false, plain, gone = false } = about;
  const headers = ['Stet-Position', ...(paged ? ['Link'] : [])];
  return applyDecorators(
    Get(path),
    documentQuery,
    answers(200, { description, schema, headers, plain }),
    ...(gone ? [ApiResponse({ status: 410, description: 'Gone for good.' })] : []),
  );
};
