import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { type Alone, openAlone } from '../services/alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { type Bad, everybody, Refusals } from './refusals.ts';
import { marker, other, spoilt } from './spoilt.ts';
import { stories } from './stories.ts';

const commands = ({ method }: Operation) => method === 'post';
const creating = ({ method, path }: Operation) => method === 'post' && !path.includes('{');
const ofOne = ({ path }: Operation) => path.includes('{id}');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe.each(stories)('$name refuses on every route', ({ tell, ...parts }) => {
  let service: Alone;
  let api: ApiDocument;
  let refusals: Refusals;
  beforeAll(async () => {
    service = await openAlone(parts);
    api = await ApiDocument.of(service.url);
    refusals = new Refusals(service, api);
    await tell(service, {
      async play(who, address, change) {
        const operation = api.operation('post', address);
        const { body } = await service.call(who, address, { ...refusals.example(operation), ...change });
        if (creating(operation)) refusals.there.set(address.slice(1), String(body.id));
        return body;
      },
      async look(who, address) {
        const [, kind = '', id = ''] = address.split('/');
        refusals.there.set(kind, id);
        return (await service.call(who, address)).body;
      },
    });
  });
  afterAll(() => service.close());

  /** Tries each on every operation that it is for. */
  async function everywhere(
    which: (operation: Operation) => boolean,
    bad: (operation: Operation) => readonly Bad[],
  ): Promise<void> {
    const operations = api.operations.filter(which);
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) expect(await refusals.faults(operation, bad(operation))).toEqual([]);
  }

  test('bodies that are no JSON objects', async () => {
    const bodies = {
      ...{ 'cut off': `{"${marker}":`, 'no JSON': marker, 'a list': `["${marker}"]`, null: 'null', 'a number': '7' },
      ...{ 'an open quote': `{"a":"${marker}}`, 'a text': `"${marker}"`, 'a trailing comma': `{"a":"${marker}",}` },
      ...{ 'a raw NUL': `{"a":"${marker}\u0000"}`, 'too deep': `${'{"a":'.repeat(200)}1${'}'.repeat(200)}` },
    };
    const code = ['malformed-json', 'invalid-body'];
    await everywhere(commands, () => Object.entries(bodies).map(([what, body]) => ({ what, body, status: 400, code })));
  });

  test('bodies with one thing wrong: types, nulls, unknown fields, characters that are none', async () => {
    const refused = { status: 400, code: 'invalid-body' };
    await everywhere(commands, (operation) =>
      spoilt(refusals.example(operation)).map(({ what, body }) => ({ what, body: JSON.stringify(body), ...refused })),
    );
  });

  test('bodies over the limit, and bodies that are not plain JSON', async () => {
    const refused = { status: 415, code: 'unsupported-media-type' };
    const types = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'];
    await everywhere(commands, (operation) => [
      {
        ...{ what: 'over the limit', status: 413, code: 'body-too-large' },
        body: JSON.stringify({ ...refusals.example(operation), padding: marker.repeat(100_000) }),
      },
      ...types.map((type) => ({ what: type, body: `a=${marker}`, headers: { 'content-type': type }, ...refused })),
      { what: 'compressed', headers: { 'content-encoding': 'gzip' }, ...refused },
    ]);
  });

  test('ids that are not ids, and ids of nothing', async () => {
    const bad = ['1', marker, randomUUID().toUpperCase(), `${randomUUID()}0`, '%00', '%F0%9F%99%82', "'--"];
    await everywhere(ofOne, () => [
      ...bad.map((id) => ({ what: `id ${id}`, id, status: 400, code: 'bad-id' })),
      { what: 'an id of nothing', id: randomUUID(), status: 404, code: 'not-found' },
    ]);
  });

  test('tokens: none, expired, forged, of another issuer or audience, unsigned', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { ...everybody, iss: service.issuer.url, aud: 'stet', exp };
    const sign = async (changed: object) =>
      bearer(await new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey));
    const unsigned = (alg: string) => bearer(`${base64({ alg })}.${base64(claims)}.`);
    const [head = '', body = '', signature = ''] = (await service.issuer.token(everybody)).split('.');
    const changed = `${head}.${base64({ ...claims, roles: ['operator'] })}.${signature}`;
    const bad = [
      { what: 'none', headers: { authorization: undefined }, code: 'token-missing' },
      { what: 'expired', headers: bearer(await service.issuer.token(everybody, -60)), code: 'token-expired' },
      { what: 'forged', headers: await sign({}), code: 'token-foreign' },
      { what: 'of another issuer', headers: await sign({ iss: 'https://other.example' }), code: 'token-foreign' },
      { what: 'for another audience', headers: await sign({ aud: 'other' }), code: 'token-foreign' },
      { what: 'with other claims', headers: bearer(changed), code: 'token-foreign' },
      { what: 'unsigned', headers: unsigned('none'), code: 'token-invalid' },
      { what: 'unsigned, written otherwise', headers: unsigned('None'), code: 'token-invalid' },
      { what: 'cut off', headers: bearer(`${head}.${body}`), code: 'token-invalid' },
      { what: 'no token at all', headers: bearer(marker), code: 'token-invalid' },
      { what: 'another scheme', headers: { authorization: `Basic ${marker}` }, code: 'token-invalid' },
    ];
    await everywhere(
      () => true,
      () => bad.map((one) => ({ ...one, status: 401 })),
    );
  });

  test('people without a role, and those outside', async () => {
    const tokens = [[], ['subscriber'], ['privacy-officer']].map(async (roles) => ({
      ...{ what: `roles ${roles.join()}`, status: 403, code: 'role-required' },
      headers: bearer(await service.issuer.token({ ...everybody, roles })),
    }));
    const bad = await Promise.all(tokens);
    await everywhere(
      () => true,
      () => bad,
    );
  });

  test('preconditions and keys: stale, malformed, missing', async () => {
    const malformed = ['999', 'W/"1"', '""', '"1", "2"', marker];
    const keys = [' ', 'a b', 'é', marker.repeat(20)];
    await everywhere(commands, () => [
      { what: 'a stale If-Match', headers: { 'if-match': '"999"' }, status: 412, code: 'stale-if-match' },
      ...malformed.map((match) => ({
        ...{ what: `If-Match ${match}`, headers: { 'if-match': match }, status: 400, code: 'bad-if-match' },
      })),
      ...keys.map((key) => ({
        ...{ what: `key ${key}`, headers: { 'idempotency-key': key }, status: 400, code: 'bad-idempotency-key' },
      })),
    ]);
    const missing = { what: 'no key', headers: { 'idempotency-key': undefined } };
    if (!api.operations.some(creating)) return;
    await everywhere(creating, () => [{ ...missing, status: 400, code: 'idempotency-key-required' }]);
  });

  test('query parameters that are unknown', async () => {
    const bad = [`?nonsense=${marker}`, '?nonsense', '?__proto__=1', '?a[b]=1'];
    await everywhere(
      () => true,
      () => bad.map((query) => ({ what: query, query, status: 400, code: 'invalid-parameter' })),
    );
  });

  test('a key used again for anything else, while the same again answers the same and does nothing', async () => {
    const mismatch = { status: 422, code: 'idempotency-mismatch' };
    await tell(service, {
      async play(who, address, change) {
        const operation = api.operation('post', address);
        const body = { ...refusals.example(operation), ...change };
        const key = { 'idempotency-key': randomUUID() };
        const first = await service.call(who, address, body, key);
        expect([address, first.status < 300 ? 'taken' : first.body]).toEqual([address, 'taken']);
        const before = await refusals.events();
        const again = await service.call(who, address, body, key);
        expect([again.status, again.body]).toEqual([first.status, first.body]);
        expect(again.headers.get('idempotency-replayed')).toBe('true');
        expect(await refusals.events()).toBe(before);
        const headers = { ...key, ...bearer(await service.token(who)) };
        const [, , id = ''] = address.split('/');
        const another = other(body);
        const bad: Bad[] = [
          ...(another ? [{ what: 'another body', body: JSON.stringify(another), headers, id, ...mismatch }] : []),
          ...(id ? [{ what: 'elsewhere', body: JSON.stringify(body), headers, id: randomUUID(), ...mismatch }] : []),
        ];
        expect(await refusals.faults(operation, bad)).toEqual([]);
        return first.body;
      },
      look: async (who, address) => (await service.call(who, address)).body,
    });
  });
});
