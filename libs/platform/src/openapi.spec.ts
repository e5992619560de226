import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { noteId } from './sample-service.ts';
import { SampleCaller } from './sample-caller.ts';

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> };
  readonly security?: readonly object[];
  readonly summary: string;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly security: readonly object[];
}

describe('the OpenAPI document', () => {
  const sample = new SampleCaller();
  const read = async () => (await sample.get('/openapi.json')).json<Document>();
  const named = ({ parameters }: Operation) =>
    parameters.map(({ name, required }) => `${name}${required ? '!' : ''}`).sort();

  it('is 3.1 and asks for a token, except where none is needed', async () => {
    const { openapi, security, paths } = await read();
    expect(openapi).toBe('3.1.0');
    expect(security).toEqual([{ bearer: [] }]);
    expect(paths['/open']?.get?.security).toEqual([]);
    expect(paths['/notes']?.post).not.toHaveProperty('security');
  });

  it('names the headers and parameters of each route', async () => {
    const { paths } = await read();
    const of = (path: string, method: string) => {
      const operation = paths[path]?.[method];
      return operation ? named(operation) : [];
    };
    expect(of('/notes', 'post')).toEqual(['Idempotency-Key!']);
    expect(of('/notes/{id}/close', 'post')).toEqual(['Idempotency-Key', 'If-Match', 'id!']);
    expect(of('/notes', 'get')).toEqual(['after', 'limit']);
  });

  it('has an answer and every kind of refusal for each route', async () => {
    const { paths } = await read();
    const statuses = (path: string, method: string) => Object.keys(paths[path]?.[method]?.responses ?? {}).map(Number);
    const commands = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503];
    expect(statuses('/notes', 'post')).toEqual([201, ...commands]);
    expect(statuses('/notes/{id}/close', 'post')).toEqual([200, ...commands]);
    expect(statuses('/notes', 'get')).toEqual([200, 400, 401, 403, 404, 429, 503, 504]);
    for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
      expect(operation.summary).toMatch(/^[A-Z]/);
    }
  });

  it('has schemas that take what the service takes, and refuse what it refuses', async () => {
    const document = await read();
    const body = document.paths['/notes']?.post?.requestBody?.content['application/json']?.schema;
    expect(body).toEqual({ $ref: '#/components/schemas/WriteNote' });
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const check = ajv.compile({ ...document, ...body });
    const cases = [
      { title: 'x' },
      { title: 'x', text: '', marks: [{ name: 'a' }], first: { name: 'b' }, words: ['a'], seen: [noteId], urgency: 3 },
      {},
      { title: 'x', more: 1 },
      { title: 'x', marks: [{ name: 'a', more: 1 }] },
      { title: 'x', marks: [[]] },
      { title: 'x', first: {} },
      { title: 'x', words: ['longer'] },
      { title: 'x', words: ['a', 'a', 'a', 'a'] },
      { title: 'x', seen: ['1'] },
      { title: 'x', weight: 'heavy' },
      { title: 'x', urgency: 0 },
      { title: 'x'.repeat(21) },
      { title: null },
    ];
    const taken = await Promise.all(cases.map(async (given) => (await sample.write(given)).statusCode === 201));
    expect(cases.map((given) => check(given))).toEqual(taken);
    expect(taken.filter(Boolean)).toHaveLength(2);
  });

  it('describes each command’s answer and each problem as they are', async () => {
    const document = await read();
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const valid = (name: string, given: unknown) =>
      ajv.validate({ ...document, $ref: `#/components/schemas/${name}` }, given) || ajv.errorsText();
    expect(valid('CommandAnswer', (await sample.write({ title: 'x' })).json())).toBe(true);
    expect(valid('Problem', (await sample.write({ title: 1, more: 2 })).json())).toBe(true);
    expect(valid('Problem', { code: 'x' })).not.toBe(true);
  });

  it('has a page to try it', async () => {
    const page = await sample.service.app.inject({ method: 'GET', url: '/api' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch('text/html');
    expect((await sample.service.app.inject({ method: 'GET', url: '/api/swagger-ui.css' })).statusCode).toBe(200);
  });
});
