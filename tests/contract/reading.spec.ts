import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { articleId, block, content, editor, events, id, packs, plans, told } from '../../apps/reading/src/samples.ts';
import { openReading, type Reading } from '../services/reading-alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { lintFaults } from './lint.ts';

let reading: Reading;
let api: ApiDocument;
beforeAll(async () => {
  reading = await openReading();
  api = await ApiDocument.of(reading.url);
});
afterAll(() => reading.close());

const seen = new Set<string>();
const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

test('the document is well formed, by rules that are not ours', async () => {
  expect(await lintFaults(reading.url)).toEqual([]);
});

test('every operation shows what it takes and what it answers, as its schemas say', () => {
  expect(api.operations.length).toBeGreaterThan(8);
  expect(api.operations.flatMap((operation) => api.exampleFaults(operation))).toEqual([]);
});

async function look(role: string, address: string, status = 200, body?: object): Promise<void> {
  const operation = api.operation(body ? 'post' : 'get', address);
  const reply = await reading.call(role, address, body ? { body } : {});
  expect([address, reply.status]).toEqual([address, status]);
  expect(api.answerFaults(operation, reply)).toEqual([]);
  seen.add(nameOf(operation));
}

test('each answer and each refusal is as documented', async () => {
  const killed = { articleId: id(2) };
  const check = (reason: string, more = {}) =>
    told('LegalCheckRequested', { by: editor, at: '2026-03-01T10:00:00.000000Z', reason, ...more });
  const broken = { articleId: id(5) };
  const shut = content({ headline: 'Bridge shut', blocks: [block('p1', 'It is shut.')] });
  const after = await reading.send(
    ...[events.started(), events.revised(2, shut), events.claimed(), events.approved(2), events.opened(2)],
    ...[events.published(), events.corrected(1, shut), events.thread('ThreadOpened')],
    ...[events.submitted(id(11), 'Ah'), events.submitted(id(12), 'Oh'), events.submitted(id(13), 'Eh')],
    ...[events.let(id(11)), events.let(id(12)), events.rejected(id(13)), events.submitted(id(14), 'Uh')],
    ...[events.submitted(id(15), 'Ih'), events.published(content(), killed), events.killAsked(killed)],
    ...[events.killed(killed), events.started({ articleId: id(3) }), events.moved(), events.moved()],
    { ...events.published(content(), broken), data: broken },
    ...[check('She may sue.'), check('So may he.', { articleId: id(3) }), plans.made(), plans.added()],
    ...[packs.created(id(71)), packs.created(id(72)), packs.arranged(id(71), { is: 'article', id: articleId })],
    plans.told('CoverageAdded', { coverageId: id(52), what: 'text', note: '', due: '2026-03-02T10:00:00.000000Z' }),
  );
  const article = `/articles/${articleId}`;
  await look('site', `${article}/page?limit=1&after=${after}`);
  await look('site', '/pages?path=city/bridge-opens&limit=1');
  await look('editor', `/board?limit=1&after=${after}`);
  await look('editor', `/moves?desk=city&articleId=${articleId}&limit=1&after=${after}`);
  await look('editor', `${article}/history?limit=1&after=${after}`);
  await look('editor', `${article}/difference?from=1&to=2`);
  await look('reporter', `${article}/versions?limit=1`);
  await look('legal', `${article}/versions/2`);
  await look('legal', `${article}/versions/3`, 404);
  await look('legal', `${article}/blame`);
  await look('moderator', `/queues/pending?limit=1&after=${after}`);
  await look('chief', `/publication-log?limit=1&after=${after}`);
  await look('legal', `/notifications?limit=1&after=${after}`);
  await look('legal', '/notifications/events');
  await look('legal', '/my-work?limit=1');
  await look('editor', '/search?q=bridge&limit=1');
  await look('editor', `${article}/moment?at=2029-01-01T00:00:00Z`);
  await look('editor', `${article}/moment?at=1999-01-01T00:00:00Z`, 404);
  await look('legal', '/notifications/seen', 200, { position: after });
  await look('reporter', `/coverages?limit=1&deadline=missed&after=${after}`);
  await look('reporter', `/packages?limit=1&after=${after}`);
  await look('operator', '/operations/digests');
  await look('operator', '/operations/parked');
  const [parked] = await reading.models.parking.list({ limit: 1 });
  const number = `/operations/parked/${parked?.number ?? ''}`;
  await look('operator', number);
  await look('operator', '/operations/parked/retry', 202, {});
  await look('operator', `${number}/retry`, 202, {});
  await look('operator', `${number}/skip`, 202, { reason: 'Sent by mistake.' });
  await look('auditor', '/operations/wishes');
  await look('auditor', '/operations/holes');
  await look('operator', '/operations/rebuild', 202, { readModel: 'publication_log' });
  await look('auditor', '/operations/generations');
  const rebuilt = async () =>
    (await reading.models.generations()).some(
      ({ projection, version, serving }) => projection === 'publication_log' && version === 2 && serving,
    );
  while (!(await rebuilt())) await new Promise((done) => setTimeout(done, 50));
  await look('operator', '/operations/generations/publication_log/1/serve', 202, {});
  await look('operator', '/operations/generations/publication_log/1/drop', 409, {});
  await look('operator', '/operations/generations/publication_log/2/drop', 202, {});
  await look('operator', '/operations/generations/publication_log/2/serve', 404, {});
  await look('operator', '/operations/parked/999999/retry', 404, {});
  await look('operator', '/operations/parked/999999/skip', 404, { reason: 'Sent by mistake.' });
  await look('site', `/articles/${id(2)}/page`, 410);
  await look('site', `/articles/${id(4)}/page`, 404);
  await look('site', '/board', 403);
  await look('editor', '/board?after=x', 400);
  const never = Buffer.from(`publication~${id(99)}~0~999999`).toString('base64url');
  await look('editor', `/publication-log?after=${never}`, 504);
});

test('no operation was left out', () => {
  expect(api.operations.map(nameOf).filter((name) => !seen.has(name))).toEqual([]);
});
