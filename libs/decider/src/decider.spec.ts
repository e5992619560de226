import { expect, test } from '@jest/globals';
import { type Actor, type Command, decider, Rejection } from './index.ts';

interface Shelf {
  status: 'none' | 'open' | 'shut';
  desk: string;
}
type Shut = Command & { type: 'Shut'; data: object };
type Open = Command & { type: 'Open'; data: { desk: string } };
type ShelfEvent = { type: 'Opened'; data: { desk: string } } | { type: 'WasShut'; data: object };

const shelf = decider<Shelf, Open | Shut, ShelfEvent>(
  { status: 'none', desk: '' },
  {
    Open: { from: ['none'], by: ['editor'], decide: ({ data }) => [{ type: 'Opened', data }] },
    Shut: {
      from: ['open'],
      by: ['editor'],
      guard: (state) => (state.desk === 'glued' ? new Rejection('glued', 'It does not move.') : undefined),
      decide: () => [{ type: 'WasShut', data: {} }],
    },
  },
  {
    Opened: (state, { desk }) => ({ ...state, status: 'open', desk }),
    WasShut: (state) => ({ ...state, status: 'shut' }),
  },
  (state, actor) => (state.status === 'none' || actor.desks.includes(state.desk) ? actor.roles : []),
);
const editor: Actor = { id: 'e', name: 'E', roles: ['editor'], desks: ['city', 'glued'] };
const shut = (actor: Actor): Shut => ({ type: 'Shut', data: {}, actor, now: '', id: '' });
const opened = (desk: string) => shelf.evolve(shelf.initial, { type: 'Opened', data: { desk } });
const codeOf = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    return error instanceof Rejection ? error.code : error;
  }
  return undefined;
};

test('a command whose row lets it in gives its events, and they fold', () => {
  const events = shelf.decide(shut(editor), opened('city'));
  expect(events).toEqual([{ type: 'WasShut', data: {} }]);
  expect(events.reduce(shelf.evolve, opened('city')).status).toBe('shut');
});

test('state, role and desk each refuse with a code of their own', () => {
  expect(codeOf(() => shelf.decide(shut(editor), shelf.initial))).toBe('not-found');
  expect(codeOf(() => shelf.decide(shut({ ...editor, roles: ['reporter'] }), opened('city')))).toBe('role-required');
  expect(codeOf(() => shelf.decide(shut(editor), opened('sport')))).toBe('other-desk');
  expect(codeOf(() => shelf.decide(shut(editor), opened('glued')))).toBe('glued');
});

test('actions come from the same rows: listed exactly when the command is let in', () => {
  expect(shelf.actions(opened('city'), editor)).toEqual([{ command: 'Shut', by: ['editor'] }]);
  expect(shelf.actions(opened('sport'), editor)).toEqual([]);
  expect(shelf.actions(opened('glued'), editor)).toEqual([]);
});

test('a guard may ask for the state of another stream, for the command and for the list alike', () => {
  const door = decider<Shelf, Open, ShelfEvent & { type: 'Opened' }>(
    { status: 'none', desk: '' },
    {
      Open: {
        from: ['none'],
        by: ['editor'],
        guard: (_state, _actor, given) => (given === 'locked' ? new Rejection('locked', 'It is locked.') : undefined),
        decide: ({ data }) => [{ type: 'Opened', data }],
      },
    },
    { Opened: (state) => ({ ...state, status: 'open' }) },
  );
  const open = (given: string): Open => ({ type: 'Open', data: { desk: 'x' }, actor: editor, now: '', id: '', given });
  expect(codeOf(() => door.decide(open('locked'), door.initial))).toBe('locked');
  expect(codeOf(() => door.decide(open('ajar'), door.initial))).toBeUndefined();
  expect(door.actions(door.initial, editor, 'locked')).toEqual([]);
  expect(door.actions(door.initial, editor, 'ajar')).toHaveLength(1);
});

test('a refused transition says what could be done instead, and by whom', () => {
  try {
    shelf.decide({ type: 'Open', data: { desk: 'x' }, actor: editor, now: '', id: '' }, opened('city'));
    throw new Error('it was let in');
  } catch (error) {
    expect(error).toMatchObject({
      code: 'not-allowed-now',
      details: { state: 'open', allowed: [{ command: 'Shut', by: ['editor'] }] },
    });
  }
});

test('an event of a type it does not know leaves the state as it is', () => {
  expect(shelf.evolve(opened('city'), { type: 'Painted', data: {} })).toEqual(opened('city'));
});
