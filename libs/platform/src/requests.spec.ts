import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Rejection } from '#decider';
import { Problem } from './index.ts';
import { noteId } from './sample-service.ts';
import { faults, SampleCaller, told } from './sample-caller.ts';

describe('addresses', () => {
  const sample = new SampleCaller();

  it.each([
    '1',
    'x'.repeat(36),
    noteId.toUpperCase().replace('0190F3F0', '0190F3F0'),
    '%00',
    '..%2f',
    `${noteId}%00`,
    '%20',
  ])('have ids that are ids, not %j', async (id) => {
    expect(told(await sample.get(`/notes/${id}`))).toMatchObject({ status: 400, code: 'bad-id' });
    expect(told(await sample.command('touch', undefined, {}, id))).toMatchObject({ status: 400, code: 'bad-id' });
  });

  it('have no control characters in names', async () => {
    expect(faults(await sample.get('/notes/by-name/a%0ab'))).toEqual(['name forbidden-characters']);
    expect((await sample.get('/notes/by-name/caf%C3%A9')).json()).toEqual({ length: 4 });
  });

  it.each(['/notes/%zz', '/notes/%', '/%c0%af', '/notes/%ff'])('that cannot be read are refused: %s', async (url) => {
    expect(told(await sample.get(url))).toMatchObject({ status: 400 });
  });

  it('that are too long are refused', async () => {
    expect([404, 414]).toContain(told(await sample.get(`/notes/${'a'.repeat(5000)}`)).status);
  });

  it('that nothing is at are not found, and not sent back', async () => {
    const response = await sample.get('/words-of-the-address?and=more');
    expect(told(response)).toMatchObject({ status: 404, code: 'route-not-found' });
    expect(response.body).not.toContain('words');
  });

  it('say which methods they take', async () => {
    const response = await sample.send({ method: 'DELETE', url: `/notes/${noteId}` });
    expect(told(response)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(response.headers.allow).toBe('GET, HEAD');
    expect(told(await sample.send({ method: 'GET', url: `/notes/${noteId}/close` })).status).toBe(405);
  });

  it('have no query that is unknown', async () => {
    expect(faults(await sample.get(`/notes/${noteId}?after=x`))).toEqual(['after unknown-parameter']);
    expect(faults(await sample.get('/notes?__proto__=1'))).toEqual(['__proto__ unknown-parameter']);
    expect(faults(await sample.get('/notes?bad=1'))).toEqual(['bad unknown-field']);
    expect(faults(await sample.get('/notes?after=a&after=b'))).toEqual(['after not-text']);
    expect(faults(await sample.get('/notes?after=%00'))).toEqual(['after not-a-position']);
    for (const limit of ['0', '101', '1e1', '0x10', '', '-1', ' 5']) {
      expect(faults(await sample.get(`/notes?limit=${encodeURIComponent(limit)}`))).toEqual(['limit not-in-range']);
    }
    expect((await sample.get('/notes?after=abc&limit=5')).json()).toEqual(['{"after":"abc","limit":5}']);
  });
});

describe('commands', () => {
  const sample = new SampleCaller();
  const key = (value: string) => ({ 'idempotency-key': value });

  it('that create need a key, and answer where the new thing is', async () => {
    expect(told(await sample.write({ title: 'x' }, {}))).toMatchObject({
      status: 400,
      code: 'idempotency-key-required',
    });
    const first = await sample.write({ title: 'x' }, key('one'));
    expect(first.statusCode).toBe(201);
    expect(first.headers).toMatchObject({ location: `/notes/${noteId}`, etag: '"3"' });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(first.json()).toEqual({ id: noteId, version: 3, position: 'token', state: 'open' });
    expect((await sample.write({ title: 'x' }, key('one'))).headers['idempotency-replayed']).toBe('true');
  });

  it('have the same id for the same caller, route and key only', async () => {
    const idOf = async (send: () => Promise<unknown>) => {
      await send();
      return sample.seen.orders.at(-1)?.commandId;
    };
    const by = { by: noteId };
    const one = await idOf(() => sample.command('close', by, key('k')));
    expect(await idOf(() => sample.command('close', by, key('k')))).toBe(one);
    expect(await idOf(() => sample.command('close', by, key('l')))).not.toBe(one);
    expect(await idOf(() => sample.command('touch', undefined, key('k')))).not.toBe(one);
    const other = { ...key('k'), authorization: `Bearer ${await sample.issuer.token({ sub: 'eve' })}` };
    expect(await idOf(() => sample.command('close', by, other))).not.toBe(one);
    const without = await idOf(() => sample.command('close', by));
    expect(await idOf(() => sample.command('close', by))).not.toBe(without);
  });

  it('have a fingerprint of what they say, whatever the order of its fields', async () => {
    const printOf = async (body: string) => {
      await sample.write(body);
      return sample.seen.orders.at(-1)?.fingerprint;
    };
    const one = await printOf('{"title":"x","text":"y"}');
    expect(await printOf('{ "text": "y", "title": "x" }')).toBe(one);
    expect(await printOf('{"title":"x","text":"z"}')).not.toBe(one);
  });

  it.each(['', 'a b', 'x'.repeat(201), 'ä'])('have no key like %j', async (value) => {
    expect(told(await sample.write({ title: 'x' }, key(value)))).toMatchObject({
      status: 400,
      code: 'bad-idempotency-key',
    });
  });

  it('may say which version they are for', async () => {
    const close = (ifMatch: string) => sample.command('close', { by: noteId }, { 'if-match': ifMatch });
    expect((await close('"3"')).statusCode).toBe(200);
    expect((await close('*')).statusCode).toBe(200);
    const stale = await close('"2"');
    expect(told(stale)).toMatchObject({ status: 412, code: 'stale-if-match', expected: 2, actual: 3 });
    for (const bad of ['3', 'W/"3"', '"3", "4"', '"x"', '"-1"', '']) {
      expect(told(await close(bad))).toMatchObject({ status: 400, code: 'bad-if-match' });
    }
  });

  it('carry who asks, and what the request belongs to', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const response = await sample.command('touch', undefined, { traceparent, 'x-correlation-id': 'page-7' });
    expect(response.headers['x-correlation-id']).toBe('page-7');
    expect(sample.seen.orders.at(-1)).toMatchObject({
      actor: { id: 'ada', roles: ['editor'] },
      trace: { correlationId: 'page-7', traceparent },
    });
    const bad = await sample.command('touch', undefined, { traceparent: 'x', 'x-correlation-id': 'a b' });
    expect(bad.headers['x-correlation-id']).toMatch(/^[\da-f-]{36}$/);
    expect(sample.seen.orders.at(-1)?.trace).not.toHaveProperty('traceparent');
  });

  it.each<[unknown, number, string]>([
    [new Rejection('not-allowed-now', 'No.', { allowed: ['x'] }), 409, 'not-allowed-now'],
    [new Rejection('four-eyes', 'No.'), 403, 'four-eyes'],
    [new Rejection('version-seen-stale', 'No.'), 412, 'version-seen-stale'],
    [new Rejection('idempotency-mismatch', 'No.'), 422, 'idempotency-mismatch'],
    [new Rejection('never-heard-of', 'No.', { status: 200, type: 'x' }), 409, 'never-heard-of'],
    [new Problem('parked'), 503, 'parked'],
    [Object.assign(new Error('full'), { retryAfterSeconds: 1.5 }), 503, 'overloaded'],
    [Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
    [Object.assign(new Error('too many'), { code: '53300' }), 503, 'unavailable'],
    [Object.assign(new Error('statement timeout'), { code: '57014' }), 503, 'unavailable'],
    [new Error('Connection terminated unexpectedly'), 503, 'unavailable'],
    [new Error('the secret'), 500, 'internal'],
    ['the secret', 500, 'internal'],
    [undefined, 500, 'internal'],
  ])('that end with %s answer %i %s', async (fault, status, code) => {
    sample.seen.fault = fault;
    const response = await sample.command('throw');
    expect(told(response)).toMatchObject({ status, code });
    expect(response.body).not.toMatch(/secret|10\.0\.0\.1|\.ts:/);
    if (status === 503) expect(response.headers['retry-after']).toMatch(/^[12]$/);
  });
});

describe('what is not HTTP', () => {
  const sample = new SampleCaller();
  let port: number;
  beforeAll(async () => {
    port = Number(new URL(await sample.service.listen()).port);
  });

  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
      socket.on('close', () => {
        resolve(answer);
      });
      socket.on('error', reject);
    });

  it.each<[string, string, string]>([
    ['noise', '\u0000\u0001\u0002\r\n\r\n', '400 malformed-request'],
    ['an unknown method', 'FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n', '400 malformed-request'],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431 headers-too-large'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      '400 malformed-request',
    ],
  ])('is answered, and ends the connection: %s', async (_what, bytes, line) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(`HTTP/1.1 ${line}`);
    expect(answer).toMatch(/Content-Type: application\/problem\+json/i);
    expect(answer).not.toMatch(/xxxx|FROB/);
  });
});
