import { expect } from '@jest/globals';
import { type Command, type Decider, type DomainEvent, Rejection } from '#decider';

interface Then<E> {
  /** These events, no more and no other; none for a harmless repeat. */
  then(...events: E[]): void;
  /** A Rejection of this code. */
  thenRejected(code: string): Rejection;
}

/** `given(decider, events).when(command).then(events)`: the three words that every test of an aggregate is written in. */
export function given<S extends { status: string }, C extends Command, E extends DomainEvent>(
  decider: Decider<S, C, E>,
  events: readonly E[],
): { state: S; when(command: C): Then<E> } {
  const state = events.reduce<S>((before, event) => decider.evolve(before, event), decider.initial);
  return {
    state,
    when: (command) => ({
      then(...expected) {
        expect(decider.decide(command, state)).toEqual(expected);
      },
      thenRejected(code) {
        const rejection = refusal(() => decider.decide(command, state));
        expect(rejection.code).toBe(code);
        return rejection;
      },
    }),
  };
}

function refusal(decide: () => unknown): Rejection {
  try {
    const events = decide();
    throw new Error(`It was not refused but decided ${JSON.stringify(events)}.`);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}
