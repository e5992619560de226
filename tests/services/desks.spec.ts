import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { recordedDesks } from '../../apps/drafting/src/recorded-desks.ts';
import { type Alone, openAlone } from './alone.ts';
import { putOut } from './out.ts';

let drafting: Alone;
const call: Alone['call'] = (...asked) => drafting.call(...asked);
const story = {
  ...{ desk: 'city', kind: 'story', fields: { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] } },
  blocks: [{ id: 'p1', kind: 'paragraph', html: 'It is open.' }],
};
const settle = (desk: string, name: string, body: object) => call('chief', `/desks/${desk}/${name}`, body);

beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule, desksFrom: recordedDesks });
});
afterAll(() => drafting.close());

test('where desks say who is of them, tokens do not; an article that is moved is for those of its new desk', async () => {
  await settle('city', 'set-member', { person: 'edna', roles: ['editor'] });
  await settle('sport', 'set-member', { person: 'olga', roles: ['editor'] });
  await settle('city', 'set-member', { person: 'ravi', roles: ['reporter'] });
  await settle('sport', 'set-stages', { stages: ['matches', 'final'] });
  const rule = {
    rule: 'signed',
    way: 'in',
    stage: 'final',
    lacking: ['standfirst'],
    reason: 'Sport wants a standfirst.',
  };
  await settle('sport', 'set-move-rules', { rules: [rule] });
  const article = `/articles/${String((await call('reporter', '/articles', story)).body.id)}`;
  const command = (who: string, name: string, body: object = {}) => call(who, `${article}/${name}`, body);
  await command('reporter', 'submit');
  // Each token says that its bearer is of the city desk.
  expect((await command('editor emil', 'claim')).body.code).toBe('other-desk');
  expect((await command('editor ravi', 'claim')).body.code).toBe('other-desk');
  expect((await command('editor edna', 'claim')).body.state).toBe('editing');
  const reason = 'It is about a race.';
  expect(await command('editor edna', 'move', { desk: 'sport', stage: 'final', reason })).toMatchObject({
    ...{ status: 409, body: { code: 'move-refused', detail: rule.reason, desk: 'sport', rule: 'signed' } },
  });
  expect(await command('editor edna', 'move', { desk: 'sport', stage: 'third', reason })).toMatchObject({
    ...{ status: 422, body: { code: 'unknown-stage', stages: ['matches', 'final'] } },
  });
  expect((await command('editor edna', 'move', { desk: 'sport', reason })).body.state).toBe('submitted');
  expect((await command('editor edna', 'claim')).body.code).toBe('other-desk');
  expect((await command('editor olga', 'claim')).body.state).toBe('editing');
  expect((await call('editor olga', article)).body).toMatchObject({ desk: 'sport', stage: 'matches', editor: 'olga' });
  expect((await drafting.store.readShard(0, 0n, 1000)).map(({ data }) => data)).toContainEqual(
    expect.objectContaining({
      ...{ from: { desk: 'city', stage: '' }, to: { desk: 'sport', stage: 'matches' }, reason },
      ...{ state: 'submitted', applied: { from: 2, to: 3 } },
    }),
  );
  await settle('sport', 'set-member', { person: 'olga', roles: [] });
  expect((await command('editor olga', 'return', { note: 'Why?' })).body.code).toBe('other-desk');
});

test('a desk has its texts approved in steps; what is edited goes through those again that had passed it', async () => {
  const steps = [
    { step: 'subs', by: 'editor' },
    { step: 'law', by: 'legal' },
    { step: 'top', by: 'chief' },
  ];
  await settle('city', 'set-approval', { steps });
  const article = `/articles/${String((await call('reporter', '/articles', story)).body.id)}`;
  const command = (who: string, name: string, body: object = {}) => call(who, `${article}/${name}`, body);
  const states = async () => {
    const { approval } = (await call('editor edna', article)).body as { approval: { steps: { state: string }[] } };
    return approval.steps.map(({ state }) => state);
  };
  await command('reporter', 'submit');
  await command('editor edna', 'claim');
  expect((await command('legal lea', 'approve', { version: 1 })).body.code).toBe('role-required');
  expect((await command('editor edna', 'approve', { version: 1 })).body.state).toBe('editing');
  expect(await states()).toEqual(['passed', 'open', 'open']);
  await command('reporter', 'revise', { base: 1, put: [{ id: 'p1', kind: 'paragraph', html: 'It is shut.' }] });
  expect(await states()).toEqual(['open', 'open', 'open']);
  await command('editor edna', 'approve', { version: 2 });
  const reason = 'Ask the mayor first.';
  expect((await command('legal lea', 'reject-approval', { version: 2, reason })).status).toBe(200);
  expect((await command('legal lea', 'approve', { version: 2 })).body).toMatchObject({
    ...{ code: 'approval-rejected', step: 'law', by: { id: 'lea' }, reason },
  });
  expect(await states()).toEqual(['passed', 'rejected', 'open']);
  await command('editor edna', 'resume-approval');
  expect((await command('chief carl', 'skip-approval-step', { step: 'law', reason })).status).toBe(200);
  expect(await states()).toEqual(['passed', 'skipped', 'open']);
  expect((await command('chief carl', 'approve', { version: 2 })).body.state).toBe('approved');
});

test('a correction goes through the steps of its desk as well', async () => {
  const articleId = String((await call('reporter', '/articles', story)).body.id);
  await putOut(drafting, articleId);
  const correction = `/corrections/${String((await call('reporter', '/corrections', { articleId })).body.id)}`;
  const command = (who: string, name: string, body: object = {}) => call(who, `${correction}/${name}`, body);
  const states = async () => {
    const { approval } = (await call('editor edna', correction)).body as { approval: { steps: { state: string }[] } };
    return approval.steps.map(({ state }) => state);
  };
  const save = (base: number, html: string) =>
    command('reporter', 'revise', { base, put: [{ id: 'p1', kind: 'paragraph', html }] });
  await save(1, 'It is shut.');
  expect((await command('legal lea', 'approve', { version: 2 })).body.code).toBe('role-required');
  expect((await command('editor edna', 'approve', { version: 2 })).body.state).toBe('open');
  expect(await states()).toEqual(['passed', 'open', 'open']);
  await save(2, 'It is half open.');
  expect(await states()).toEqual(['open', 'open', 'open']);
  await command('editor edna', 'approve', { version: 3 });
  const reason = 'Ask the mayor first.';
  expect((await command('legal lea', 'reject-approval', { version: 3, reason })).status).toBe(200);
  expect(await states()).toEqual(['passed', 'rejected', 'open']);
  expect((await command('editor edna', 'resume-approval')).status).toBe(200);
  expect((await command('chief carl', 'skip-approval-step', { step: 'law', reason })).status).toBe(200);
  expect(await states()).toEqual(['passed', 'skipped', 'open']);
  const take = () => command('editor edna', 'take-approval-steps');
  expect(await take()).toMatchObject({ status: 409, body: { code: 'approval-steps-taken' } });
  await settle('city', 'set-approval', {
    steps: [
      { step: 'subs', by: 'editor' },
      { step: 'chief', by: 'chief' },
    ],
  });
  expect(await states()).toEqual(['passed', 'skipped', 'open']);
  expect((await take()).status).toBe(200);
  expect(await states()).toEqual(['passed', 'open']);
  expect((await command('chief carl', 'approve', { version: 3 })).body.state).toBe('approved');
});

test('editors keep the house style of a language; a rule may say that nothing is approved against it', async () => {
  const rule = { rule: 'docks', find: ['harbour docks'], instead: ['Harbour port'], why: 'So called since 1990.' };
  const set = (who: string, level: string) => call(who, '/style/en/set-rule', { ...rule, level });
  expect((await set('reporter', 'hint')).body.code).toBe('role-required');
  expect((await set('editor edna', 'error')).body).toMatchObject({ version: 1 });
  await call('chief carl', '/desks/city/set-approval', { steps: [] });
  const blocks = [{ id: 'p1', kind: 'paragraph', html: 'The harbour <em>docks</em> were purchased.' }];
  const article = `/articles/${String((await call('reporter', '/articles', { ...story, blocks })).body.id)}`;
  const { hits } = (await call('reporter', `${article}/style`)).body as { hits: object[] };
  expect(hits).toMatchObject([
    {
      rule: 'docks',
      version: 1,
      level: 'error',
      block: 'p1',
      from: 4,
      to: 21,
      text: 'harbour docks',
      instead: ['Harbour port'],
    },
    { rule: 'buy', version: 0, level: 'hint', text: 'purchased' },
  ]);
  await call('reporter', `${article}/submit`, {});
  await call('editor edna', `${article}/claim`, {});
  const approve = () => call('editor edna', `${article}/approve`, { version: 1 });
  expect((await approve()).body.gates).toMatchObject([{ gate: 'style-docks', block: 'p1', severity: 'error' }]);
  await call('editor edna', '/style/en/drop-rule', { rule: 'docks' });
  expect((await approve()).body.state).toBe('approved');
  const events = await drafting.store.readShard(0, 0n, 1000);
  expect(events.at(-1)?.data).toMatchObject({ applied: { style: 2 } });
  const { rules } = (await call('reporter', '/style/en-GB')).body as { rules: { rule: string }[] };
  expect(rules.map((one) => one.rule)).toContain('buy');

  const articleId = article.slice('/articles/'.length);
  await putOut(drafting, articleId);
  const correction = `/corrections/${String((await call('reporter', '/corrections', { articleId })).body.id)}`;
  const put = [{ id: 'p1', kind: 'paragraph', html: 'The docks were <em>purchased</em>.' }];
  await call('reporter', `${correction}/revise`, { base: 1, put });
  const hit = { rule: 'buy', version: 0, block: 'p1', from: 19, to: 28, text: 'purchased' };
  expect((await call('reporter', `${correction}/style`)).body).toMatchObject({
    version: 2,
    language: 'en',
    hits: [hit],
  });
  expect((await call('reporter', '/corrections/00000000-0000-4000-8000-000000000000/style')).body.code).toBe(
    'not-found',
  );
});
