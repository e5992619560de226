import { expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { ask, by, editor, flow, lawyer, duty, reporter, second, told } from './samples.ts';

const at = '2026-01-01T00:00:00.000000Z';
const noteId = '01890000-0000-7000-8000-00000000c0de';
const { started, submitted, claimed, revised, approved } = flow;
const inEditing = [started, submitted, claimed];
const words = { note: 'Open since when?', mentions: ['rana'] };
const note = (more: object = {}, blocking = true): ArticleEvent => ({
  type: 'NoteAdded',
  data: { ...by(lawyer), noteId, at, ...words, blocking, ...more },
});
const on = { version: 1, block: 'p1', from: 4, to: 10 };
const rangeAfter = (...events: ArticleEvent[]) => given(article, events).state.notes?.[0]?.range;
const approve = ask('approve', { version: 1 }, editor);
const resolve = (actor = editor) => ask('resolve-note', { noteId }, actor);
const resolved: ArticleEvent = { type: 'NoteResolved', data: { ...by(editor), noteId, at } };

test('a note is put on the article, a block or a stretch of it, as it reads in the version seen', () => {
  const add = (place?: object) =>
    ask('add-note', { ...words, blocking: true, ...(place && { on: place as typeof on }) }, lawyer);
  given(article, inEditing).when(add()).then(note());
  given(article, inEditing)
    .when(add({ version: 1, block: 'p1' }))
    .then(note({ block: 'p1' }));
  given(article, inEditing)
    .when(add(on))
    .then(note({ block: 'p1', range: { from: 4, to: 10 } }));
  given(article, inEditing)
    .when(add({ ...on, to: 99 }))
    .thenRejected('range-invalid');
  given(article, inEditing)
    .when(add({ version: 1, block: 'p9' }))
    .thenRejected('blocks-invalid');
  given(article, [...inEditing, revised('p1', 'Shut.')])
    .when(add(on))
    .thenRejected('version-seen-stale');
  given(article, inEditing)
    .when({ ...add(), actor: { ...duty, desks: ['sport'] } })
    .thenRejected('role-required');
});

test('a range stays on its words, whatever is written before, in or behind them', () => {
  // "The bridge is open.": the note is on "bridge".
  const noted = [...inEditing, note({ block: 'p1', range: { from: 4, to: 10 } })];
  expect(rangeAfter(...noted, revised('p1', 'Today the bridge is open.'))).toEqual({ from: 10, to: 16 });
  expect(rangeAfter(...noted, revised('p1', 'The bridge is open again.'))).toEqual({ from: 4, to: 10 });
  expect(rangeAfter(...noted, revised('p1', 'The old bridge is open.'))).toMatchObject({ to: 14 });
  expect(rangeAfter(...noted, revised('p1', 'The tunnel is open.'))).toEqual({ from: 4, to: 10 });
  expect(rangeAfter(...noted, revised('p1', 'The ferry is open.'))).toEqual({ from: 4, to: 9 });
  const words = [...inEditing, note({ block: 'p1', range: { from: 4, to: 13 } })];
  expect(rangeAfter(...words, revised('p1', 'Today the bridge is shut.'))).toEqual({ from: 10, to: 19 });
  expect(rangeAfter(...noted, revised('p2', 'Traffic crawls.'))).toEqual({ from: 4, to: 10 });
});

test('a blocking note stands against an approval until its author or an editor resolves it', () => {
  const refused = given(article, [...inEditing, note({ block: 'p1' })])
    .when(approve)
    .thenRejected('gates-not-passed');
  expect(refused.details.gates).toMatchObject([{ gate: 'blocking-note', block: 'p1' }]);
  given(article, [...inEditing, note({}, false)])
    .when(approve)
    .then(approved);
  given(article, [...inEditing, note()])
    .when(resolve(reporter))
    .thenRejected('note-blocks');
  given(article, [...inEditing, note()])
    .when(resolve())
    .then(resolved);
  given(article, [...inEditing, note(), resolved])
    .when(resolve(second))
    .then();
  given(article, [...inEditing, note(), resolved])
    .when(approve)
    .then(approved);
  given(article, inEditing).when(resolve()).thenRejected('unknown-note');
});

test('what the legal check wants changed is a blocking note, which its pass resolves and no editor does', () => {
  const requested = told('LegalCheckRequested', editor, { at, reason: 'She may sue.' });
  const wanted = { version: 1, answer: 'changes-wanted', reason: 'Soften it.' } as const;
  const answered = told('LegalCheckAnswered', lawyer, { at, ...wanted });
  const legal = note({ note: 'Soften it.', mentions: [], legal: true });
  given(article, [...inEditing, requested])
    .when(ask('answer-legal-check', wanted, lawyer))
    .then(answered, legal);
  given(article, [...inEditing, requested, answered, legal])
    .when(resolve())
    .thenRejected('note-blocks');
  const passed = told('LegalCheckAnswered', lawyer, { at, version: 1, answer: 'pass', reason: '' });
  const after = [...inEditing, requested, answered, legal, passed];
  expect(given(article, after).state.notes).toMatchObject([{ resolved: { by: { id: 'lea' }, at } }]);
  given(article, after).when(approve).then(approved);
});
