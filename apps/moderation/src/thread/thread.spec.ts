import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { contractOf, type ThreadEvent } from '#contracts';
import { Rejection } from '#decider';
import { given } from '#testing';
import { ask, machine, moderator, threadFlow } from '../comment/samples.ts';
import { notOpen, thread, type ThreadCommand } from './thread.ts';

const { heard, opened, frozen, closed } = threadFlow;
const open = (version = 1) => ask('open', { ...heard, version }, machine);
const freeze = ask('freeze', { ...heard, why: 'unpublished' as const }, machine);
const restore = ask('restore', heard, machine);
const close = ask('close', heard, machine);
const restored: ThreadEvent = { type: 'ThreadRestored', data: heard };
const shown = (version: number): ThreadEvent => ({ type: 'VersionShown', data: { ...heard, version } });

test('it opens with its article, and learns each version that readers have', () => {
  given(thread, [])
    .when(open())
    .then(...opened);
  given(thread, opened).when(open(2)).then(shown(2));
  expect(given(thread, [...opened, shown(2)]).state.versions).toEqual([1, 2]);
});

test('it freezes, and is restored as it was or with a newer version', () => {
  given(thread, opened).when(freeze).then(frozen);
  given(thread, [...opened, frozen])
    .when(restore)
    .then(restored);
  given(thread, [...opened, frozen])
    .when(open())
    .then(restored);
  given(thread, [...opened, frozen])
    .when(open(2))
    .then(restored, shown(2));
});

test('it closes for ever, frozen or not', () => {
  given(thread, opened).when(close).then(closed);
  given(thread, [...opened, frozen])
    .when(close)
    .then(closed);
  for (const command of [open(2), freeze, restore])
    given(thread, [...opened, closed])
      .when(command)
      .thenRejected('not-allowed-now');
});

test('what has happened already gives no event', () => {
  given(thread, opened).when(open()).then();
  given(thread, opened).when(restore).then();
  given(thread, [...opened, frozen])
    .when(freeze)
    .then();
  given(thread, [...opened, closed])
    .when(close)
    .then();
});

test('nothing but its opening begins it', () => {
  for (const command of [freeze, restore, close]) given(thread, []).when(command).thenRejected('not-found');
});

test('nobody commands it', () => {
  given(thread, opened)
    .when({ ...freeze, actor: moderator })
    .thenRejected('role-required');
});

test('why it takes nothing is told by a code of its own', () => {
  const codeAfter = (...events: ThreadEvent[]) => notOpen(given(thread, events).state)?.code;
  expect(codeAfter()).toBe('not-found');
  expect(codeAfter(...opened)).toBeUndefined();
  expect(codeAfter(...opened, frozen)).toBe('thread-frozen');
  expect(codeAfter(...opened, frozen, restored)).toBeUndefined();
  expect(codeAfter(...opened, closed)).toBe('thread-closed');
});

/** Whatever publication can have done, in any order and number, with positions that tell them apart. */
const command: fc.Arbitrary<ThreadCommand> = fc
  .tuple(fc.constantFrom('open', 'freeze', 'restore', 'close'), fc.integer({ min: 1, max: 4 }), fc.uuid())
  .map(([type, version, position]) => {
    const data = { ...heard, position };
    if (type === 'open') return ask(type, { ...data, version }, machine);
    if (type === 'freeze') return ask(type, { ...data, why: 'kill-asked' as const }, machine);
    return ask(type, data, machine);
  });

test('any history replays to the same state, in events that their contracts describe; a command at once again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const events: ThreadEvent[] = [];
      let state = thread.initial;
      for (const asked of commands) {
        try {
          const decided = thread.decide(asked, state);
          state = decided.reduce(thread.evolve, state);
          events.push(...decided);
          expect(thread.decide(asked, state)).toEqual([]);
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      }
      expect((JSON.parse(JSON.stringify(events)) as ThreadEvent[]).reduce(thread.evolve, thread.initial)).toEqual(
        state,
      );
      for (const { type, data } of events)
        expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
      const last = events.findLastIndex(({ type }) => type === 'ThreadClosed');
      expect(last === -1 || last === events.length - 1).toBe(true);
    }),
  );
});
