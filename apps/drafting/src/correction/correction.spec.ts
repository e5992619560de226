import { expect, test } from '@jest/globals';
import type { ArticleEvent, CorrectionEvent } from '#contracts';
import type { Actor } from '#decider';
import { given } from '#testing';
import { article } from '../article/article.ts';
import { person } from '../article/editing.ts';
import {
  ask,
  by,
  content,
  duty,
  editor,
  flow,
  id,
  lawyer,
  machine,
  otherDesk,
  paragraph,
  recorded,
  reporter,
  second,
  told,
} from '../article/samples.ts';
import { correction } from './correction.ts';

const correctionId = '01890000-0000-7000-8000-000000000002';
const of = (actor: Actor) => ({ ...by(actor), correctionId });
const opened: CorrectionEvent = { type: 'CorrectionOpened', data: { ...of(reporter), desk: 'city', base: 1, content } };
const closed = { ...content, blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')] };
const revised = (actor: Actor): CorrectionEvent => ({
  type: 'CorrectionRevised',
  data: { ...of(actor), version: 2, content: closed, changed: ['p1'] },
});
const revise = (actor: Actor) => ask('revise', { base: 1, put: [paragraph('p1', 'The bridge is closed.')] }, actor);
const approve = ask('approve', { version: 2 }, editor);
const approved = [flow.started, flow.submitted, flow.claimed, flow.approved];
const published = [...approved, recorded('ArticlePublished', 'published', { version: 1, content })];
/** Opens a correction of an article to which this has happened. */
const open = (actor: Actor, ...events: readonly ArticleEvent[]) => ({
  ...ask('open', { correctionId, articleId: id }, actor),
  given: { article: given(article, events).state },
});

test('its writer or an editor of its desk opens it with a copy of the published text', () => {
  given(correction, [])
    .when(open(reporter, ...published))
    .then(opened);
  const byEditor: CorrectionEvent = { ...opened, data: { ...opened.data, ...of(editor) } };
  given(correction, [])
    .when(open(editor, ...published))
    .then(byEditor);
  given(correction, [])
    .when(open(otherDesk, ...published))
    .thenRejected('other-desk');
  given(correction, [])
    .when(open({ ...reporter, id: 'ravi' }, ...published))
    .thenRejected('other-desk');
  given(correction, [])
    .when(open(lawyer, ...published))
    .thenRejected('role-required');
});

test('whatever the working line is doing, it copies what went out last', () => {
  const next = [told('NextVersionOpened', editor, {}), flow.revised('p1', 'The bridge is half open.')];
  given(correction, [])
    .when(open(reporter, ...published, ...next))
    .then(opened);
  const again: CorrectionEvent = { ...opened, data: { ...opened.data, base: 2, content: closed } };
  const out = recorded('ArticleCorrected', 'published', { version: 2, content: closed });
  given(correction, [])
    .when(open(reporter, ...published, ...next, out))
    .then(again);
  for (const state of ['held', 'unpublished'])
    given(correction, [])
      .when(open(reporter, ...published, recorded('E', state, { version: 1 })))
      .then(opened);
});

test('what readers do not have is not corrected', () => {
  given(correction, []).when(open(reporter)).thenRejected('not-found');
  given(correction, [])
    .when(open(reporter, ...approved))
    .thenRejected('not-published');
  given(correction, [])
    .when(open(reporter, ...approved, recorded('PublicationOpened', 'cleared')))
    .thenRejected('not-published');
  const killed = recorded('ArticleKilled', 'killed', { version: 1 });
  expect(
    given(correction, [])
      .when(open(reporter, ...published, killed))
      .thenRejected('not-published').details,
  ).toEqual({ state: 'killed' });
});

test('it ends when its article is killed; nobody else ends it that way', () => {
  const end = ask('end', { by: person(duty) }, machine);
  const ended: CorrectionEvent = { type: 'CorrectionDiscarded', data: of(duty) };
  given(correction, [opened]).when(end).then(ended);
  given(correction, [opened, ended]).when(end).thenRejected('not-allowed-now');
  given(correction, [opened])
    .when({ ...end, actor: editor })
    .thenRejected('role-required');
  expect(correction.actions(given(correction, [opened]).state, machine)).toEqual([]);
});

test('approved, it carries both texts and what changed between them', () => {
  given(correction, [opened]).when(revise(reporter)).then(revised(reporter));
  given(correction, [opened, revised(reporter)])
    .when(approve)
    .then({
      type: 'CorrectionApproved',
      data: {
        ...{ ...of(editor), base: 1, version: 2, content: closed, ancestor: content },
        ...{ changed: ['p1'], authors: { p1: reporter.id } },
      },
    });
});

test('four eyes, as for an article', () => {
  const own = [opened, revised(editor)];
  given(correction, own).when(approve).thenRejected('four-eyes');
  given(correction, own)
    .when(ask('read-back', { version: 2, blocks: ['p1'] }, editor))
    .thenRejected('own-block');
  const read: CorrectionEvent = { type: 'CorrectionReadBack', data: { ...of(lawyer), version: 2, blocks: ['p1'] } };
  given(correction, own)
    .when(ask('read-back', { version: 2, blocks: ['p1'] }, lawyer))
    .then(read);
  expect(correction.actions(given(correction, [...own, read]).state, editor)).toContainEqual({
    command: 'approve',
    by: ['editor'],
  });
});

test('what corrects nothing, lacks what was there, or was not seen is not approved', () => {
  given(correction, [opened])
    .when(ask('approve', { version: 1 }, editor))
    .thenRejected('nothing-corrected');
  given(correction, [opened, revised(reporter)])
    .when(ask('approve', { version: 1 }, editor))
    .thenRejected('version-seen-stale');
  const bare: CorrectionEvent = {
    type: 'CorrectionRevised',
    data: { ...of(second), version: 2, content: { ...content, headline: '' }, changed: ['headline'] },
  };
  const refused = given(correction, [opened, bare]).when(approve).thenRejected('gates-not-passed');
  expect(refused.details.gates).toMatchObject([{ gate: 'headline', field: 'headline' }]);
});

test('two people do not overwrite each other', () => {
  const other = ask('revise', { base: 1, put: [paragraph('p1', 'The bridge is half open.')] }, editor);
  given(correction, [opened, revised(reporter)])
    .when(other)
    .thenRejected('block-conflict');
});

test('given up, it stays so', () => {
  const discarded: CorrectionEvent = { type: 'CorrectionDiscarded', data: of(reporter) };
  given(correction, [opened])
    .when(ask('discard', {}, reporter))
    .then(discarded);
  given(correction, [opened, discarded]).when(revise(reporter)).thenRejected('not-allowed-now');
});

test('an old version is saved anew over the one that was seen', () => {
  const restore = (version: number, seen: number) => ask('restore-version', { version, seen }, editor);
  const restored: CorrectionEvent = {
    type: 'CorrectionRevised',
    data: { ...of(editor), version: 3, content, changed: ['p1'], restored: 1 },
  };
  given(correction, [opened, revised(reporter)])
    .when(restore(1, 2))
    .then(restored);
  given(correction, [opened, revised(reporter)])
    .when(restore(2, 2))
    .then();
  given(correction, [opened, revised(reporter)])
    .when(restore(1, 1))
    .thenRejected('version-seen-stale');
});

test('an editor takes it over from whoever has it in hand, and from nobody else', () => {
  const takeOver = (from?: { by: Actor; session: string }) =>
    ask('take-over-lease', { session: 'two', reason: 'Urgent.', from }, editor);
  given(correction, [opened])
    .when(takeOver({ by: reporter, session: 'one' }))
    .then({
      type: 'CorrectionLeaseTakenOver',
      data: { ...of(editor), session: 'two', reason: 'Urgent.', from: person(reporter), fromSession: 'one' },
    });
  given(correction, [opened]).when(takeOver()).then();
});
