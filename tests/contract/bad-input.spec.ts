import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Alone, openAlone } from '../services/alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { badIds, badMedia, badQueries, badTokens, bearer, noJsonObject, strangers } from './bad-requests.ts';
import { tellOperations } from './operations.story.ts';
import { type Bad, Refusals } from './refusals.ts';
import { marker, other, spoilt } from './spoilt.ts';
import { stories } from './stories.ts';
import type { Teller } from './teller.ts';

const all = () => true;
const posts = ({ method }: Operation) => method === 'post';
/** Of an aggregate: what operators do is no command, nor is what is kept beside the log. */
const commands = ({ method, parameters }: Operation) =>
  method === 'post' && parameters.some(({ name }) => name === 'Idempotency-Key');
const creating = (operation: Operation) => commands(operation) && !operation.path.includes('{');
const ofOne = ({ path }: Operation) => path.includes('{id}');

describe.each(stories)('$name refuses on every route', ({ tell, ...parts }) => {
  let service: Alone;
  let api: ApiDocument;
  let refusals: Refusals;
  beforeAll(async () => {
    service = await openAlone(parts);
    api = await ApiDocument.of(service.url);
    refusals = new Refusals(service, api);
    const teller: Teller = {
      async play(who, address, change) {
        const operation = api.operation('post', address);
        const { body } = await service.call(who, address, { ...refusals.example(operation), ...change });
        if (creating(operation)) refusals.there.set(address.slice(1), String(body.id));
        return body;
      },
      async look(who, address) {
        const [, kind = '', id = ''] = address.split('/');
        if (id !== '') refusals.there.set(kind, id);
        return (await service.call(who, address)).body;
      },
    };
    await tell(service, teller);
    refusals.there.set('operations', await tellOperations(service, teller));
  });
  afterAll(() => service.close());

  /** Tries each on every operation that it is for. */
  async function everywhere(
    which: (operation: Operation) => boolean,
    bad: (operation: Operation) => readonly Bad[],
  ): Promise<void> {
    const operations = api.operations.filter(which);
    expect(operations.length).toBeGreaterThan(0);
    const found: string[] = [];
    for (const operation of operations) found.push(...(await refusals.faults(operation, bad(operation))));
    expect(found).toEqual([]);
  }

  test('bodies that are no JSON objects', () => everywhere(posts, () => noJsonObject));

  test('bodies with one thing wrong: types, nulls, unknown fields, characters that are none', async () => {
    const refused = { status: 400, code: 'invalid-body' };
    await everywhere(posts, (operation) =>
      spoilt(refusals.example(operation)).map(({ what, body }) => ({ what, body: JSON.stringify(body), ...refused })),
    );
  });

  test('bodies over the limit, and bodies that are not plain JSON', () =>
    everywhere(posts, (operation) => badMedia(refusals.example(operation))));

  test('ids that are not ids, and ids of nothing', () =>
    everywhere(ofOne, () => [
      ...badIds,
      { what: 'an id of nothing', id: randomUUID(), status: 404, code: 'not-found' },
    ]));

  test('tokens: none, expired, forged, of another issuer or audience, unsigned', async () => {
    const bad = await badTokens(service.issuer);
    await everywhere(all, () => bad);
  });

  test('people without a role, and those outside', async () => {
    const bad = await strangers(service.issuer);
    await everywhere(all, () => bad);
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

  test('query parameters that are unknown', () => everywhere(all, (operation) => badQueries(operation)));

  test('a key used again for anything else, while the same again answers the same and does nothing', async () => {
    const mismatch = { status: 422, code: 'idempotency-mismatch' };
    await tell(service, {
      async play(who, address, change) {
        const operation = api.operation('post', address);
        const body = { ...refusals.example(operation), ...change };
        const key = { 'idempotency-key': randomUUID() };
        const first = await service.call(who, address, body, key);
        expect([address, first.status < 300 ? 'taken' : first.body]).toEqual([address, 'taken']);
        if (!commands(operation)) return first.body;
        const before = await service.effects();
        const again = await service.call(who, address, body, key);
        expect([again.status, again.body]).toEqual([first.status, first.body]);
        expect(again.headers.get('idempotency-replayed')).toBe('true');
        expect(await service.effects()).toBe(before);
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
