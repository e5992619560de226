import { expect, test } from '@jest/globals';
import type { ApprovalStep, CorrectionEvent } from '#contracts';
import type { Actor } from '#decider';
import { given } from '#testing';
import { article } from '../article/article.ts';
import {
  ask,
  by,
  chief,
  content,
  editor,
  flow,
  id,
  lawyer,
  paragraph,
  recorded,
  reporter,
  second,
} from '../article/samples.ts';
import type { Known } from '../desk/desk.ts';
import { correction } from './correction.ts';
import { correctionView } from './correction.view.ts';

const correctionId = '01890000-0000-7000-8000-000000000002';
const subs: ApprovalStep = { step: 'subs', by: 'editor' };
const law: ApprovalStep = { step: 'law', by: 'legal' };
const desk: Known = { status: 'kept', id: 'city', version: 4, requirements: new Map(), approval: [subs, law] };
const out = given(article, [flow.started, recorded('ArticlePublished', 'published', { version: 1, content })]).state;
type Told<T> = Omit<Extract<CorrectionEvent, { type: T }>['data'], 'articleId' | 'correctionId' | 'by'>;
const told = <T extends CorrectionEvent['type']>(type: T, actor: Actor, data: Told<T>) =>
  ({ type, data: { ...by(actor), correctionId, ...data } }) as CorrectionEvent;
const open = (settled: Known) => ({
  ...ask('open', { correctionId, articleId: id }, reporter),
  given: { article: out, desk: settled },
});
const opened = told('CorrectionOpened', reporter, { desk: 'city', base: 1, content });
const taken = told('CorrectionApprovalStepsTaken', reporter, {
  steps: [subs, law],
  applied: { desk: 4 },
  awaits: subs,
});
const closed = { ...content, blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')] };
const saved = told('CorrectionRevised', reporter, { version: 2, content: closed, changed: ['p1'] });
const passed = told('CorrectionApprovalStepPassed', editor, { version: 2, step: 'subs', awaits: law });
const approve = (actor: Actor, version = 2) => ({ ...ask('approve', { version }, actor), given: { article: out } });
const approved = told('CorrectionApproved', lawyer, {
  ...{ base: 1, version: 2, content: closed, ancestor: content, changed: ['p1'], authors: { p1: reporter.id } },
});
const after = (...events: CorrectionEvent[]) => given(correction, [opened, taken, saved, ...events]);

test('it takes the steps of its desk when it is opened, and is approved by the last of them', () => {
  given(correction, []).when(open(desk)).then(opened, taken);
  given(correction, [])
    .when(open({ ...desk, approval: [] }))
    .then(opened);
  after().when(approve(lawyer)).thenRejected('role-required');
  after().when(approve(editor)).then(passed);
  after(passed).when(approve(second)).thenRejected('role-required');
  after(passed).when(approve(lawyer)).then(approved);
  expect(correctionView(after(passed).state, out).approval).toMatchObject({
    steps: [
      { step: 'subs', state: 'passed', who: { id: 'edna' }, version: 2 },
      { step: 'law', state: 'open' },
    ],
  });
  given(correction, [opened, saved])
    .when(approve(editor))
    .then({ ...approved, data: { ...approved.data, by: { id: editor.id, name: editor.name } } } as CorrectionEvent);
});

test('what its desk settles since changes nothing half-way through; an editor takes it, as one who claims an article does', () => {
  const top: ApprovalStep = { step: 'top', by: 'chief' };
  const settled: Known = { ...desk, version: 5, approval: [subs, top] };
  const later = { ...approve(lawyer), given: { article: out, desk: settled } };
  expect(correction.decide(later, after(passed).state)).toMatchObject([{ type: 'CorrectionApproved' }]);
  const take = (actor: Actor, known: Known) => ({ ...ask('take-approval-steps', {}, actor), given: { desk: known } });
  // What was passed under the same name stays.
  const others = told('CorrectionApprovalStepsTaken', editor, {
    steps: [subs, top],
    applied: { desk: 5 },
    awaits: top,
  });
  after(passed).when(take(editor, settled)).then(others);
  after(passed, others).when(approve(lawyer)).thenRejected('role-required');
  expect(correction.decide(approve(chief), after(passed, others).state)).toMatchObject([
    { type: 'CorrectionApproved' },
  ]);
  after(passed)
    .when(take(editor, { ...desk, version: 6, approval: [] }))
    .then(told('CorrectionApprovalStepsTaken', editor, { steps: [], applied: { desk: 6 }, awaits: null }));
  after().when(take(editor, desk)).thenRejected('approval-steps-taken');
  after().when(take(reporter, settled)).thenRejected('role-required');
  const offered = (known: Known) =>
    correction.actions(after().state, editor, { desk: known }).map(({ command }) => command);
  expect(offered(settled)).toContain('take-approval-steps');
  expect(offered(desk)).not.toContain('take-approval-steps');
});

test('nobody takes two steps; what stands in the way stands at the last, and what corrects nothing at each', () => {
  const both = { ...editor, roles: ['editor', 'legal'] };
  after(passed).when(approve(both)).thenRejected('second-person');
  given(correction, [opened, taken]).when(approve(editor, 1)).thenRejected('nothing-corrected');
  const bare = told('CorrectionRevised', second, {
    version: 3,
    content: { ...closed, headline: '' },
    changed: ['headline'],
  });
  after(bare)
    .when(approve(editor, 3))
    .then(told('CorrectionApprovalStepPassed', editor, { version: 3, step: 'subs', awaits: law }));
  const [first] = [told('CorrectionApprovalStepPassed', editor, { version: 3, step: 'subs', awaits: law })];
  after(bare, first).when(approve(lawyer, 3)).thenRejected('gates-not-passed');
});

test('an edit reopens what had passed it; a rejection waits until it is resumed; a chief lets a step be skipped', () => {
  const revise = ask('revise', { base: 2, put: [paragraph('p1', 'The bridge is shut.')] }, reporter);
  const [, ...more] = correction.decide(revise, after(passed).state);
  expect(more).toEqual([
    told('CorrectionApprovalStepsReopened', reporter, { steps: ['subs'], changed: ['p1'], awaits: subs }),
  ]);
  const reason = 'Who says so?';
  const rejected = told('CorrectionApprovalRejected', lawyer, { version: 2, step: 'law', reason });
  after(passed)
    .when(ask('reject-approval', { version: 2, reason }, lawyer))
    .then(rejected);
  after(passed, rejected).when(approve(lawyer)).thenRejected('approval-rejected');
  const resumed = told('CorrectionApprovalResumed', editor, { awaits: law });
  after(passed, rejected)
    .when(ask('resume-approval', {}, editor))
    .then(resumed);
  after(passed, rejected, resumed).when(approve(lawyer)).then(approved);
  const skipped = told('CorrectionApprovalStepSkipped', chief, { step: 'law', reason, awaits: subs });
  after()
    .when(ask('skip-approval-step', { step: 'law', reason }, chief))
    .then(skipped);
  after(skipped)
    .when(approve(editor))
    .then({ ...approved, data: { ...approved.data, by: { id: editor.id, name: editor.name } } } as CorrectionEvent);
  given(correction, [opened, saved])
    .when(ask('skip-approval-step', { step: 'law', reason }, chief))
    .thenRejected('no-approval-steps');
});
