import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { tracesInTables } from '../e2e/traces.ts';
import { type Alone, openAlone } from './alone.ts';

/** What nobody may find who was not told. */
const planted = ['Zyxtolland', 'zyxdetails', 'zyxwhy', 'zyxlook', 'zyxretract'] as const;
const [name, details, why, looked, retractedFor] = planted;
const identity = { names: [`Mira ${name}`], details };
const body = { desk: 'city', description: 'a harbour officer', why, identity };
let drafting: Alone;
let admin: pg.Client;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const inTables = () => tracesInTables(admin, planted);
const eventsOf = async (id: string) =>
  (await drafting.store.readShard(0, 0n, 1000)).filter(({ stream }) => stream === `source-${id}`);
async function registered(who = 'reporter rana'): Promise<string> {
  const reply = await call(who, '/sources', body);
  expect(reply.status).toBe(201);
  return String(reply.body.id);
}

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
  admin = new pg.Client({ connectionString: drafting.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await drafting.close();
});

test('who a source is shows to those who know, each time with a reason, and nowhere else', async () => {
  const id = await registered();
  const look = (who: string) => call(who, `/sources/${id}/look`, { reason: looked });
  expect(await look('editor edna')).toMatchObject({ status: 403, body: { code: 'role-required' } });
  expect(await call('editor edna', `/sources/${id}/verify`, {})).toMatchObject({ body: { state: 'verified' } });
  const seen = await look('editor edna');
  expect(seen).toMatchObject({ status: 200, body: { id, version: 3, identity } });
  expect(seen.headers.get('cache-control')).toBe('no-store');
  expect(await look('privacy-officer pia')).toMatchObject({ status: 200, body: { version: 4, identity } });
  const key = { 'idempotency-key': 'once' };
  for (const version of [5, 6])
    expect(await call('reporter rana', `/sources/${id}/look`, { reason: looked }, key)).toMatchObject({
      body: { version, identity },
    });
  for (const who of ['editor emil', 'chief', 'reporter ravi', 'auditor']) expect((await look(who)).status).toBe(403);
  const { body: shown } = await call('reporter ravi', `/sources/${id}`);
  expect(shown).toMatchObject({ state: 'verified', why, seen: Array(4).fill({ reason: looked }) });
  expect(JSON.stringify(shown)).not.toContain(name);
  expect(await inTables()).toEqual([]);
  expect(drafting.lines.filter((line) => planted.some((text) => line.includes(text)))).toEqual([]);
});

test('to another desk, and for an id of nothing, the answer is the same', async () => {
  const id = await registered();
  const olga = { sub: 'olga', name: 'Olga', roles: ['editor'], desks: ['sport'] };
  const elsewhere = { authorization: `Bearer ${await drafting.issuer.token(olga)}` };
  const said = async (of: string, path: string, sent: object | undefined) => {
    const { status, body: problem } = await call('editor', `/sources/${of}${path}`, sent, elsewhere);
    return { status, ...problem, correlationId: '' };
  };
  const asked: [string, object | undefined][] = [
    ['', undefined],
    ['/actions', undefined],
    ['/verify', {}],
  ];
  asked.push(['/look', { reason: looked }], ['/retract', { reason: retractedFor }]);
  for (const [path, sent] of asked) {
    expect(await said(id, path, sent)).toMatchObject({ status: 404, code: 'not-found' });
    expect(await said(id, path, sent)).toEqual(await said(randomUUID(), path, sent));
  }
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['SourceRegistered']);
});

test('the list has those that the caller knows and those of their desks', async () => {
  const id = await registered('reporter rolf');
  const list = async (who: string, headers = {}) => {
    const { items } = (await call(who, '/sources', undefined, headers)).body as {
      items: { id: string; known: boolean }[];
    };
    return items.find((item) => item.id === id)?.known;
  };
  expect([await list('reporter rolf'), await list('editor edna'), await list('auditor')]).toEqual([true, false, false]);
  const olga = { sub: 'olga', name: 'Olga', roles: ['editor'], desks: ['sport'] };
  expect(await list('editor', { authorization: `Bearer ${await drafting.issuer.token(olga)}` })).toBeUndefined();
  expect((await call('duty-editor', '/sources')).status).toBe(403);
});

test('a repeat is answered as it was; what else was said under its key is compared under the key of the source', async () => {
  const key = { 'idempotency-key': 'register-once' };
  const first = await call('reporter', '/sources', body, key);
  const again = await call('reporter', '/sources', body, key);
  expect([again.status, again.body]).toEqual([201, first.body]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const other = { ...body, identity: { names: ['Somebody Else'] } };
  expect(await call('reporter', '/sources', other, key)).toMatchObject({ status: 422 });
  const id = String(first.body.id);
  const stored = await admin.query<{ fingerprint: string }>(
    'select fingerprint from drafting.event where stream = $1',
    [`source-${id}`],
  );
  const plainly = await call('reporter', '/articles', { desk: 'city', kind: 'flash' }, key);
  expect(plainly.status).toBe(201);
  expect(stored.rows[0]?.fingerprint).toMatch(/^[\da-f]{64}$/);
  const { hash } = await import('node:crypto');
  const sorted = JSON.stringify({
    ...{ description: body.description, desk: body.desk, identity: { details, names: identity.names }, why },
  });
  expect(stored.rows[0]?.fingerprint).not.toBe(hash('sha256', `/sources\n${sorted}`));
  await call('privacy-officer', `/sources/${id}/destroy-key`, {});
  const after = await call('reporter', '/sources', body, key);
  expect([after.status, after.body]).toEqual([201, first.body]);
});

test('once its key is destroyed nobody reads who it was; history, counts and chain stay', async () => {
  const id = await registered();
  await call('editor edna', `/sources/${id}/verify`, {});
  await call('editor edna', `/sources/${id}/retract`, { reason: retractedFor });
  const { rows: keys } = await admin.query<{ key: Buffer }>('select key from vault.source_key where id = $1', [id]);
  expect(keys[0]?.key.length).toBeGreaterThan(32);
  for (const who of ['reporter rana', 'editor edna', 'chief'])
    expect((await call(who, `/sources/${id}/destroy-key`, {})).status).toBe(403);
  const destroy = () => call('privacy-officer', `/sources/${id}/destroy-key`, {});
  expect((await destroy()).body).toMatchObject({ state: 'destroyed', version: 4 });
  expect((await destroy()).body).toMatchObject({ state: 'destroyed', version: 4 });
  const look = await call('reporter rana', `/sources/${id}/look`, { reason: looked });
  expect(look).toMatchObject({ status: 409, body: { code: 'not-allowed-now' } });
  const { rows } = await admin.query(
    'select key, destroyed_at is not null as destroyed from vault.source_key where id = $1',
    [id],
  );
  expect(rows).toEqual([{ key: null, destroyed: true }]);
  const { body: shown } = await call('auditor', `/sources/${id}`);
  expect(shown).toMatchObject({ state: 'destroyed', retracted: true, why: '', registeredBy: { id: 'rana' } });
  const kinds = ['SourceRegistered', 'SourceVerified', 'SourceRetracted', 'SourceKeyDestroyed'];
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(kinds);
  expect(await drafting.store.verify()).toEqual({ ok: true });
  expect(await inTables()).toEqual([]);
});

test('nothing of a source is announced', async () => {
  await registered();
  const { rows } = await admin.query(
    `select from drafting.event where stream like 'source-%' and (internal_type is not null or public_type is not null)`,
  );
  expect(rows).toEqual([]);
});

test.each(['publication', 'moderation', 'reading', 'keyring'] as const)(
  'the role of %s reaches no key of the vault',
  async (other) => {
    const client = new pg.Client({ connectionString: drafting.database.urls[other] });
    await client.connect();
    for (const sql of [
      'select * from vault.keys(array[]::uuid[])',
      'select * from vault.source_key',
      'select * from vault.sources()',
    ])
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    await client.end();
  },
);

test('drafting itself reads keys by functions alone', async () => {
  const client = new pg.Client({ connectionString: drafting.database.urls.drafting });
  await client.connect();
  await expect(client.query('select * from vault.source_key')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

test('an article that rests on a source learns what becomes of it; a retraction stops what was approved', async () => {
  const speaker = 'a harbour officer';
  const quote = {
    id: 'q1',
    kind: 'quote',
    html: '“It is not safe.”',
    attributions: [{ speaker, kind: 'person', terms: 'anonymous' }],
  };
  const started = await call('reporter rana', '/articles', {
    ...{ desk: 'city', kind: 'story', fields: { slugline: 'harbour', headline: 'Not safe', byline: ['Rana'] } },
    blocks: [{ id: 'p1', kind: 'paragraph', html: 'It is open.' }, quote],
  });
  const article = `/articles/${String(started.body.id)}`;
  await call('reporter rana', `${article}/submit`, {});
  await call('editor edna', `${article}/claim`, {});
  const approve = () => call('editor emil', `${article}/approve`, { version: 1 });
  const gatesOf = async () => ((await approve()).body.gates as { gate: string }[]).map(({ gate }) => gate);
  expect(await gatesOf()).toEqual(['source-missing']);
  const sourceId = await registered();
  const attribute = { block: 'q1', speaker, sourceId };
  expect(await call('reporter', `${article}/attribute`, attribute)).toMatchObject({ status: 403 });
  expect((await eventsOf(sourceId)).map(({ type }) => type)).toEqual(['SourceRegistered']);
  expect(await call('reporter rana', `${article}/attribute`, { ...attribute, sourceId: randomUUID() })).toMatchObject({
    body: { code: 'unknown-source' },
  });
  expect((await call('reporter rana', `${article}/attribute`, attribute)).status).toBe(200);
  expect(await gatesOf()).toEqual(['source-not-verified', 'source-check']);
  await call('editor edna', `/sources/${sourceId}/verify`, {});
  const check = (who: string) => call(who, `${article}/source-check`, { version: 1, answer: 'public-mention' });
  expect(await check('editor emil')).toMatchObject({ status: 403 });
  expect((await check('editor edna')).status).toBe(200);
  expect((await approve()).body.state).toBe('approved');
  const shown = { speaker, verified: true, retracted: false, sourceId };
  expect((await call('editor edna', `${article}/sourcing`)).body.attributions).toMatchObject([shown]);
  expect((await call('legal', `${article}/sourcing`)).body.attributions).not.toMatchObject([{ sourceId }]);
  await call('editor edna', `/sources/${sourceId}/retract`, { reason: retractedFor, ifOut: 'hold' });
  const announced = await admin.query<{ type: string; payload: string }>(
    `select type, coalesce(internal_payload, payload)::text as payload from drafting.event where key = $1 and internal_type is not null order by position`,
    [String(started.body.id)],
  );
  expect(announced.rows.slice(-2).map(({ type }) => type)).toEqual(['ClearanceStopped', 'TaskOpened']);
  expect(announced.rows.at(-2)?.payload).toMatch(/"hold": ?"version"/);
  for (const { payload } of announced.rows) expect(payload).not.toContain(sourceId);
  const { body: stands } = await call('editor emil', article);
  const [task] = stands.tasks as { id: string }[];
  expect(task).toMatchObject({ task: 'retracted-source', version: 1, out: false, blocks: ['q1'] });
  const uses = async () => (await call('editor edna', `/sources/${sourceId}/uses`)).body.items;
  const use = {
    articleId: started.body.id,
    state: 'approved',
    publication: { state: 'none', version: 0 },
    blocks: ['q1'],
  };
  expect(await uses()).toEqual([{ ...use, task: 'open' }]);
  await call('editor emil', `${article}/settle-task`, { taskId: task?.id, how: 'Another source says the same.' });
  expect(await uses()).toEqual([{ ...use, task: 'settled' }]);
  const stops = async (...ifOut: string[]) => {
    const retract = { reason: retractedFor, ifOut: ifOut[0] };
    const again = await call('editor edna', `/sources/${sourceId}/retract`, retract);
    expect(again.body).toMatchObject({ state: 'retracted' });
    return (await drafting.store.readShard(0, 0n, 1000)).filter(({ type }) => type === 'ClearanceStopped').length;
  };
  expect([await stops(), await stops('tell'), await stops('hold')]).toEqual([1, 1, 2]);
  expect(await uses()).toEqual([{ ...use, task: 'settled' }]);
  await call('editor edna', `${article}/open-next-version`, {});
  expect(await gatesOf()).toEqual(['source-retracted']);
  expect((await call('editor edna', `/sources/${sourceId}`)).body.articles).toEqual([started.body.id]);
});
