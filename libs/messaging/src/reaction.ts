import type { Actor, Command, DomainEvent } from '#decider';
import type { Aggregate, EventStore, Executed, Trace } from '#event-store';
import type { Incoming } from './codec.ts';

/** One command that a reaction gives: an ordinary command, under an id derived from the event that caused it. */
export interface Step {
  /** Codes of refusals that are part of the business: counted, and passed over. Any other parks the message's key and raises an alarm. */
  readonly expected: readonly string[];
  run(store: EventStore, order: { commandId: string; actor: Actor; trace: Trace }): Promise<Executed>;
}

/**
 * A process manager: what this service does about the events of a topic. It lives in the service that acts. A message may come again, its
 * steps do not: their ids are derived from the message, the reaction's name and the step's place.
 */
export interface Reaction {
  /** Kebab-case. Part of the command ids and of the checkpoint, so it never changes. */
  readonly name: string;
  /** Without the prefix: `drafting`, `publication`, `moderation`. A service may react to its own topic. */
  readonly topic: string;
  /**
   * By event type; types that are not named are passed over. Messages come as the newest version of their contract has them. The order of
   * the steps must be the same every time.
   */
  readonly on: Readonly<
    Record<string, (message: Incoming, store: EventStore) => readonly Step[] | Promise<readonly Step[]>>
  >;
}

/** A step: this command to that aggregate, which may refuse it with one of the codes named. */
export function step<S extends { status: string }, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  id: string,
  command: Pick<C, 'type' | 'data'>,
  expected: readonly string[] = [],
): Step {
  return {
    expected,
    run: (store, { actor, ...order }) => store.execute(aggregate, { ...order, id, command: { ...command, actor } }),
  };
}
