import { expect, test } from '@jest/globals';
import type { CorrectionEvent } from '#contracts';
import type { Actor } from '#decider';
import { given } from '#testing';
import { ask, by, content, editor, id, lawyer, otherDesk, paragraph, reporter, second } from '../article/samples.ts';
import { correction } from './correction.ts';

const correctionId = '01890000-0000-7000-8000-000000000002';
const of = (actor: Actor) => ({ ...by(actor), correctionId });
const published = { articleId: id, desk: 'city', writers: ['rana'], base: 3, content };
const opened: CorrectionEvent = { type: 'CorrectionOpened', data: { ...of(reporter), desk: 'city', base: 3, content } };
const closed = { ...content, blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')] };
const revised = (actor: Actor): CorrectionEvent => ({
  type: 'CorrectionRevised',
  data: { ...of(actor), version: 2, content: closed, changed: ['p1'] },
});
const revise = (actor: Actor) => ask('revise', { base: 1, put: [paragraph('p1', 'The bridge is closed.')] }, actor);
const approve = ask('approve', { version: 2 }, editor);

test('its writer or an editor of its desk opens it with a copy of the published text', () => {
  const open = { ...published, correctionId };
  given(correction, [])
    .when(ask('open', open, reporter))
    .then(opened);
  const byEditor: CorrectionEvent = { ...opened, data: { ...opened.data, ...of(editor) } };
  given(correction, [])
    .when(ask('open', open, editor))
    .then(byEditor);
  given(correction, [])
    .when(ask('open', open, otherDesk))
    .thenRejected('other-desk');
  given(correction, [])
    .when(ask('open', { ...open, writers: [] }, reporter))
    .thenRejected('other-desk');
  given(correction, [])
    .when(ask('open', open, lawyer))
    .thenRejected('role-required');
});

test('approved, it carries both texts and what changed between them', () => {
  given(correction, [opened]).when(revise(reporter)).then(revised(reporter));
  given(correction, [opened, revised(reporter)])
    .when(approve)
    .then({
      type: 'CorrectionApproved',
      data: { ...of(editor), base: 3, version: 2, content: closed, ancestor: content, changed: ['p1'] },
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
  expect(refused.details.gates).toEqual([{ gate: 'headline', field: 'headline' }]);
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
