import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const story = {
  ...{ desk: 'city', kind: 'story', fields: { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] } },
  blocks: [{ id: 'p1', kind: 'paragraph', html: 'It is open.' }],
};
const why = { reason: 'The mayor may sue.' };

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

test('what a lawyer or the desk holds against it stands in the way of an approval, and stops what was approved', async () => {
  const article = `/articles/${String((await call('reporter', '/articles', story)).body.id)}`;
  const command = (who: string, name: string, body: object = {}) => call(who, `${article}/${name}`, body);
  await command('reporter', 'submit');
  await command('editor', 'claim');
  expect((await command('reporter', 'request-legal-check', why)).body.code).toBe('role-required');
  expect((await command('editor', 'request-legal-check', why)).status).toBe(200);
  await command('editor', 'mark-not-for-publication', why);
  const refused = await command('editor', 'approve', { version: 1 });
  expect(refused).toMatchObject({ status: 409, body: { code: 'gates-not-passed' } });
  expect(JSON.stringify(refused.body.gates)).toMatch(/(?=.*legal-check)(?=.*not-for-publication)/);
  const pass = { version: 1, answer: 'pass' };
  expect((await command('editor', 'answer-legal-check', pass)).body.code).toBe('role-required');
  expect((await command('legal', 'answer-legal-check', pass)).status).toBe(200);
  await command('editor', 'unmark-not-for-publication', why);
  expect((await command('editor', 'approve', { version: 1 })).body.state).toBe('approved');
  await command('editor', 'request-legal-check', why);
  const no = { version: 1, answer: 'refuse' };
  expect(await command('legal', 'answer-legal-check', no)).toMatchObject({
    status: 422,
    body: { code: 'reason-required' },
  });
  expect((await command('legal', 'answer-legal-check', { ...no, reason: 'Libel.', ifOut: 'hold' })).status).toBe(200);
  const events = (await drafting.store.readShard(0, 0n, 1000)).map(({ type, data }) => ({ type, data }));
  expect(events.at(-1)).toMatchObject({
    type: 'ClearanceStopped',
    data: { by: { id: 'legal' }, version: 1, why: 'Libel.', hold: 'article' },
  });
  const { legal } = (await call('auditor', article)).body as { legal: { at: string } };
  expect(legal).toMatchObject({ status: 'refused', by: { id: 'legal' }, why: 'Libel.' });
  expect(Math.abs(Date.now() - Date.parse(legal.at))).toBeLessThan(60_000);
});

test('what a lawyer has passed is to be seen again as long as it reads otherwise', async () => {
  const article = `/articles/${String((await call('reporter', '/articles', story)).body.id)}`;
  await call('editor', `${article}/request-legal-check`, why);
  await call('legal', `${article}/answer-legal-check`, { version: 1, answer: 'pass' });
  const save = (base: number, html: string) =>
    call('reporter', `${article}/revise`, { base, put: [{ id: 'p1', kind: 'paragraph', html }] });
  for (const [version, html, pending] of [
    [2, 'It is shut.', ['p1']],
    [3, 'It is open.', []],
  ] as const) {
    await save(version - 1, html);
    const [last] = (await drafting.store.readShard(0, 0n, 1000)).slice(-1);
    expect(last).toMatchObject({ type: 'LegalCheckPendingChanged', data: { version, pending } });
    const { legal } = (await call('auditor', article)).body;
    expect(legal).toMatchObject({ status: pending.length > 0 ? 'required' : 'passed', pending });
  }
});

test('a chief says what texts of a desk need; warnings pass by name, and the approval says what it was held against', async () => {
  const set = (who: string, ...requirements: object[]) =>
    call(who, '/desks/city/set-requirements', { kind: 'story', requirements });
  const needs = { of: 'standfirst', min: 1, warning: true };
  expect((await set('editor', needs)).body.code).toBe('role-required');
  expect(await set('chief', needs, { of: 'headline', max: 10 })).toMatchObject({ status: 200, body: { version: 1 } });
  const article = `/articles/${String((await call('reporter', '/articles', story)).body.id)}`;
  const command = (who: string, name: string, body: object = {}) => call(who, `${article}/${name}`, body);
  await command('reporter', 'submit');
  await command('editor', 'claim');
  const refused = await command('editor', 'approve', { version: 1, confirm: ['standfirst'] });
  expect(refused).toMatchObject({
    ...{ status: 409 },
    body: {
      gates: [
        { gate: 'standfirst', severity: 'warning' },
        { gate: 'headline-too-long', severity: 'error' },
      ],
    },
  });
  await set('chief', needs);
  expect((await command('editor', 'approve', { version: 1 })).status).toBe(409);
  expect((await command('editor', 'approve', { version: 1, confirm: ['standfirst'] })).body.state).toBe('approved');
  const events = await drafting.store.readShard(0, 0n, 1000);
  expect(events.at(-1)?.data).toMatchObject({ confirmed: [{ gate: 'standfirst' }], applied: { desk: 2 } });
  const desk = await call('reporter', '/desks/city');
  expect([desk.headers.get('etag'), desk.body.requirements]).toMatchObject([
    '"2"',
    [{ own: true, requirements: [needs] }, {}, {}],
  ]);
  expect((await call('editor', '/desks')).body).toEqual({ items: [{ desk: 'city', version: 2 }] });
});
