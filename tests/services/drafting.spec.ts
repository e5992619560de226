import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const rana = { sub: 'rana', name: 'Rana', roles: ['reporter'], desks: ['city'] };
const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
const story = {
  desk: 'city',
  kind: 'story',
  fields: { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] },
  blocks: [paragraph('p1', 'It is open.'), paragraph('p2', 'At last.')],
};
async function started(body: object = story): Promise<string> {
  const { body: answer } = await call('reporter', '/articles', body);
  return String(answer.id);
}

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

test('a story goes from its first word to its approval, each step an event', async () => {
  const id = await started();
  expect((await call('reporter', `/articles/${id}/submit`, {})).body).toMatchObject({ state: 'submitted', version: 2 });
  expect((await call('editor', `/articles/${id}/claim`, {})).body.state).toBe('editing');
  const change = { base: 1, put: [paragraph('p2', 'After <script>x</script><em>ten</em> years.')] };
  expect((await call('editor', `/articles/${id}/revise`, change)).status).toBe(200);
  const alone = await call('editor', `/articles/${id}/approve`, { version: 2 });
  expect(alone).toMatchObject({ status: 403, body: { code: 'four-eyes' } });
  expect((await call('editor second', `/articles/${id}/approve`, { version: 2 })).body.state).toBe('approved');
  const { body, headers } = await call('auditor', `/articles/${id}`);
  expect(headers.get('etag')).toBe('"5"');
  expect(body).toMatchObject({
    state: 'approved',
    content: { blocks: [{ html: 'It is open.' }, { html: 'After <em>ten</em> years.' }] },
  });
  const events = (await drafting.store.readShard(0, 0n, 1000)).filter(({ stream }) => stream === `article-${id}`);
  expect(events.map(({ type }) => type)).toEqual([
    'ArticleStarted',
    'ArticleSubmitted',
    'ArticleClaimed',
    'ArticleRevised',
    'ArticleApproved',
  ]);
});

test('two writers of different blocks both survive; of the same block the second gets both texts', async () => {
  const id = await started();
  await call('reporter', `/articles/${id}/revise`, { base: 1, put: [paragraph('p1', 'One.')] });
  expect((await call('reporter', `/articles/${id}/revise`, { base: 1, put: [paragraph('p2', 'Two.')] })).status).toBe(
    200,
  );
  const clash = await call('reporter', `/articles/${id}/revise`, { base: 1, put: [paragraph('p1', 'Three.')] });
  expect(clash).toMatchObject({
    status: 409,
    body: {
      code: 'block-conflict',
      blocks: [
        { block: 'p1', current: { html: 'One.' }, yours: { html: 'Three.' }, ancestor: { html: 'It is open.' } },
      ],
    },
  });
  expect((await call('reporter', `/articles/${id}`)).body).toMatchObject({
    content: { blocks: [{ html: 'One.' }, { html: 'Two.' }] },
  });
});

test('what is missing at the gates is told all at once', async () => {
  const id = await started({ desk: 'city', kind: 'story' });
  const { status, body } = await call('reporter', `/articles/${id}/submit`, {});
  expect([status, body.code]).toEqual([409, 'gates-not-passed']);
  expect(JSON.stringify(body)).toMatch(/(?=.*headline)(?=.*slugline)(?=.*byline)(?=.*paragraph)/);
});

test('a repeat under the same key answers the same; another body under it is refused', async () => {
  const key = { 'idempotency-key': 'the-same' };
  const first = await call('reporter', '/articles', story, key);
  expect([first.status, first.headers.get('location')]).toEqual([201, `/articles/${String(first.body.id)}`]);
  const again = await call('reporter', '/articles', story, key);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const other = await call('reporter', '/articles', { ...story, desk: 'sport' }, key);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  const without = await fetch(`${drafting.url}/articles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await drafting.issuer.token(rana)}`, 'content-type': 'application/json' },
    body: JSON.stringify(story),
  });
  expect(await without.json()).toMatchObject({ status: 400, code: 'idempotency-key-required' });
});

test('what actions lists succeeds, and what is refused says what would', async () => {
  const id = await started();
  const { body } = await call('reporter', `/articles/${id}/actions`);
  expect((body.actions as { command: string }[]).map(({ command }) => command).toSorted()).toEqual([
    ...['accept-suggestion', 'add-note', 'duplicate', 'reject-suggestion', 'resolve-note', 'restore-version', 'revise'],
    ...['start-follow-up', 'submit', 'suggest-edit', 'translate'],
  ]);
  const refused = await call('reporter', `/articles/${id}/recall`, {});
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'draft' } });
  expect(refused.body.allowed).toContainEqual({ command: 'submit', by: ['writer'] });
});

const olga = { sub: 'olga', name: 'Olga', roles: ['editor'], desks: ['sport'] };
test('roles too low, other desks and texts that were not seen are refused, and change nothing', async () => {
  const id = await started();
  await call('reporter', `/articles/${id}/submit`, {});
  await call('editor', `/articles/${id}/claim`, {});
  await call('editor', `/articles/${id}/revise`, { base: 1, put: [paragraph('p2', 'After ten years.')] });
  const before = (await drafting.store.heads())[0]?.position;
  const approve = (who: string, version: number, headers = {}) =>
    call(who, `/articles/${id}/approve`, { version }, headers);
  expect(await approve('subscriber', 2)).toMatchObject({ status: 403, body: { code: 'role-required' } });
  expect(await approve('reporter', 2)).toMatchObject({ status: 403, body: { code: 'role-required', by: ['editor'] } });
  const elsewhere = { authorization: `Bearer ${await drafting.issuer.token(olga)}` };
  expect(await approve('editor', 2, elsewhere)).toMatchObject({ status: 403, body: { code: 'other-desk' } });
  const stale = { code: 'version-seen-stale', seen: 1, version: 2, changed: ['p2'] };
  expect(await approve('chief', 1)).toMatchObject({ status: 412, body: stale });
  expect(await approve('chief', 9)).toMatchObject({ status: 422, body: { code: 'unknown-version' } });
  expect(await approve('chief', 2, { 'if-match': '"3"' })).toMatchObject({ status: 412, body: { actual: 4 } });
  expect((await drafting.store.heads())[0]?.position).toBe(before);
});

test('more than the log can take is put off, whole; tried again under its key, all of it is done once', async () => {
  const busy = await openAlone({ name: 'drafting', module: DraftingModule, queueLimit: 3 });
  const started = async () => (await busy.store.readShard(0, 0n, 1000)).length;
  const keys = Array.from({ length: 40 }, (_, at) => ({ 'idempotency-key': `start-${at}` }));
  const start = (key: Record<string, string>) => busy.call('reporter', '/articles', story, key);
  const first = await Promise.all(keys.map(start));
  const putOff = first.filter(({ status }) => status !== 201);
  expect(putOff.length).toBeGreaterThan(0);
  for (const { status, headers, body } of putOff)
    expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'overloaded']);
  expect(await started()).toBe(keys.length - putOff.length);
  for (const key of keys) expect((await start(key)).status).toBe(201);
  expect(await started()).toBe(keys.length);
  await busy.close();
});

test('ids that are none, articles that are not there, and no token', async () => {
  expect(await call('editor', '/articles/nonsense')).toMatchObject({ status: 400, body: { code: 'bad-id' } });
  const nobody = '00000000-0000-4000-8000-000000000000';
  expect(await call('editor', `/articles/${nobody}`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  expect((await fetch(`${drafting.url}/articles/${nobody}`)).status).toBe(401);
});
