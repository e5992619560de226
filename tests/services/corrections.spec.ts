import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { onArticleKilled } from '../../apps/drafting/src/on-article-killed.ts';
import { onCorrectionApproved } from '../../apps/drafting/src/on-correction-approved.ts';
import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import { type Alone, openAlone } from './alone.ts';
import { listen } from './listening.ts';
import { putOut } from './out.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html, attributions: [] });
const fields = { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] };
const blocks = [paragraph('p1', 'It is open.'), paragraph('p2', 'At last.')];
const by = { id: 'dora', name: 'Dora' };

async function approved(): Promise<string> {
  const { body } = await call('reporter', '/articles', { desk: 'city', kind: 'story', fields, blocks });
  const id = String(body.id);
  await call('reporter', `/articles/${id}/submit`, {});
  await call('editor', `/articles/${id}/claim`, {});
  await call('editor', `/articles/${id}/approve`, { version: 1 });
  return id;
}
const told = (articleId: string, type: string, data: object) =>
  drafting.hear(onPublicationDecided, { type, key: articleId, data: { articleId, by, ...data } });
async function published(): Promise<string> {
  const id = await approved();
  await putOut(drafting, id);
  return id;
}
const open = (articleId: string, who = 'reporter') => call(who, '/corrections', { articleId });
async function eventsOf(...streams: string[]) {
  return (await drafting.store.readShard(0, 0n, 100_000)).filter(({ stream }) => streams.includes(stream));
}

test('a correction goes from a copy of what is out to its approval, and enters the working line', async () => {
  const articleId = await published();
  await call('editor', `/articles/${articleId}/open-next-version`, {});
  await call('editor', `/articles/${articleId}/revise`, { base: 1, put: [paragraph('p1', 'It will close.')] });
  const opened = await open(articleId);
  const id = String(opened.body.id);
  expect([opened.status, opened.headers.get('location')]).toEqual([201, `/corrections/${id}`]);
  const copy = await call('editor', `/corrections/${id}`);
  expect(copy.headers.get('etag')).toBe('"1"');
  expect(copy.body).toMatchObject({ articleId, state: 'open', base: 1, changed: [], content: { blocks } });

  const change = { base: 1, put: [paragraph('p2', 'After <script>x</script>ten years.')] };
  expect((await call('reporter', `/corrections/${id}/revise`, change)).status).toBe(200);
  const clash = { base: 1, put: [paragraph('p2', 'After nine years.')] };
  expect(await call('editor', `/corrections/${id}/revise`, clash)).toMatchObject({
    status: 409,
    body: { code: 'block-conflict', blocks: [{ block: 'p2', ancestor: { html: 'At last.' } }] },
  });
  expect((await call('editor', `/corrections/${id}/read-back`, { version: 2, blocks: ['p2'] })).status).toBe(200);
  const { body: can } = await call('editor', `/corrections/${id}/actions`);
  expect(can.actions).toContainEqual({ command: 'approve', by: ['editor'] });
  const { body: known } = await call('editor', `/articles/${articleId}/actions`);
  expect(can.knows).toEqual(known.knows);
  expect((await call('editor', `/corrections/${id}/approve`, { version: 2 })).body.state).toBe('approved');

  const [event] = (await eventsOf(`correction-${id}`)).slice(-1);
  expect(event).toMatchObject({ type: 'CorrectionApproved', data: { base: 1, changed: ['p2'] } });
  await drafting.hear(onCorrectionApproved, { type: 'CorrectionApproved', key: articleId, data: event?.data });
  expect((await call('editor', `/articles/${articleId}`)).body).toMatchObject({
    ...{ state: 'editing', authors: { p1: 'editor', p2: 'reporter' } },
    content: { blocks: [{ html: 'It will close.' }, { html: 'After ten years.' }] },
  });
});

test('what readers do not have is not corrected, nor by those who may not', async () => {
  const articleId = await approved();
  expect(await open(articleId)).toMatchObject({ status: 409, body: { code: 'not-published', state: 'none' } });
  expect(await open('00000000-0000-4000-8000-000000000000')).toMatchObject({
    status: 404,
    body: { code: 'not-found' },
  });
  expect(await open(await published(), 'reporter ravi')).toMatchObject({ status: 403, body: { code: 'other-desk' } });
  expect(await open(articleId, 'duty-editor')).toMatchObject({ status: 403, body: { code: 'role-required' } });
});

test('given up, it takes nothing more, and says that nothing is possible', async () => {
  const id = String((await open(await published())).body.id);
  expect((await call('reporter', `/corrections/${id}/discard`, {})).body.state).toBe('discarded');
  expect(await call('reporter', `/corrections/${id}/revise`, { base: 1 })).toMatchObject({
    status: 409,
    body: { code: 'not-allowed-now', allowed: [] },
  });
  expect((await call('reporter', `/corrections/${id}/actions`)).body.actions).toEqual([]);
});

test('a repeat under the same key opens nothing twice', async () => {
  const articleId = await published();
  const key = { 'idempotency-key': 'one-correction' };
  const first = await call('reporter', '/corrections', { articleId }, key);
  await told(articleId, 'ArticleKilled', { reason: 'Untrue.', askedBy: by, item: 2 });
  expect((await call('reporter', '/corrections', { articleId }, key)).body).toEqual(first.body);
});

test('it copies what is out at the moment that the log says, whatever goes out beside it', async () => {
  const articleId = await published();
  const { content } = (await call('editor', `/articles/${articleId}`)).body;
  const goesOut = async (version: number) => {
    const next = { ...(content as object), headline: `Headline ${version}` };
    await told(articleId, 'ArticleCorrected', { version, content: next, number: version, item: version });
  };
  const versions = Array.from({ length: 20 }, (_, at) => at + 2);
  const opened = await Promise.all(
    versions.flatMap((version) => [
      goesOut(version).then(() => ''),
      open(articleId).then(({ body }) => String(body.id)),
    ]),
  );
  const corrections = opened.filter(Boolean).map((id) => `correction-${id}`);
  let out: unknown;
  let copies = 0;
  for (const { type, data } of await eventsOf(`article-${articleId}`, ...corrections)) {
    const { version, base, content: text } = data as Record<string, unknown>;
    if (type === 'PublicationRecorded') out = [version, text];
    if (type !== 'CorrectionOpened') continue;
    expect([base, text]).toEqual(out);
    copies++;
  }
  expect(copies).toBe(versions.length);
});

test('a kill ends the corrections of its article that are open, and no others', async () => {
  const articleId = await published();
  const [one, other, done] = [await open(articleId), await open(articleId), await open(articleId)];
  await call('reporter', `/corrections/${String(done.body.id)}/discard`, {});
  const elsewhere = await open(await published());
  await told(articleId, 'ArticleKilled', { reason: 'Untrue.', askedBy: by, item: 2 });
  const [killed] = (await eventsOf(`article-${articleId}`)).slice(-1);
  const heard = { type: 'PublicationRecorded', key: articleId, data: killed?.data };
  expect(await drafting.hear(onArticleKilled, heard)).toEqual(['not-allowed-now']);
  const states = await Promise.all(
    [one, other, done, elsewhere].map(
      async ({ body }) => (await call('editor', `/corrections/${String(body.id)}`)).body.state,
    ),
  );
  expect(states).toEqual(['discarded', 'discarded', 'discarded', 'open']);
  expect(await open(articleId)).toMatchObject({ status: 409, body: { code: 'not-published', state: 'killed' } });
});

test('who is quoted anonymously in a correction has a source too, checked in its own text', async () => {
  const articleId = await published();
  const id = String((await open(articleId)).body.id);
  const speaker = 'an officer of the bridge';
  const attributions = [{ speaker, kind: 'person', terms: 'anonymous' }];
  const put = [{ id: 'q1', kind: 'quote', html: '“It is not safe.”', attributions }];
  await call('reporter', `/corrections/${id}/revise`, { base: 1, put });
  const approve = () => call('editor edna', `/corrections/${id}/approve`, { version: 2 });
  const gates = async () => ((await approve()).body.gates as { gate: string }[]).map(({ gate }) => gate);
  expect(await gates()).toEqual(['source-missing']);
  const source = { desk: 'city', description: speaker, why: 'Fear.', identity: { names: ['Mira Tollander'] } };
  const sourceId = String((await call('reporter rana', '/sources', source)).body.id);
  const attribute = { block: 'q1', speaker, sourceId };
  const article = `/articles/${articleId}`;
  expect(await call('editor edna', `${article}/attribute`, attribute)).toMatchObject({ status: 422 });
  expect((await call('editor edna', `${article}/attribute`, { ...attribute, correctionId: id })).status).toBe(200);
  await call('editor edna', `/sources/${sourceId}/verify`, {});
  const check = (correctionId: string | undefined, version: number) =>
    call('editor edna', `${article}/source-check`, { version, answer: 'public-mention', correctionId });
  expect(await check(undefined, 1)).toMatchObject({ status: 403, body: { code: 'role-required' } });
  const other = String((await open(await published())).body.id);
  expect(await check(other, 1)).toMatchObject({ status: 404 });
  expect(await gates()).toEqual(['source-check']);
  expect((await check(id, 2)).status).toBe(200);
  expect((await approve()).body.state).toBe('approved');
});

test('an approval meets all gates of an article at once; lawyers answer, a chief waives, and what is confirmed is recorded', async () => {
  const articleId = await published();
  const id = String((await open(articleId)).body.id);
  const command = (who: string, name: string, body: object) => call(who, `/corrections/${id}/${name}`, body);
  const requirements = [{ of: 'standfirst', min: 1, warning: true }];
  await call('chief', '/desks/city/set-requirements', { kind: 'story', requirements });
  const put = [paragraph('p2', 'After years of doubts.')];
  await command('reporter', 'revise', { base: 1, put });
  expect((await command('reporter', 'request-legal-check', { reason: 'Libel?' })).status).toBe(403);
  expect((await command('editor', 'request-legal-check', { reason: 'Libel?' })).status).toBe(200);
  await call('editor', `/articles/${articleId}/mark-not-for-publication`, { reason: 'A doubt.' });
  const refused = await command('editor', 'approve', { version: 2, confirm: ['standfirst'] });
  expect(refused).toMatchObject({
    ...{ status: 409, body: { code: 'gates-not-passed' } },
    body: {
      gates: [
        { gate: 'standfirst', severity: 'warning', field: 'standfirst', text: 'The standfirst is missing.' },
        { gate: 'legal-check', severity: 'error' },
        { gate: 'not-for-publication', severity: 'error' },
      ],
    },
  });
  const { body: can } = await call('editor', `/corrections/${id}/actions`);
  expect(JSON.stringify(can.actions)).not.toContain('"approve"');
  await call('editor', `/articles/${articleId}/unmark-not-for-publication`, { reason: 'None.' });
  const wanted = { version: 2, answer: 'changes-wanted', reason: 'Name whoever doubted.' };
  expect((await command('legal', 'answer-legal-check', wanted)).status).toBe(200);
  expect((await call('editor', `/corrections/${id}`)).body.legal).toMatchObject({
    status: 'required',
    why: wanted.reason,
  });
  expect((await command('legal', 'answer-legal-check', { version: 2, answer: 'pass' })).status).toBe(200);
  await command('reporter', 'revise', { base: 2, put: [paragraph('p2', 'After ten years.')] });
  expect((await call('editor', `/corrections/${id}`)).body.legal).toMatchObject({
    status: 'required',
    pending: ['p2'],
  });
  await command('chief', 'waive-legal-check', { version: 3, reason: 'It is shorter.' });
  expect(await command('editor', 'approve', { version: 3 })).toMatchObject({ status: 409 });
  expect((await command('editor', 'approve', { version: 3, confirm: ['standfirst'] })).body.state).toBe('approved');
  expect((await eventsOf(`correction-${id}`)).at(-1)).toMatchObject({
    type: 'CorrectionApproved',
    data: { confirmed: [{ gate: 'standfirst', field: 'standfirst' }], applied: { desk: 1, style: 0 } },
  });
});

test('what one editor corrects alone owes a second look, where the desk allows it', async () => {
  const id = String((await open(await published(), 'editor')).body.id);
  const change = { base: 1, fields: { urgency: 1 }, put: [paragraph('p2', 'It burns.')] };
  await call('editor', `/corrections/${id}/revise`, change);
  const body = { version: 2, confirm: ['standfirst'], alone: 'It burns.' };
  const approve = () => call('editor', `/corrections/${id}/approve`, body);
  expect(await approve()).toMatchObject({ status: 403, body: { code: 'four-eyes' } });
  await call('chief', '/desks/city/set-lone-approval', { allowed: true });
  expect((await approve()).body.state).toBe('approved');
  expect((await call('editor', `/corrections/${id}`)).body.secondLook).toMatchObject({
    blocks: ['p2'],
    overdue: false,
  });
  expect((await call('editor', `/corrections/${id}/countersign`, { version: 2 })).status).toBe(403);
  expect((await call('editor emil', `/corrections/${id}/countersign`, { version: 2 })).status).toBe(200);
  expect((await call('editor', `/corrections/${id}`)).body.secondLook).toBeNull();
});

test('who has it in hand, and what happens to it, others see as it happens; an old version comes back as a new one', async () => {
  const articleId = await published();
  const id = String((await open(articleId)).body.id);
  const path = `/corrections/${id}`;
  const heard = listen(`${drafting.url}${path}/events`, await drafting.token('editor edna'), ['changed', 'presence']);
  await heard.of('presence', 1);
  expect((await call('reporter rana', `${path}/lease`, { session: 'one' })).body).toMatchObject({ by: { id: 'rana' } });
  expect(await call('editor', `${path}/lease`, { session: 'two' })).toMatchObject({ body: { code: 'lease-held' } });
  expect((await call('editor', `/articles/${articleId}/lease`)).body).toEqual({ lease: null });
  const takeOver = { session: 'two', reason: 'Urgent.' };
  expect((await call('reporter', `${path}/take-over-lease`, takeOver)).status).toBe(403);
  expect((await call('editor edna', `${path}/take-over-lease`, takeOver)).status).toBe(200);
  expect((await call('reporter', `${path}/lease`)).body).toMatchObject({ lease: { by: { id: 'edna' } } });
  await call('editor edna', `${path}/revise`, { base: 1, put: [paragraph('p2', 'Shut.')] });
  expect(await call('editor edna', `${path}/restore-version`, { version: 1, seen: 1 })).toMatchObject({ status: 412 });
  expect((await call('editor edna', `${path}/restore-version`, { version: 1, seen: 2 })).status).toBe(200);
  expect((await call('editor', path)).body).toMatchObject({ version: 3, changed: [], content: { blocks } });
  const changed = await heard.of('changed', 3);
  heard.close();
  expect(changed.map(({ id: at, data }) => [at, data.type])).toEqual([
    ['2', 'CorrectionLeaseTakenOver'],
    ['3', 'CorrectionRevised'],
    ['4', 'CorrectionRevised'],
  ]);
});
