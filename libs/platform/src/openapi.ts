import type { INestApplication } from '@nestjs/common';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { FastifyReply } from 'fastify';
import { isIdName } from './fields.ts';
import { codesOf } from './problems.ts';

export interface Description {
  readonly title: string;
  readonly description: string;
}

interface Operation {
  operationId?: string;
  summary?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; schema: unknown }[];
  responses: Record<string, unknown>;
}

type Schemas = Record<string, Record<string, unknown>>;

const prefix = '#/components/schemas/';

/** What any request may be told, and what only a command may. */
const anyProblem = [400, 401, 403, 404, 429, 503];
const commandProblem = [...anyProblem, 409, 412, 413, 415, 422];

/** Serves /openapi.json and a page to try it at /api. The document is made when it is first asked for, and written once: it is long, and anybody may ask. */
export function serveOpenApi(app: INestApplication, about: Description): void {
  let made: OpenAPIObject | undefined;
  let written: Buffer | undefined;
  const document = () => (made ??= openApiOf(app, about));
  const http = app.getHttpAdapter() as FastifyAdapter;
  http.get('/openapi.json', (_request: unknown, reply: FastifyReply) =>
    reply.type('application/json').send((written ??= Buffer.from(JSON.stringify(document())))),
  );
  SwaggerModule.setup('api', app, document, {
    raw: false,
    customSiteTitle: about.title,
    swaggerOptions: { persistAuthorization: true },
  });
}

function openApiOf(app: INestApplication, { title, description }: Description): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const scanned = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    autoTagControllers: true,
  });
  // As data: schemas that come from elsewhere bring marks of their own, which are no part of the document.
  const document = JSON.parse(JSON.stringify(scanned)) as OpenAPIObject;
  for (const item of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) complete(method, operation);
  }
  const named = JSON.stringify(document.paths);
  const used = <T>(all: Record<string, T>, kind: string): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => named.includes(`"#/components/${kind}/${name}"`)));
  const { Problem = {}, ...answers } = ownSchemas;
  const schemas = { ...bodySchemas(document), ...used(answers, 'schemas'), Problem };
  const responses = used(problemResponses, 'responses');
  document.components = { ...document.components, schemas, responses };
  return document;
}

function complete(method: string, operation: Operation): void {
  const name = operation.operationId?.split('.').at(-1) ?? '';
  operation.summary ||= name
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^./, (first) => first.toUpperCase());
  const { parameters = [] } = operation;
  for (const parameter of parameters.filter(({ name, in: place }) => place === 'path' && isIdName(name)))
    parameter.schema = { type: 'string', format: 'uuid' };
  const waiting = parameters.some(({ name }) => name === 'after') ? [504] : [];
  // Those that a route names besides are documented like all others.
  const own = Object.keys(operation.responses).filter((status) => Number(status) >= 400);
  for (const status of [...(method === 'get' ? anyProblem : commandProblem), ...waiting, ...own]) {
    operation.responses[status] = { $ref: `#/components/responses/Problem${status}` };
  }
}

/** The schema of each body, from the rules that check it, and of all that those refer to. */
function bodySchemas(document: OpenAPIObject): Schemas {
  const checked = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: prefix,
  }) as Schemas;
  const found: Schemas = {};
  const take = (name: string) => {
    if (name in found) return;
    const schema = checked[name] ?? { type: 'object', properties: {}, examples: [{}] };
    found[name] = { ...schema, additionalProperties: false };
    for (const [, inner] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) if (inner) take(inner);
  };
  Object.keys(document.components?.schemas ?? {}).forEach(take);
  return found;
}

const ownSchemas: Schemas = {
  CommandAnswer: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'version', 'position', 'state'],
    properties: {
      id: { type: 'string', description: 'A UUID; of a desk, its name.' },
      version: { type: 'integer', minimum: 1, description: 'Of the stream; its ETag.' },
      position: { type: 'string', description: 'For `?after=` of any query: not older than this.' },
      state: { type: 'string', description: 'The state it is in now.' },
    },
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string', description: 'Stable; for programs.' },
      correlationId: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['code', 'detail'],
          properties: {
            pointer: { type: 'string', description: 'JSON pointer into the body.' },
            parameter: { type: 'string', description: 'Name of a parameter.' },
            code: { type: 'string' },
            detail: { type: 'string' },
          },
        },
      },
    },
  },
};

const problemResponses = Object.fromEntries(
  [...commandProblem, 410, 504].map((status) => {
    const content = { 'application/problem+json': { schema: { $ref: `${prefix}Problem` } } };
    return [`Problem${status}`, { description: `One of: ${codesOf(status)}.`, content }];
  }),
);
