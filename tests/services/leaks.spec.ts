import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { LeakWatch } from '../../apps/drafting/src/leak-watch.ts';
import { Vault } from '#keyring';
import { type Alone, openAlone } from './alone.ts';
import { putOut } from './out.ts';

const name = 'Mira Anna Tollander';
const session = randomUUID();
const speaker = 'a harbour officer';
const attributions = [{ speaker, kind: 'person', terms: 'anonymous' }];
let drafting: Alone;
let vault: Vault;
let watch: LeakWatch;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const idOf = async (reply: ReturnType<Alone['call']>) => String((await reply).body.id);
/** The watch looks at what it read in its round before. */
async function watched(): Promise<void> {
  while (await watch.look());
}

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
interface Text {
  readonly fields?: object;
  readonly blocks?: readonly object[];
}
const written = ({ fields = {}, blocks = [] }: Text = {}, who = 'reporter rana') =>
  idOf(
    call(who, '/articles', {
      ...{
        desk: 'city',
        kind: 'story',
        fields: { slugline: 'harbour', headline: 'Safe', byline: ['Rana'], ...fields },
      },
      blocks: [paragraph('p1', 'It is open.'), ...blocks],
    }),
  );
const registered = (names: readonly string[] = [name]) =>
  idOf(call('reporter rana', '/sources', { desk: 'city', description: speaker, why: 'Fear.', identity: { names } }));
async function quoting(sourceId: string, text: Text = {}): Promise<string> {
  const quote = { id: 'q1', kind: 'quote', html: '“It is not.”', attributions };
  const article = await written({ ...text, blocks: [quote, ...(text.blocks ?? [])] });
  await call('reporter rana', `/articles/${article}/attribute`, { block: 'q1', speaker, sourceId });
  return article;
}
interface Alert {
  readonly kind: string;
  readonly articleId: string;
  readonly field?: string;
  readonly block?: string;
}
type Marked = Alert & { readonly id: string; readonly seen: boolean };
async function alerts(sourceId: string, who = 'reporter rana'): Promise<Alert[]> {
  const { body } = await call(who, `/sources/${sourceId}/alerts`);
  const items = (body.items as Marked[]).map(({ id: _, seen: __, ...spot }) => spot);
  return items.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
}

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
  vault = new Vault({ connectionString: drafting.database.urls.drafting, masterKey: Buffer.alloc(32, 1) });
  watch = new LeakWatch(drafting.store, vault);
});
afterAll(async () => {
  await vault.close();
  await drafting.close();
});

test('named anywhere else, it is told to those who know it, once for each place, and to nobody else', async () => {
  const source = await registered();
  await watched();
  const texts = { headline: 'Tollander, Mira', slugline: 'tollander' };
  const id = await written({ fields: texts, blocks: [paragraph('p2', 'So М.A. Tollander.')] }, 'reporter ravi');
  const block = { ...paragraph('p1', `Long. ${'It is open. '.repeat(100)}`), attributions: [] };
  await call('reporter ravi', `/articles/${id}/revise`, { base: 1, put: [block] });
  await call('reporter ravi', `/articles/${id}/revise`, { base: 2, put: [{ ...block, html: `${block.html}Mira` }] });
  const credited = { asset: 'photo-7', credit: 'Photo: Mira Tollander' };
  const picture = { ...paragraph('i1', ''), kind: 'image', image: credited };
  const { body: withPicture } = await call('reporter ravi', `/articles/${id}/revise`, { base: 3, put: [picture] });
  await call('reporter ravi', `/articles/${id}/revise`, {
    base: withPicture.version,
    put: [{ ...block, html: `${block.html}Mira Tollander` }],
  });
  await call('editor edna', `/articles/${id}/add-note`, { note: 'mira_tollander?' });
  await call('reporter ravi', `/articles/${id}/autosave`, { session, base: 1, fields: { standfirst: 'M. Tollander' } });
  const heads = await drafting.store.heads();
  const before = (await call('editor edna', `/sources/${source}`)).headers.get('etag');
  await watched();
  await watched();
  const at = { kind: 'article', articleId: id };
  expect(await alerts(source)).toEqual([
    { ...at, field: 'credit', block: 'i1' },
    { ...at, field: 'headline' },
    { ...at, field: 'html', block: 'p1' },
    { ...at, field: 'html', block: 'p2' },
    { ...at, field: 'note' },
    { ...at, field: 'standfirst' },
  ]);
  expect(await drafting.store.heads()).toEqual(heads);
  expect((await call('editor edna', `/sources/${source}`)).headers.get('etag')).toBe(before);
  const listed = async (who: string) =>
    ((await call(who, '/sources')).body.items as { id: string; alerts?: number }[]).find((one) => one.id === source);
  expect(await listed('reporter rana')).toMatchObject({ known: true, alerts: 6 });
  expect(await listed('editor edna')).not.toHaveProperty('alerts');
  const { items } = (await call('reporter rana', `/sources/${source}/alerts`)).body as { items: Marked[] };
  const [one, another] = items.map((alert) => alert.id);
  const see = (who: string, ids: unknown[]) => call(who, `/sources/${source}/see-alerts`, { alerts: ids });
  expect((await see('reporter rana', [one, another, one, 'none'])).body).toEqual({ unseen: 4 });
  const marked = (await call('reporter rana', `/sources/${source}/alerts`)).body as { items: Marked[] };
  expect(
    marked.items
      .filter(({ seen }) => seen)
      .map((alert) => alert.id)
      .toSorted(),
  ).toEqual([one, another].toSorted());
  expect(await listed('reporter rana')).toMatchObject({ alerts: 4 });
  expect((await see('editor edna', [one])).body).toMatchObject({ code: 'role-required' });
  // What was seen once is not told anew.
  await watched();
  expect(await listed('reporter rana')).toMatchObject({ alerts: 4 });
  expect(await drafting.store.heads()).toEqual(heads);
  for (const who of ['editor edna', 'reporter ravi', 'chief', 'privacy-officer', 'auditor'])
    expect(await call(who, `/sources/${source}/alerts`)).toMatchObject({
      status: 403,
      body: { code: 'role-required' },
    });
  const admin = new pg.Client({ connectionString: drafting.database.adminUrl });
  await admin.connect();
  const kept = async () =>
    (await admin.query<{ row: string }>('select alert::text as row from vault.alert where source = $1', [source])).rows;
  expect((await kept()).filter(({ row }) => row.includes(id) || row.includes('headline'))).toEqual([]);
  expect(await kept()).toHaveLength(6);
  await call('privacy-officer', `/sources/${source}/destroy-key`, {});
  expect(await kept()).toEqual([]);
  await call('reporter ravi', `/articles/${id}/add-note`, { note: 'Mira Tollander!' });
  await watched();
  expect(await kept()).toEqual([]);
  await admin.end();
});

test('who knows a source sees where it is named in what rests on it: in text, head, notes, suggestions and autosaves', async () => {
  const source = await registered();
  const block = paragraph(
    'p2',
    'It was Mi<em>ra To\u200bl</em>lander’s, or <a href="https://example.org/%6Dira-tollander">hers</a>.',
  );
  const image = {
    ...{ href: 'https://pictures.example/%6Dira-tollander.jpg', credit: 'M. Tollander' },
    ...{ alt: 'Mira T\u200bollander waves', rights: 'By courtesy of Tollander, Mira' },
  };
  const picture = { ...paragraph('i1', 'Left: Mira <em>Tollander</em>.'), kind: 'image', image };
  const fields = { slugline: 'm-tollander', headline: 'TOLLANDER' };
  const id = await quoting(source, { fields, blocks: [block, picture] });
  const article = `/articles/${id}`;
  await call('editor edna', `${article}/add-note`, { note: 'Did М. Tоllander say so?' });
  const proposed = { ...paragraph('p1', 'Tollander, Mira A., says it is open.'), attributions: [] };
  await call('editor edna', `${article}/suggest-edit`, { version: 1, block: proposed });
  const autosave = { session, base: 1, fields: { standfirst: 'Mira Anna T O L L A N D E R' } };
  await call('editor edna', `${article}/autosave`, autosave);
  const named = async (who: string) => (await call(who, `${article}/sourcing`)).body.named as object[];
  const found = await named('reporter rana');
  const at = { sourceId: source };
  expect(found).toEqual(
    expect.arrayContaining([
      { ...at, in: 'text', field: 'slugline', from: 0, to: 11 },
      { ...at, in: 'text', field: 'headline', from: 0, to: 9 },
      { ...at, in: 'text', field: 'html', block: 'p2', from: 7, to: 27 + 4 },
      { ...at, in: 'text', field: 'html', block: 'p2', from: 20, to: 34 },
      { ...at, in: 'text', field: 'html', block: 'i1', from: 6, to: 24 },
      { ...at, in: 'text', field: 'href', block: 'i1', from: 25, to: 39 },
      { ...at, in: 'text', field: 'alt', block: 'i1', from: 0, to: 15 },
      { ...at, in: 'text', field: 'credit', block: 'i1', from: 0, to: 12 },
      { ...at, in: 'text', field: 'rights', block: 'i1', from: 15, to: 30 },
      { ...at, in: 'note', field: 'note', from: 4, to: 16 },
      { ...at, in: 'suggestion', field: 'html', block: 'p1', from: 0, to: 17 },
      { ...at, in: 'autosave', field: 'standfirst', from: 0, to: 27 },
    ]),
  );
  for (const who of ['editor emil', 'reporter ravi', 'chief', 'legal', 'auditor']) expect(await named(who)).toEqual([]);
  await call('editor emil', `/sources/${source}/verify`, {});
  expect(await named('editor emil')).toEqual(found);
  await watched();
  expect((await alerts(source)).filter(({ articleId }) => articleId === id)).toEqual([]);
  await call('privacy-officer', `/sources/${source}/destroy-key`, {});
  expect(await named('reporter rana')).toEqual([]);
  await call('editor edna', `${article}/discard-autosave`, { session });
});

test('a watch that begins anew goes on where another stopped, with every source that is there', async () => {
  const source = await registered(['Zoë Quillfeather']);
  const id = await written({ fields: { headline: 'Zoe Quillfeather' } });
  const [one, other] = [new LeakWatch(drafting.store, vault), new LeakWatch(drafting.store, vault)];
  while ((await one.look()) || (await other.look()));
  expect(await alerts(source)).toEqual([{ kind: 'article', articleId: id, field: 'headline' }]);
  const later = await written({ fields: { headline: 'Quillfeather, Z.' } });
  const anew = new LeakWatch(drafting.store, vault);
  while (await anew.look());
  expect((await alerts(source)).map(({ articleId }) => articleId).toSorted()).toEqual([id, later].toSorted());
});

test('whether a name is in the vault changes no answer to who does not know it', async () => {
  const source = await registered();
  const asked = async (headline: string) => {
    const id = await quoting(source, { fields: { headline } });
    const article = `/articles/${id}`;
    await call('reporter rana', `${article}/submit`, {});
    await call('editor edna', `${article}/claim`, {});
    const said: object[] = [];
    for (const [path, sent] of [
      ['', undefined],
      ['/actions', undefined],
      ['/sourcing', undefined],
      ['/approve', { version: 1 }],
      ['/source-check', { version: 1, answer: 'leak' }],
      ['/add-note', { note: headline }],
    ] as const) {
      const { status, body } = await call('editor edna', `${article}${path}`, sent);
      said.push({ status, ...body, id: '', correlationId: '', position: '' });
    }
    await watched();
    return JSON.stringify(said).replaceAll(id, '').replaceAll(headline, '');
  };
  expect(await asked('Mira Tollander')).toBe(await asked('Nora Hollander'));
});

test('what is typed into a correction and not saved counts as its article’s', async () => {
  const source = await registered();
  await watched();
  const rests = await quoting(source);
  const other = await written();
  const correction = async (articleId: string) => {
    await putOut(drafting, articleId);
    return idOf(call('editor edna', '/corrections', { articleId }));
  };
  const typed = { session, base: 1, fields: { standfirst: 'Mira Tollander' } };
  for (const articleId of [rests, other])
    await call('editor edna', `/corrections/${await correction(articleId)}/autosave`, typed);
  const named = async (who: string) => (await call(who, `/articles/${rests}/sourcing`)).body.named as object[];
  const found = { sourceId: source, in: 'autosave', field: 'standfirst', from: 0, to: 14 };
  expect(await named('reporter rana')).toContainEqual(found);
  expect(await named('editor edna')).toEqual([]);
  await watched();
  expect(await alerts(source)).toContainEqual({ kind: 'correction', articleId: other, field: 'standfirst' });
  expect((await alerts(source)).filter(({ articleId }) => articleId === rests)).toEqual([]);
});
