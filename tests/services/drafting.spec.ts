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
    'revise',
    'submit',
  ]);
  const refused = await call('reporter', `/articles/${id}/recall`, {});
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'draft' } });
  expect(refused.body.allowed).toContainEqual({ command: 'submit', by: ['writer'] });
});

interface Bad {
  readonly what: string;
  readonly who: string;
  readonly command: string;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
}
test.each<Bad>([
  { what: 'malformed JSON', who: 'reporter', command: 'revise', body: '{"base":', status: 400, code: 'malformed-json' },
  {
    what: 'an unknown field',
    who: 'reporter',
    command: 'submit',
    body: { extra: 1 },
    status: 400,
    code: 'invalid-body',
  },
  { what: 'a wrong type', who: 'reporter', command: 'revise', body: { base: '1' }, status: 400, code: 'invalid-body' },
  { what: 'NUL', who: 'editor', command: 'spike', body: { reason: 'a\u0000b' }, status: 400, code: 'invalid-body' },
  {
    what: 'half a surrogate pair',
    who: 'editor',
    command: 'spike',
    body: '{"reason":"a\\ud800"}',
    status: 400,
    code: 'invalid-body',
  },
  {
    what: 'a form',
    who: 'reporter',
    command: 'submit',
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported-media-type',
  },
  {
    what: 'a body over the limit',
    who: 'editor',
    command: 'spike',
    body: { reason: 'x'.repeat(2_000_000) },
    status: 413,
    code: 'body-too-large',
  },
  {
    what: 'a stale If-Match',
    who: 'reporter',
    command: 'submit',
    body: {},
    headers: { 'if-match': '"7"' },
    status: 412,
    code: 'stale-if-match',
  },
  { what: 'a role too low', who: 'subscriber', command: 'submit', body: {}, status: 403, code: 'role-required' },
  {
    what: 'a version that was not the one seen',
    who: 'editor',
    command: 'approve',
    body: { version: 9 },
    status: 409,
    code: 'not-allowed-now',
  },
])('$what is refused and changes nothing', async ({ who, command, body, headers, status, code }) => {
  const id = await started();
  const before = (await drafting.store.heads())[0]?.position;
  const reply = await call(who, `/articles/${id}/${command}`, body, headers);
  expect([reply.status, reply.body.code]).toEqual([status, code]);
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  expect(JSON.stringify(reply.body)).not.toMatch(/node_modules|\.ts:/);
  expect((await drafting.store.heads())[0]?.position).toBe(before);
});

test('ids that are none, articles that are not there, and no token', async () => {
  expect(await call('editor', '/articles/nonsense')).toMatchObject({ status: 400, body: { code: 'bad-id' } });
  const nobody = '00000000-0000-4000-8000-000000000000';
  expect(await call('editor', `/articles/${nobody}`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  expect((await fetch(`${drafting.url}/articles/${nobody}`)).status).toBe(401);
});
