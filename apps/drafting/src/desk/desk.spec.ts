import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Content, type DeskEvent, type Image, imageMeasures, measures, type Requirement } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { article } from '../article/article.ts';
import { ask, chief, content, duty, editor, flow, lawyer, paragraph, picture, reporter } from '../article/samples.ts';
import { type Desk, desk, type DeskCommand, type Known } from './desk.ts';
import { gatesOf } from './requirements.ts';

const operator = { ...duty, id: 'otto', roles: ['operator'] };
const people = { r: reporter, e: editor, l: lawyer, d: duty, c: chief, o: operator };
const short: Requirement[] = [{ of: 'headline', max: 12 }];
const set = (requirements: Requirement[], kind = 'story'): DeskEvent => ({
  type: 'DeskRequirementsSet',
  data: { by: { id: 'carl', name: 'carl' }, desk: 'city', kind, requirements },
});
const setting = (requirements: Requirement[], actor: Actor = chief) =>
  ask('set-requirements', { desk: 'city', kind: 'story', requirements }, actor);
const asked: Asked<Desk, DeskCommand, DeskEvent> = {
  people,
  commands: (actor) => ({
    'set-requirements': setting(short, actor),
    'set-member': ask('set-member', { desk: 'city', person: 'edna', roles: ['editor'] }, actor),
    'set-stages': ask('set-stages', { desk: 'city', stages: ['desk', 'subs'] }, actor),
    'set-approval': ask('set-approval', { desk: 'city', steps: [{ step: 'chief', by: 'chief' as const }] }, actor),
    'set-lone-approval': ask('set-lone-approval', { desk: 'city', allowed: true }, actor),
    'set-move-rules': ask('set-move-rules', { desk: 'city', rules: [] }, actor),
  }),
  states: { kept: [set([])] },
};
/** The desk with these requirements, as articles meet it. */
const known = (...requirements: Requirement[]): { desk: Known } => ({
  desk: { ...given(desk, [set(requirements)]).state, version: 1 },
});
const gates = (requirements: Requirement[], text: Partial<Content> = {}) =>
  gatesOf({ ...content, ...text }, 'story', known(...requirements).desk);

test('who may settle what for a desk', () => {
  const { tried, listed, misfits } = rightsIn(desk, asked);
  expect(`\n${tried}`).toBe(`
                   kept
set-requirements   c
set-member         co
set-stages         co
set-approval       c
set-lone-approval  c
set-move-rules     c`);
  expect(listed).toBe(tried);
  expect(misfits).toEqual([]);
});

test('requirements replace those of their kind; the same again is no event, and what no text can meet is refused', () => {
  given(desk, []).when(setting(short)).then(set(short));
  given(desk, [set(short)])
    .when(setting(short))
    .then();
  given(desk, [set(short)])
    .when(setting([{ of: 'words', min: 300 }]))
    .then(set([{ of: 'words', min: 300 }]));
  given(desk, [])
    .when(setting([{ of: 'words', min: 2, max: 1 }]))
    .thenRejected('requirement-invalid');
});

test('somebody is of a desk in the roles it gives them, until it gives them none', () => {
  const member = (roles: string[]) => ask('set-member', { desk: 'city', person: 'edna', roles }, operator);
  const told = (roles: string[]): DeskEvent => ({
    type: 'DeskMemberSet',
    data: { by: { id: 'otto', name: 'dora' }, desk: 'city', person: 'edna', roles },
  });
  given(desk, [])
    .when(member(['editor', 'editor']))
    .then(told(['editor']));
  given(desk, [told(['editor'])])
    .when(member(['editor']))
    .then();
  given(desk, []).when(member([])).then();
  expect(given(desk, [told(['editor']), told([])]).state.members?.size).toBe(0);
});

test('what a desk has not settled is as everywhere, and nothing does without headline and slugline', () => {
  const bare = { headline: ' ', slugline: '', byline: [''], blocks: [] };
  const names = (kind: string, of?: Desk) => gatesOf({ ...content, ...bare }, kind, of).map(({ gate }) => gate);
  const own = given(desk, [set([], 'analysis')]).state;
  expect(names('story', own)).toEqual(['headline', 'slugline', 'byline', 'paragraphs']);
  expect(names('flash')).toEqual(['headline', 'slugline', 'byline']);
  expect(names('analysis', own)).toEqual(['headline', 'slugline']);
});

test('each measure counts what it is called', () => {
  const text = {
    headline: '🌉 Bridge  open',
    byline: ['Rana', ''],
    blocks: [paragraph('p1', 'It is <em>open</em>.'), paragraph('p2', '&nbsp;'), paragraph('p3', 'A &amp; B'), picture],
  };
  const is = (of: Requirement['of'], count: number) => {
    expect(gates([{ of, min: count, max: count }], text)).toEqual([]);
    expect(gates([{ of, min: count + 1 }], text)[0]?.gate).toBe(`${of}-too-short`);
    expect(gates([{ of, max: count - 1 }], text)[0]?.gate).toBe(`${of}-too-long`);
  };
  is('headline', 13);
  is('byline', 1);
  is('keywords', 1);
  is('paragraphs', 2);
  is('words', 6);
  is('images', 1);
  is('image-caption', 22);
  is('image-alt', 13);
  is('image-credit', 10);
  is('image-rights', 5);
  expect(gates([{ of: 'paragraph', max: 10 }], text)).toEqual([
    { gate: 'paragraph-too-long', field: 'blocks', block: 'p1', text: 'The paragraph has 11 characters; at most 10.' },
  ]);
  expect(gates([{ of: 'standfirst', min: 1, warning: true }])).toEqual([
    { gate: 'standfirst', field: 'standfirst', text: 'The standfirst is missing.', warning: true },
  ]);
});

test('an image is approved with a credit and rights, and better with a text for who cannot see it, unless the desk wants it otherwise', () => {
  const said = (more: Partial<Image>) => ({
    blocks: [...content.blocks, { ...picture, ...(picture.image ? { image: { ...picture.image, ...more } } : {}) }],
  });
  const named = (requirements: Requirement[], text = said({ credit: '', rights: ' ', alt: '' })) =>
    gates(requirements, text).map(({ gate, block, warning }) => [gate, block, warning]);
  const usual = [
    ...[
      ['image-credit', 'i1', undefined],
      ['image-rights', 'i1', undefined],
    ],
    ['image-alt', 'i1', true],
  ];
  expect(gatesOf({ ...content, ...said({ credit: '', rights: '', alt: '' }) }, 'story')).toEqual([
    { gate: 'image-credit', field: 'blocks', block: 'i1', text: 'The credit of the image is missing.' },
    { gate: 'image-rights', field: 'blocks', block: 'i1', text: 'The statement of rights to the image is missing.' },
    {
      ...{ gate: 'image-alt', field: 'blocks', block: 'i1', warning: true },
      text: 'The text for who cannot see the image is missing.',
    },
  ]);
  expect(named([])).toEqual(usual);
  expect(named([], said({}))).toEqual([]);
  expect(named([{ of: 'image-rights', min: 0 }])).toEqual([usual[0], usual[2]]);
  expect(named([{ of: 'image-alt', min: 1 }])).toEqual([['image-alt', 'i1', undefined], ...usual.slice(0, 2)]);
  expect(gates([{ of: 'images', min: 1 }])).toEqual([{ gate: 'images', field: 'blocks', text: 'There is no image.' }]);
  const text = { ...content, ...said({ credit: '' }) };
  const started = { ...flow.started, data: { ...flow.started.data, content: text } };
  given(article, [started])
    .when(ask('submit', {}, reporter))
    .then(flow.submitted);
  given(article, [started, flow.submitted, flow.claimed]).when(approve()).thenRejected('gates-not-passed');
});

const approve = (confirm: string[] = []) => ask('approve', { version: 1, confirm }, editor);
const claimed = [flow.started, flow.submitted, flow.claimed];

test('all that stands in the way of an approval is told at once, errors and warnings', () => {
  const held = known({ of: 'headline', max: 10 }, { of: 'standfirst', min: 1, warning: true });
  const refused = given(article, claimed)
    .when({ ...approve(['standfirst', 'headline-too-long']), given: held })
    .thenRejected('gates-not-passed');
  expect(refused.details.gates).toEqual([
    {
      ...{ gate: 'headline-too-long', field: 'headline', severity: 'error' },
      text: 'The headline has 14 characters; at most 10.',
    },
    { gate: 'standfirst', field: 'standfirst', severity: 'warning', text: 'The standfirst is missing.' },
  ]);
});

test('a warning passes when it is confirmed by name, and the approval records that and what it was held against', () => {
  const held = known({ of: 'standfirst', min: 1, warning: true }, { of: 'headline', max: 10, warning: true });
  const asking = (confirm: string[]) => given(article, claimed).when({ ...approve(confirm), given: held });
  asking([]).thenRejected('gates-not-passed');
  asking(['standfirst']).thenRejected('gates-not-passed');
  asking(['standfirst', 'headline-too-long', 'nonsense']).then({
    ...flow.approved,
    data: {
      ...flow.approved.data,
      confirmed: [
        { gate: 'standfirst', field: 'standfirst', text: 'The standfirst is missing.' },
        { gate: 'headline-too-long', field: 'headline', text: 'The headline has 14 characters; at most 10.' },
      ],
      applied: { desk: 1 },
    },
  });
  const { state } = given(article, claimed);
  const listed = (of: { desk: Known }) => article.actions(state, editor, of).map(({ command }) => command);
  expect(listed(held)).toContain('approve');
  expect(listed(known({ of: 'headline', max: 10 }))).not.toContain('approve');
});

test('a writer hands in what is too long, and not what is missing', () => {
  const submit = (...requirements: Requirement[]) =>
    given(article, [flow.started]).when({ ...ask('submit', {}, reporter), given: known(...requirements) });
  submit({ of: 'headline', max: 10 }).then(flow.submitted);
  submit({ of: 'standfirst', min: 1, warning: true }).then(flow.submitted);
  submit({ of: 'words', min: 50 }).then(flow.submitted);
  submit({ of: 'standfirst', min: 20 }).thenRejected('gates-not-passed');
});

test('any settings refuse only with a Rejection, and a text that meets them stays within their bounds', () => {
  const requirement: fc.Arbitrary<Requirement> = fc.record(
    { of: fc.constantFrom(...measures, ...imageMeasures), min: fc.nat(20), max: fc.nat(20), warning: fc.boolean() },
    { requiredKeys: ['of'] },
  );
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 6 }), fc.string({ maxLength: 25 }), (requirements, headline) => {
      try {
        const events = desk.decide(setting(requirements), desk.initial);
        const { state } = given(desk, events);
        const found = gatesOf({ ...content, headline }, 'story', state).filter(({ field }) => field === 'headline');
        const length = Array.from(headline.replaceAll(/\s+/gu, ' ').trim()).length;
        const fits = ({ of, min = 0, max = 99 }: Requirement) => of !== 'headline' || (length >= min && length <= max);
        expect(found.length === 0).toBe(length > 0 && requirements.every(fits));
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
      }
    }),
  );
});
