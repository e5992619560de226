import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { articleId, content, events } from '../../apps/reading/src/samples.ts';
import { openReading, type Reading } from '../services/reading-alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { badIds, badMedia, badQueries, badTokens, noJsonObject, strangers } from './bad-requests.ts';
import { type Bad, Refusals } from './refusals.ts';
import { spoilt } from './spoilt.ts';

let reading: Reading;
let api: ApiDocument;
let refusals: Refusals;
beforeAll(async () => {
  reading = await openReading();
  api = await ApiDocument.of(reading.url);
  const after = await reading.send(events.started(), events.approved(1), events.opened(1), events.published(content()));
  await reading.after(after, 'operator', '/operations/digests');
  // What operators do shows in the digests: a read model that is rebuilt begins with nothing.
  const effects = async () => (await reading.call('operator', '/operations/digests')).text;
  refusals = new Refusals({ ...reading, effects }, api);
  refusals.there.set('articles', articleId).set('operations', '1');
});
afterAll(() => reading.close());

const all = () => true;
const commands = ({ method }: Operation) => method === 'post';
/** What some queries cannot do without. */
const given: Readonly<Record<string, Record<string, string>>> = {
  '/pages': { path: 'city/bridge-opens' },
  '/search': { q: 'bridge' },
  '/articles/{id}/moment': { at: '2026-03-01T07:05:00Z' },
  '/articles/{id}/difference': { from: '1', to: '1' },
};

async function everywhere(which: (operation: Operation) => boolean, bad: (operation: Operation) => readonly Bad[]) {
  const operations = api.operations.filter(which);
  expect(operations.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const operation of operations) found.push(...(await refusals.faults(operation, bad(operation))));
  expect(found).toEqual([]);
}

test('parameters that are unknown, missing, given twice, or not what they should be', () =>
  everywhere(all, (operation) => badQueries(operation, given[operation.path])));

test('ids that are not ids, and ids of nothing', () =>
  everywhere(
    ({ path }) => path.includes('{id}'),
    ({ path }) => {
      const query = new URLSearchParams(given[path]).toString();
      const nothing = {
        what: 'an id of nothing',
        id: randomUUID(),
        query: `?${query}`,
        status: 404,
        code: 'not-found',
      };
      return [...badIds, nothing];
    },
  ));

test('tokens: none, expired, forged, of another issuer or audience, unsigned', async () => {
  const bad = await badTokens(reading.issuer);
  await everywhere(all, () => bad);
});

test('people without a role, and those outside', async () => {
  const bad = await strangers(reading.issuer);
  await everywhere(all, () => bad);
});

test('bodies that are no JSON objects, over the limit, not JSON, or with one thing wrong', () =>
  everywhere(commands, (operation) => {
    const good = refusals.example(operation);
    const wrong = spoilt(good).map(({ what, body }) => ({ what, body: JSON.stringify(body) }));
    const refused = { status: 400, code: 'invalid-body' };
    return [...noJsonObject, ...badMedia(good), ...wrong.map((one) => ({ ...one, ...refused }))];
  }));
