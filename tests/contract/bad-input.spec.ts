import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { problems } from '#platform';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from '../services/alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { tellDrafting } from './drafting.story.ts';
import { marker, other, spoilt } from './spoilt.ts';

let service: Alone;
let api: ApiDocument;
/** Something of each kind that is there, so that bad input could do something to it. */
const there: Record<string, string> = {};
beforeAll(async () => {
  service = await openAlone({ name: 'drafting', module: DraftingModule });
  api = await ApiDocument.of(service.url);
  const start = api.bodyExample(api.operation('post', '/articles'));
  there.articles = String((await service.call('reporter', '/articles', start)).body.id);
});
afterAll(() => service.close());

const chief = { sub: 'carl', name: 'Carl', roles: ['chief', 'editor', 'reporter'], desks: ['city'] };
interface Sent {
  readonly what: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string | undefined;
  readonly query?: string;
  readonly id?: string;
}

function addressOf({ path }: Operation, id = there[path.split('/')[1] ?? '']): string {
  return path.replace(/\{\w+\}/g, () => {
    if (id === undefined) throw new Error(`Nothing is there for ${path}.`);
    return id;
  });
}

/** How many events there are, in all shards. */
async function events(): Promise<bigint> {
  return (await service.store.heads()).reduce((sum, { position }) => sum + position, 0n);
}

/** The request with everything else as it should be. */
async function requestOf(operation: Operation, sent: Sent): Promise<Request> {
  const commanding = operation.method === 'post';
  const headers = Object.entries<string | undefined>({
    authorization: `Bearer ${await service.issuer.token(chief)}`,
    ...(commanding && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    ...sent.headers,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = commanding ? { body: sent.body ?? JSON.stringify(example(operation)) } : {};
  const url = `${service.url}${addressOf(operation, sent.id)}${sent.query ?? ''}`;
  return new Request(url, { method: operation.method.toUpperCase(), headers, ...body });
}

/** Sends it, and tells what is wrong with the refusal, if anything is. */
async function refusal(operation: Operation, sent: Sent, status: number, codes: readonly string[]): Promise<string[]> {
  const [before, logged] = [await events(), service.lines.length];
  const response = await fetch(await requestOf(operation, sent));
  const text = await response.text();
  const answer = JSON.parse(text) as { code: string };
  const { headers } = response;
  const wrong = {
    [`status ${response.status} and code ${answer.code}`]: response.status !== status || !codes.includes(answer.code),
    'a code that is not in the catalogue': problems.get(answer.code)?.status !== status,
    'no problem+json': headers.get('content-type') !== 'application/problem+json; charset=utf-8',
    'an effect': (await events()) !== before,
    'a stack trace': /node_modules|\.ts[:"]|\bat [\w.]+ \(/.test(text),
    'what was sent, in the answer': text.includes(marker),
    'what was sent, in the log': service.lines.slice(logged).some((line) => line.includes(marker)),
    'not as documented': api.answerFaults(operation, { status: response.status, headers, body: answer }).length > 0,
  };
  const place = `${operation.method} ${operation.path}, ${sent.what}`;
  return Object.entries(wrong).flatMap(([fault, found]) => (found ? [`${place}: ${fault}`] : []));
}

/** Tries each on every operation that it is for, one after the other. */
async function everywhere(
  which: (operation: Operation) => boolean,
  bad: (
    operation: Operation,
  ) => readonly (Sent & { readonly status: number; readonly code: string | readonly string[] })[],
): Promise<string[]> {
  const found: string[] = [];
  for (const operation of api.operations.filter(which)) {
    const tried = bad(operation);
    expect(tried.length).toBeGreaterThan(0);
    for (const { status, code, ...sent } of tried)
      found.push(...(await refusal(operation, sent, status, [code].flat())));
  }
  return found;
}
const all = () => true;
const commands = ({ method }: Operation) => method === 'post';
const creating = ({ method, path }: Operation) => method === 'post' && !path.includes('{');
const ofOne = ({ path }: Operation) => path.includes('{id}');
const example = (operation: Operation) => ({ ...(api.bodyExample(operation) as object) });

test('bodies that are no JSON objects', async () => {
  const bodies = {
    ...{ 'cut off': `{"${marker}":`, 'no JSON': marker, 'a list': `["${marker}"]`, null: 'null', 'a number': '7' },
    ...{ 'an unpaired quote': `{"a":"${marker}}`, 'a text': `"${marker}"`, 'a trailing comma': `{"a":"${marker}",}` },
    ...{
      'a control character in the source': `{"a":"${marker}\u0000"}`,
      'too deep': '{"a":'.repeat(200) + '1' + '}'.repeat(200),
    },
  };
  const sent = Object.entries(bodies).map(([what, body]) => ({
    what,
    body,
    status: 400,
    code: ['malformed-json', 'invalid-body'],
  }));
  expect(await everywhere(commands, () => sent)).toEqual([]);
});

test('bodies with one thing wrong: types, nulls, unknown fields, characters that are none', async () => {
  const found = await everywhere(commands, (operation) =>
    spoilt(example(operation)).map(({ what, body }) => ({
      ...{ what, body: JSON.stringify(body), status: 400, code: 'invalid-body' },
    })),
  );
  expect(found).toEqual([]);
});

test('bodies over the limit, and bodies that are not JSON by their type', async () => {
  const found = await everywhere(commands, (operation) => [
    {
      what: 'over the limit',
      body: JSON.stringify({ ...example(operation), padding: marker.repeat(100_000) }),
      ...{ status: 413, code: 'body-too-large' },
    },
    ...['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml'].map(
      (type) => ({
        ...{ what: type, body: `a=${marker}`, headers: { 'content-type': type } },
        ...{ status: 415, code: 'unsupported-media-type' },
      }),
    ),
    {
      ...{ what: 'compressed', headers: { 'content-encoding': 'gzip' }, status: 415, code: 'unsupported-media-type' },
    },
  ]);
  expect(found).toEqual([]);
});

test('ids that are not ids, and ids of nothing', async () => {
  const bad = [
    '1',
    marker,
    there.articles?.toUpperCase() ?? '',
    `${there.articles ?? ''}0`,
    '%00',
    '%F0%9F%99%82',
    "'--",
  ];
  const found = await everywhere(ofOne, () => [
    ...bad.map((id) => ({ what: `id ${id}`, id, status: 400, code: 'bad-id' })),
    { what: 'an id of nothing', id: randomUUID(), status: 404, code: 'not-found' },
  ]);
  expect(found).toEqual([]);
});

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('tokens: none, expired, forged, of another issuer or audience, unsigned, and of somebody without a role', async () => {
  const { url: iss } = service.issuer;
  const good = await service.issuer.token(chief);
  const { privateKey } = await generateKeyPair('ES256');
  const now = Math.floor(Date.now() / 1000);
  const claims = { ...chief, iss, aud: 'stet', exp: now + 600 };
  const sign = (changed: object) =>
    new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  const [head = '', body = '', signature = ''] = good.split('.');
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const sent = [
    { what: 'none', headers: { authorization: undefined }, code: 'token-missing' },
    { what: 'expired', headers: bearer(await service.issuer.token(chief, -60)), code: 'token-expired' },
    { what: 'forged', headers: bearer(await sign({})), code: 'token-foreign' },
    { what: 'of another issuer', headers: bearer(await sign({ iss: 'https://other.example' })), code: 'token-foreign' },
    { what: 'for another audience', headers: bearer(await sign({ aud: 'other' })), code: 'token-foreign' },
    { what: 'unsigned', headers: bearer(`${base64({ alg: 'none' })}.${base64(claims)}.`), code: 'token-invalid' },
    {
      what: 'unsigned, named otherwise',
      headers: bearer(`${base64({ alg: 'None' })}.${base64(claims)}.`),
      code: 'token-invalid',
    },
    {
      what: 'with other claims',
      headers: bearer(`${head}.${base64({ ...claims, roles: ['operator'] })}.${signature}`),
      code: 'token-foreign',
    },
    { what: 'cut off', headers: bearer(`${head}.${body}`), code: 'token-invalid' },
    { what: 'no token at all', headers: bearer(marker), code: 'token-invalid' },
    { what: 'another scheme', headers: { authorization: `Basic ${marker}` }, code: 'token-invalid' },
  ].map((one) => ({ ...one, status: 401 }));
  const nobody = {
    ...{ what: 'somebody without a role', status: 403, code: 'role-required' },
    headers: bearer(await service.issuer.token({ ...chief, roles: [] })),
  };
  const outside = {
    ...{ what: 'a subscriber', status: 403, code: 'role-required' },
    headers: bearer(await service.issuer.token({ ...chief, roles: ['subscriber'] })),
  };
  expect(await everywhere(all, () => [...sent, nobody, outside])).toEqual([]);
});

test('preconditions and keys: stale, malformed, missing', async () => {
  const stale = { what: 'a stale If-Match', headers: { 'if-match': '"999"' }, status: 412, code: 'stale-if-match' };
  const malformed = ['999', 'W/"1"', '""', '"1", "2"', marker].map((match) => ({
    ...{ what: `If-Match ${match}`, headers: { 'if-match': match }, status: 400, code: 'bad-if-match' },
  }));
  const keys = [' ', 'a b', 'é', marker.repeat(20)].map((key) => ({
    ...{ what: `key ${key}`, headers: { 'idempotency-key': key }, status: 400, code: 'bad-idempotency-key' },
  }));
  expect(await everywhere(commands, () => [stale, ...malformed, ...keys])).toEqual([]);
  const missing = { what: 'no key', headers: { 'idempotency-key': undefined } };
  expect(await everywhere(creating, () => [{ ...missing, status: 400, code: 'idempotency-key-required' }])).toEqual([]);
});

test('query parameters that are unknown', async () => {
  const bad = [`?nonsense=${marker}`, '?nonsense', '?__proto__=1', '?a[b]=1'];
  const found = await everywhere(all, () =>
    bad.map((query) => ({ what: query, query, status: 400, code: 'invalid-parameter' })),
  );
  expect(found).toEqual([]);
});

test('a key used again: for the same it answers the same and does nothing, for anything else it is refused', async () => {
  const found: string[] = [];
  await tellDrafting(service, {
    async play(who, address, change) {
      const operation = api.operation('post', address);
      const body = { ...example(operation), ...change };
      const headers = { 'idempotency-key': randomUUID() };
      const first = await service.call(who, address, body, headers);
      expect([address, first.status < 300 ? 'taken' : first.body]).toEqual([address, 'taken']);
      const before = await events();
      const second = await service.call(who, address, body, headers);
      expect([second.status, second.body]).toEqual([first.status, first.body]);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(await events()).toBe(before);
      found.push(...(await misuses(operation, { who, address, body, headers })));
      return first.body;
    },
    look: async (who, address) => (await service.call(who, address)).body,
  });
  expect(found).toEqual([]);
});

interface Done {
  readonly who: string;
  readonly address: string;
  readonly body: object;
  readonly headers: Record<string, string>;
}
/** The key of what was done, for another body and for another address. */
async function misuses(operation: Operation, { who, address, body, headers }: Done): Promise<string[]> {
  const [role = '', sub = role] = who.split(' ');
  const token = await service.issuer.token({ sub, name: sub, roles: [role], desks: ['city'] });
  const again = { headers: { ...headers, authorization: `Bearer ${token}` } };
  const [, , id = ''] = address.split('/');
  const another = other(body);
  const bad = [
    ...(another ? [{ ...again, what: 'another body', body: JSON.stringify(another), id }] : []),
    ...(id ? [{ ...again, what: 'another address', body: JSON.stringify(body), id: randomUUID() }] : []),
  ];
  return (await Promise.all(bad.map((sent) => refusal(operation, sent, 422, ['idempotency-mismatch'])))).flat();
}
