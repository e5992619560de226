import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { noteId } from './sample-service.ts';
import { SampleCaller, told } from './sample-caller.ts';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const names = fc.oneof(
  text,
  fc.constantFrom('title', 'text', 'marks', 'first', 'words', 'seen', 'name', '__proto__', 'constructor', 'length'),
);
const leaf = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('\ud800', '\u0000'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
}));
const almost = fc.record(
  {
    title: fc.oneof(text, value),
    text: value,
    weight: value,
    urgency: value,
    marks: value,
    first: value,
    words: value,
    seen: value,
  },
  { requiredKeys: [] },
);
const bodies = fc.oneof(
  fc.oneof(almost, value).map((given) => Buffer.from(JSON.stringify(given))),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);
const part = fc.oneof(
  fc.constantFrom(
    'notes',
    noteId,
    'close',
    'touch',
    'empty',
    'by-name',
    'open',
    'api',
    'health',
    'live',
    'metrics',
    '..',
    '',
  ),
  fc.webSegment(),
  text.map((given) => encodeURIComponent(given.toWellFormed())),
  fc.string({ unit: 'grapheme-ascii', maxLength: 8 }).map((given) => given.replace(/[?# ]/g, '%')),
);
const addresses = fc.record({
  parts: fc.array(part, { maxLength: 4 }),
  query: fc.option(fc.webQueryParameters(), { nil: undefined }),
});
const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const headers = fc.record(
  {
    'content-type': fc.oneof(fc.constant('application/json'), visible),
    'idempotency-key': visible,
    'if-match': fc.oneof(fc.constant('"3"'), visible),
    traceparent: visible,
    'x-correlation-id': visible,
    accept: visible,
    authorization: visible,
  },
  { requiredKeys: [] },
);
const methods = fc.constantFrom<NonNullable<InjectOptions['method']>[]>(
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
);

describe('whatever is sent', () => {
  const sample = new SampleCaller();

  const isAnswered = async (request: Parameters<SampleCaller['send']>[0]) => {
    const response = await sample.send(request);
    expect(response.statusCode).toBeLessThan(500);
    if (response.statusCode >= 400 && request.method !== 'HEAD') told(response);
  };

  it('as a body, is taken or refused', async () => {
    const property = fc.asyncProperty(
      bodies,
      fc.constantFrom('', `/${noteId}/close`, `/${noteId}/touch`),
      (payload, path) =>
        isAnswered({
          method: 'POST',
          url: `/notes${path}`,
          headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
          payload,
        }),
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('as an address, a method or a header, is taken or refused', async () => {
    const property = fc.asyncProperty(
      addresses,
      methods,
      headers,
      fc.option(bodies, { nil: undefined }),
      (address, method, sent, payload) => {
        // With its origin: without, an address such as /\\ is taken for the name of a host, before it is sent.
        const path = `${address.parts.join('/')}${address.query === undefined ? '' : `?${address.query}`}`;
        const url = `http://localhost/${path}`;
        return isAnswered({ method, url, headers: sent, ...(payload && method !== 'GET' ? { payload } : {}) });
      },
    );
    const backslash: [{ parts: string[]; query: undefined }, 'GET', object, undefined] = [
      { parts: ['\\'], query: undefined },
      'GET',
      {},
      undefined,
    ];
    await fc.assert(property, { numRuns: 500, examples: [backslash] });
  });
});
