import { expect, test } from '@jest/globals';
import type { ApprovalStep, ArticleEvent } from '#contracts';
import type { Actor } from '#decider';
import { given } from '#testing';
import { desk } from '../desk/desk.ts';
import { article } from './article.ts';
import { ask, chief, content, duty, editor, flow, lawyer, paragraph, second, told } from './samples.ts';

const subs: ApprovalStep = { step: 'subs', by: 'editor' };
const law: ApprovalStep = { step: 'law', by: 'legal' };
const top: ApprovalStep = { step: 'top', by: 'chief' };
const steps = [subs, law, top];
const city = (...approval: ApprovalStep[]) => ({
  desk: {
    ...given(desk, [
      { type: 'DeskApprovalSet', data: { by: { id: 'carl', name: 'carl' }, desk: 'city', steps: approval } },
    ]).state,
    version: 4,
  },
});
const taken = told('ApprovalStepsTaken', editor, { steps, applied: { desk: 4 }, awaits: subs });
const claimed = [flow.started, flow.submitted, flow.claimed, taken];
const passed = (step: string, actor: Actor, awaits: ApprovalStep | null, version = 1) =>
  told('ApprovalStepPassed', actor, { version, step, awaits });
const reopened = (of: string[], awaits: ApprovalStep, actor = editor) =>
  told('ApprovalStepsReopened', actor, { steps: of, changed: ['p1'], awaits });
const reason = 'Nobody is named.';
const skipped = (step: string, awaits: ApprovalStep | null) =>
  told('ApprovalStepSkipped', chief, { step, reason, awaits });
const approve = (actor: Actor, version = 1) => ask('approve', { version }, actor);
const approvedBy = (actor: Actor): ArticleEvent => ({
  ...flow.approved,
  data: { ...flow.approved.data, by: { id: actor.id, name: actor.name } },
});
const after = (...events: ArticleEvent[]) => given(article, [...claimed, ...events]);

test('an article takes the steps of its desk when it is claimed or opened anew, where they are others than it has', () => {
  const claim = { ...ask('claim', {}, editor), given: city(...steps) };
  given(article, [flow.started, flow.submitted]).when(claim).then(flow.claimed, taken);
  const again = { ...ask('claim', {}, second), given: city(...steps) };
  after()
    .when(again)
    .then(told('ArticleClaimed', second, { reason: '' }));
  // Whoever has it in hand takes what the desk has settled since.
  after().when(claim).then();
  const changed = told('ApprovalStepsTaken', editor, { steps: [subs, top], applied: { desk: 4 }, awaits: subs });
  after()
    .when({ ...claim, given: city(subs, top) })
    .then(changed);
  const fewer = { ...ask('claim', {}, second), given: city(subs, top) };
  after(passed('subs', editor, law))
    .when(fewer)
    .then(
      told('ArticleClaimed', second, { reason: '' }),
      told('ApprovalStepsTaken', second, { steps: [subs, top], applied: { desk: 4 }, awaits: top }),
    );
  given(article, [flow.started, flow.submitted, flow.claimed, flow.approved])
    .when({ ...ask('open-next-version', {}, editor), given: city(subs) })
    .then(
      told('NextVersionOpened', editor, {}),
      told('ApprovalStepsTaken', editor, { steps: [subs], applied: { desk: 4 }, awaits: subs }),
    );
});

test('each step is for whoever takes it; it stays in editing until the last, which is the approval', () => {
  after().when(approve(lawyer)).thenRejected('role-required');
  after()
    .when(approve(editor))
    .then(passed('subs', editor, law));
  const one = after(passed('subs', editor, law));
  expect(one.state.status).toBe('editing');
  one.when(approve(second)).thenRejected('role-required');
  one.when(approve(lawyer)).then(passed('law', lawyer, top));
  const two = after(passed('subs', editor, law), passed('law', lawyer, top));
  two.when(approve(chief)).then(approvedBy(chief));
  const { state } = after(passed('subs', editor, law), passed('law', lawyer, top), approvedBy(chief));
  expect(state).toMatchObject({ status: 'approved', approval: { steps, settled: [] } });
});

test('nobody takes two steps, and what stands in the way of an approval stands at the last one', () => {
  const both = { ...editor, roles: ['editor', 'legal'] };
  after(passed('subs', editor, law))
    .when(approve(both))
    .thenRejected('second-person');
  const bare = told('ArticleRevised', second, {
    ...{ version: 2, base: 1, changed: ['headline'], content: { ...content, headline: '' } },
  });
  after(bare)
    .when(approve(editor, 2))
    .then(passed('subs', editor, law, 2));
  after(bare, passed('subs', editor, law, 2), passed('law', lawyer, top, 2))
    .when(approve(chief, 2))
    .thenRejected('gates-not-passed');
});

test('a chief may whatever duty editors may', () => {
  const steps = [{ step: 'duty', by: 'duty-editor' }] as ApprovalStep[];
  const taken = told('ApprovalStepsTaken', editor, { steps, applied: { desk: 1 }, awaits: steps[0] ?? null });
  const asking = given(article, [flow.started, flow.submitted, flow.claimed, taken]);
  for (const actor of [duty, chief]) asking.when(approve(actor)).then(approvedBy(actor));
  asking.when(approve(editor)).thenRejected('role-required');
});

test('an edit reopens the steps that had passed what it changed; one that was skipped stays so', () => {
  const revise = (actor: Actor, html: string) => ask('revise', { base: 1, put: [paragraph('p1', html)] }, actor);
  const revised = flow.revised('p1', 'The bridge is shut.');
  after(passed('subs', second, law))
    .when(revise(editor, 'The bridge is shut.'))
    .then(revised, reopened(['subs'], subs));
  after(skipped('subs', law)).when(revise(editor, 'The bridge is shut.')).then(revised);
  after(passed('subs', second, law), passed('law', lawyer, top))
    .when(revise(editor, 'The bridge is shut.'))
    .then(revised, reopened(['subs', 'law'], subs));
  const open = after(passed('subs', second, law), revised, reopened(['subs'], subs));
  open.when(approve(lawyer, 2)).thenRejected('role-required');
  open.when(approve(second, 2)).then(passed('subs', second, law, 2));
});

test('who has to take a step may reject instead: the approval waits until an editor resumes it', () => {
  const reject = ask('reject-approval', { version: 1, reason }, lawyer);
  const rejected = told('ApprovalRejected', lawyer, { version: 1, step: 'law', reason });
  const first = passed('subs', editor, law);
  after(first).when(reject).then(rejected);
  after(first, rejected).when(approve(lawyer)).thenRejected('approval-rejected');
  after(first, rejected).when(reject).thenRejected('approval-rejected');
  const resumed = told('ApprovalResumed', editor, { awaits: law });
  after(first, rejected)
    .when(ask('resume-approval', {}, editor))
    .then(resumed);
  after(first)
    .when(ask('resume-approval', {}, editor))
    .thenRejected('approval-not-rejected');
  after(first, rejected, resumed)
    .when(approve(lawyer))
    .then(passed('law', lawyer, top));
});

test('a chief skips an open step with a reason; once all are settled, an editor approves', () => {
  const skip = (step: string, actor = chief) => ask('skip-approval-step', { step, reason }, actor);
  after().when(skip('law')).then(skipped('law', subs));
  after().when(skip('law', editor)).thenRejected('role-required');
  const refused = after(skipped('law', subs)).when(skip('law')).thenRejected('unknown-step');
  expect(refused.details).toEqual({ steps: ['subs', 'top'] });
  const rejected = told('ApprovalRejected', editor, { version: 1, step: 'subs', reason });
  const all = after(rejected, skipped('subs', law), skipped('law', top), skipped('top', null));
  all.when(approve(lawyer)).thenRejected('role-required');
  all.when(approve(editor)).then(approvedBy(editor));
  given(article, [flow.started, flow.submitted, flow.claimed]).when(skip('law')).thenRejected('no-approval-steps');
});
