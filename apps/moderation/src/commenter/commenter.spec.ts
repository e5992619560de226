import { expect, test } from '@jest/globals';
import type { CommenterEvent } from '#contracts';
import { given } from '#testing';
import { ask, commenterId, lead, moderator, officer, site } from '../comment/samples.ts';
import { commenter } from './commenter.ts';

const erase = (actor = officer, known = true) => ask('erase', { commenterId, known }, actor);
const by = { id: officer.id, name: officer.name };
const erased: CommenterEvent = { type: 'CommenterErased', data: { commenterId, by } };

test('the privacy officer erases a reader, once', () => {
  given(commenter, []).when(erase()).then(erased);
  given(commenter, [erased]).when(erase()).then();
  expect(given(commenter, [erased]).state).toEqual({ status: 'erased', id: commenterId, by });
});

test('of nobody, nothing is recorded', () => {
  given(commenter, []).when(erase(officer, false)).thenRejected('not-found');
});

test('nobody else does', () => {
  for (const actor of [site, moderator, lead]) given(commenter, []).when(erase(actor)).thenRejected('role-required');
});
