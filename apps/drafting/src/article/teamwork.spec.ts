import { expect, test } from '@jest/globals';
import { given } from '#testing';
import { article } from './article.ts';
import { person } from './editing.ts';
import { ask, editor, flow, paragraph, reporter, told } from './samples.ts';

const ravi = { ...reporter, id: 'ravi', name: 'Ravi' };
const added = told('CoWriterAdded', editor, { writer: person(ravi) });
const removed = told('CoWriterRemoved', editor, { writer: ravi.id });
const revise = ask('revise', { base: 1, put: [paragraph('p1', 'The bridge is shut.')] }, ravi);
const add = ask('add-co-writer', { writer: person(ravi) }, editor);
const remove = (writer: string) => ask('remove-co-writer', { writer }, editor);

test('a co-writer writes as whoever started it does, until they are taken off', () => {
  given(article, [flow.started]).when(add).then(added);
  given(article, [flow.started]).when(revise).thenRejected('role-required');
  const written = { version: 2, base: 1, changed: ['p1'] };
  const [event] = article.decide(revise, given(article, [flow.started, added]).state);
  expect(event).toMatchObject({ type: 'ArticleRevised', data: { by: person(ravi), ...written } });
  given(article, [flow.started, added]).when(remove(ravi.id)).then(removed);
  given(article, [flow.started, added, removed]).when(revise).thenRejected('role-required');
});

test('whoever started it stays; to say twice what is so changes nothing', () => {
  given(article, [flow.started]).when(remove(reporter.id)).thenRejected('starter-stays');
  given(article, [flow.started]).when(remove(ravi.id)).then();
  given(article, [flow.started, added]).when(add).then();
});

test('a deadline is in the future, can be moved, and cleared', () => {
  const at = (deadline: string) => ({ deadline, zone: 'Europe/Berlin' });
  const [soon, later] = [at('2026-01-01T16:30:00.000000Z'), at('2026-01-01T17:30:00.000000Z')];
  const set = told('DeadlineSet', editor, soon);
  given(article, [flow.started])
    .when(ask('set-deadline', soon, editor))
    .then(set);
  given(article, [flow.started, set])
    .when(ask('set-deadline', soon, editor))
    .then();
  given(article, [flow.started, set])
    .when(ask('set-deadline', later, editor))
    .then(told('DeadlineSet', editor, later));
  const past = at('2025-12-31T23:59:59.999999Z');
  given(article, [flow.started])
    .when(ask('set-deadline', past, editor))
    .thenRejected('time-is-past');
  given(article, [flow.started, set])
    .when(ask('clear-deadline', {}, editor))
    .then(told('DeadlineCleared', editor, {}));
  given(article, [flow.started])
    .when(ask('clear-deadline', {}, editor))
    .then();
});
