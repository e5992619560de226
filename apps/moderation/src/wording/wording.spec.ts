import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WordingEvent } from '#contracts';
import { Rejection } from '#decider';
import { given } from '#testing';
import { articleId, ask, commentId, moderator, site, threads } from '../comment/samples.ts';
import { wording } from './wording.ts';

const claim = (by = commentId, thread = threads.open, actor = site) =>
  ask('claim', { commentId: by, articleId }, actor, { thread });
const claimed: WordingEvent = { type: 'WordingClaimed', data: { commentId, articleId } };

test('whoever claims the words first has them for ever', () => {
  given(wording, []).when(claim()).then(claimed);
  given(wording, [claimed]).when(claim('another')).then();
  expect(given(wording, [claimed]).state.first).toBe(commentId);
});

test('no words are claimed in a thread that takes no comments, or by anybody but the site', () => {
  given(wording, []).when(claim(commentId, threads.none)).thenRejected('not-found');
  given(wording, []).when(claim(commentId, threads.frozen)).thenRejected('thread-frozen');
  given(wording, [claimed]).when(claim('another', threads.closed)).thenRejected('thread-closed');
  given(wording, [])
    .when(claim(commentId, threads.open, moderator))
    .thenRejected('role-required');
});

test('of any claims, exactly one is the first', () => {
  const claims = fc.array(fc.record({ by: fc.uuid(), thread: fc.constantFrom(...Object.values(threads)) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(claims, (asked) => {
      const events: WordingEvent[] = [];
      for (const { by, thread } of asked) {
        try {
          events.push(...wording.decide(claim(by, thread), given(wording, events).state));
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      }
      const first = asked.find(({ thread }) => thread.status === 'open');
      expect(events.map(({ data }) => data.commentId)).toEqual(first ? [first.by] : []);
    }),
  );
});
