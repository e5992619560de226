import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { LeakWatch } from '../../apps/drafting/src/leak-watch.ts';
import { Vault } from '#keyring';
import { type Alone, openAlone } from './alone.ts';
import { listen, type Listening } from './listening.ts';

const session = randomUUID();
const speaker = 'a harbour officer';
let drafting: Alone;
let vault: Vault;
let watch: LeakWatch;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const idOf = async (reply: ReturnType<Alone['call']>) => String((await reply).body.id);
async function watched(): Promise<void> {
  while (await watch.look());
}

const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
const attributions = [{ speaker, kind: 'person', terms: 'anonymous' }];
const quote = { id: 'q1', kind: 'quote', html: '“It is not.”', attributions };
const written = (fields: object, ...blocks: object[]) =>
  idOf(
    call('reporter rana', '/articles', {
      ...{ desk: 'city', kind: 'story' },
      fields: { slugline: 'harbour', headline: 'Safe', byline: ['Rana'], ...fields },
      blocks: [paragraph('p1', 'It is open.'), ...blocks],
    }),
  );
const registered = (name: string) =>
  idOf(
    call('reporter rana', '/sources', {
      ...{ desk: 'city', description: speaker, why: 'Fear.', identity: { names: [name] } },
    }),
  );
const byText = (one: object, other: object) => JSON.stringify(one).localeCompare(JSON.stringify(other));
async function alerts(sourceId: string): Promise<object[]> {
  const { body } = await call('reporter rana', `/sources/${sourceId}/alerts`);
  const items = body.items as { id: string; seen: boolean }[];
  return items.map(({ id: _, seen: __, ...spot }) => spot).toSorted(byText);
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

test('what rested on a source once and does no more is looked through like anything else, with all that is beside it', async () => {
  const source = await registered('Ilse Vandermoor');
  const id = await written({}, quote);
  const article = `/articles/${id}`;
  await call('reporter rana', `${article}/attribute`, { block: 'q1', speaker, sourceId: source });
  await call('editor edna', `${article}/add-note`, { note: 'It is Ilse Vandermoor.' });
  await call('reporter rana', `${article}/autosave`, { session, base: 1, fields: { standfirst: 'I. Vandermoor' } });
  await watched();
  expect(await alerts(source)).toEqual([]);
  const revise = async (sent: object) => {
    const { body } = await call('reporter rana', article);
    expect((await call('reporter rana', `${article}/revise`, { base: body.version, ...sent })).status).toBe(200);
  };
  await revise({ fields: { headline: 'Vandermoor, Ilse' } });
  await watched();
  expect(await alerts(source)).toEqual([]);
  await revise({ put: [{ id: 'q1', kind: 'quote', html: '“It is not.”' }] });
  await watched();
  const at = { kind: 'article', articleId: id };
  const found = [
    { ...at, field: 'headline' },
    { ...at, field: 'note' },
    { ...at, field: 'standfirst' },
  ];
  expect(await alerts(source)).toEqual(found);
  await revise({ put: [paragraph('p1', 'Ilse Vandermoor says so.')] });
  await watched();
  expect(await alerts(source)).toEqual([...found, { ...at, field: 'html', block: 'p1' }].toSorted(byText));
  await call('reporter rana', `${article}/discard-autosave`, { session });
});

test('a source that comes is looked for in what stands already, once, and by whoever is there to go on', async () => {
  await registered('Somebody Else');
  const long = { ...paragraph('p1', `Long. ${'It is open. '.repeat(100)}`), attributions: [] };
  const id = await written({ slugline: 'o-brackwater', headline: 'Ottoline Brackwater' });
  const article = `/articles/${id}`;
  await call('reporter rana', `${article}/revise`, { base: 1, fields: { headline: 'Safe' }, put: [long] });
  const put = [{ ...long, html: `${long.html}O. Brackwater.` }];
  await call('reporter rana', `${article}/revise`, { base: 2, put });
  await call('editor edna', `${article}/add-note`, { note: 'Brackwater, Ottoline?' });
  const proposed = { ...long, html: 'Ottoline Brackwater.' };
  await call('editor edna', `${article}/suggest-edit`, { version: 3, block: proposed });
  await call('editor edna', `${article}/autosave`, { session, base: 3, fields: { dateline: 'Brackwater, O.' } });
  const starts = { at: '2026-03-02T10:00', zone: 'Asia/Karachi' };
  const plan = { desk: 'city', name: 'Ottoline Brackwater speaks', starts };
  expect((await call('editor edna', '/plans', plan)).status).toBe(201);
  await watched();
  const source = await registered('Ottoline Brackwater');
  const one = new LeakWatch(drafting.store, vault);
  await one.look();
  // Whoever began is gone; another goes on.
  expect(await vault.seeking(9)).toMatchObject([{ source }]);
  await watched();
  const at = { kind: 'article', articleId: id };
  expect(await alerts(source)).toEqual(
    [
      { ...at, field: 'dateline' },
      { ...at, field: 'html', block: 'p1' },
      { ...at, field: 'note' },
      { ...at, field: 'slugline' },
      { kind: 'plan', articleId: '', field: 'name' },
    ].toSorted(byText),
  );
  expect(await vault.seeking(9)).toEqual([]);
});

test('who knows a source hears of each alert as it is found, and what they have not seen when they come back; nobody else does', async () => {
  const source = await registered('Oda Quillfeather');
  const who = ['reporter rana', 'editor edna', 'chief', 'privacy-officer'];
  const ears = await Promise.all(
    who.map(async (one) => listen(`${drafting.url}/sources/alerts/events`, await drafting.token(one), ['alert'])),
  );
  const [rana, ...others] = ears;
  const mine = async (ear: Listening | undefined, many: number) =>
    ((await ear?.of('alert', many)) ?? []).filter(({ data }) => data.sourceId === source).map(({ data }) => data);
  const earlier = rana?.heard.length ?? 0;
  const id = await written({ headline: 'Oda Quillfeather talks' });
  await watched();
  await watched();
  const found = async () => {
    const until = performance.now() + 10_000;
    while ((await mine(rana, 0)).length === 0 && performance.now() < until) await pause(50);
    return mine(rana, earlier);
  };
  expect(await found()).toMatchObject([{ kind: 'article', articleId: id, field: 'headline' }]);
  // They have had as many looks.
  await pause(1500);
  for (const ear of others) expect(await mine(ear, 0)).toEqual([]);
  expect(JSON.stringify(ears.map(({ heard }) => heard))).not.toMatch(/quillfeather/i);
  const back = listen(`${drafting.url}/sources/alerts/events`, await drafting.token('reporter rana'), ['alert']);
  await back.of('alert', 1);
  await pause(100);
  expect(await mine(back, 0)).toHaveLength(1);
  for (const ear of [...ears, back]) ear.close();
});
