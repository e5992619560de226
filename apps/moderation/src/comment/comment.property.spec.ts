import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { type CommentEvent, contractOf, rejectionReasons } from '#contracts';
import { Rejection } from '#decider';
import { comment, type CommentCommand } from './comment.ts';
import {
  articleId,
  ask,
  author,
  chief,
  commentId,
  flow,
  machine,
  moderator,
  publisher,
  said,
  second,
  site,
  threads,
} from './samples.ts';

const actor = fc.constantFrom(site, moderator, second, chief, machine);
const thread = fc.constantFrom(...Object.values(threads));
const seen = fc.record({
  revision: fc.constantFrom(1, 1, 1, 2),
  state: fc.constantFrom('pending', 'published', 'rejected'),
});
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom('You idiot', 'BUY NOW AND SAVE MONEY', 'see www.example.com', 'شكرا 👍'),
);
const submit = fc
  .record({
    ...{ text, thread, actor, first: fc.constantFrom(commentId, 'another') },
    mayReject: fc.subarray(['insult', 'link', 'shouting', 'repeat']),
  })
  .map(({ text, thread, actor, first, mayReject }) =>
    ask('submit', { ...flow.submission, text, policy: { mayReject } }, actor, { thread, wording: said(first) }),
  );
const command: fc.Arbitrary<CommentCommand> = fc.oneof(
  submit,
  fc.tuple(seen, actor, thread).map(([data, by, thread]) => ask('approve', data, by, { thread })),
  fc
    .tuple(seen, fc.constantFrom(...rejectionReasons), actor, thread)
    .map(([data, reason, by, thread]) => ask('reject', { ...data, reason, note: 'N' }, by, { thread })),
  fc
    .tuple(fc.constantFrom(1, 2), fc.constantFrom(author, ['another', 'r-18'] as const), actor)
    .map(([revision, author, by]) => ask('withdraw', { revision, author }, by)),
  fc.constantFrom(machine, site).map((by) => ask('end', { by: publisher }, by)),
  fc.constantFrom(machine, moderator).map((by) => ask('erase', { commentId, articleId, by: publisher }, by)),
);
const begin = submit.filter(({ actor, given }) => actor === site && given.thread.status === 'open');
const histories = fc
  .tuple(begin, fc.array(command, { maxLength: 20 }))
  .map(([first, rest]): CommentCommand[] => [first, ...rest]);

function run(commands: readonly CommentCommand[]) {
  let state = comment.initial;
  const events: CommentEvent[] = [];
  const refusals: Rejection[] = [];
  for (const asked of commands) {
    try {
      const decided = comment.decide(asked, state);
      state = decided.reduce(comment.evolve, state);
      events.push(...decided);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      refusals.push(error);
    }
  }
  return { state, events, refusals };
}

test('any history of commands replays to the same state, in events that their contracts describe', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      const { state, events } = run(commands);
      const stored = JSON.parse(JSON.stringify(events)) as CommentEvent[];
      expect(stored.reduce(comment.evolve, comment.initial)).toEqual(state);
      for (const { type, data } of events)
        expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
    }),
  );
});

test('the words of a reader are in the submission and nowhere else: in no decision, and in no refusal', () => {
  const secret = 'xqzwv';
  fc.assert(
    fc.property(histories, (commands) => {
      const marked = commands.map((asked) =>
        asked.type === 'submit' ? { ...asked, data: { ...asked.data, text: `${asked.data.text} ${secret}` } } : asked,
      );
      const { events, refusals } = run(marked);
      const elsewhere = events.filter(({ type }) => type !== 'CommentSubmitted');
      const told = refusals.map(({ message, details }) => ({ message, details }));
      expect(JSON.stringify([elsewhere, told])).not.toContain(secret);
    }),
  );
});

test('nothing is published that no person let stand, and nobody turns a decision that they did not see', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      let state = comment.initial;
      for (const asked of commands) {
        let events: readonly CommentEvent[] = [];
        try {
          events = comment.decide(asked, state);
        } catch {
          continue;
        }
        const decided = events.some(({ type }) => type === 'CommentApproved' || type === 'CommentRejected');
        if (decided && asked.type !== 'submit') expect(asked.data).toMatchObject({ revision: 1, state: state.status });
        state = events.reduce(comment.evolve, state);
        if (state.status === 'published') expect(state.decision?.by.id).toMatch(/^(mona|mick)$/);
      }
    }),
  );
});
