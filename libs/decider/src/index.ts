/** Somebody. `roles` add up; rules about who did what compare `id`s, never roles. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly desks: readonly string[];
  /** Their roles at each desk, where desks say themselves who is what; without it, they are the same at all. */
  readonly at?: Readonly<Record<string, readonly string[]>>;
}
/** What is asked. `now` (ISO 8601, UTC, microseconds) is the database's clock, `id` the command's own id; both come from outside. */
export interface Command {
  readonly type: string;
  readonly data: unknown;
  readonly actor: Actor;
  readonly now: string;
  readonly id: string;
  /** States of other streams that the decision rests on, by name; the append holds only if none of them has moved since. */
  readonly given?: unknown;
}
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}
/** A refusal: the command changed nothing. `code` is stable and kebab-case; `details` go to the caller as they are. */
export class Rejection extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Rejection';
  }
}

type Of<U extends { type: string }, T extends string> = Extract<U, { type: T }>;
/** One row per command: in which states, by whom, what stands in the way whatever the body says, and what happens. */
export interface Rule<S extends { status: string }, C extends Command, E> {
  readonly from: readonly S['status'][];
  readonly by: readonly string[] | ((state: S) => readonly string[]);
  guard?(state: S, actor: Actor, given: C['given']): Rejection | undefined;
  decide(command: C, state: S): readonly E[];
}
export type Rules<S extends { status: string }, C extends Command, E> = { [T in C['type']]: Rule<S, Of<C, T>, E> };
export type Fold<S, E extends DomainEvent> = { [T in E['type']]: (state: S, data: Of<E, T>['data']) => S };
export interface Action {
  readonly command: string;
  readonly by: readonly string[];
}
export interface Decider<S extends { status: string }, C extends Command, E extends DomainEvent> {
  readonly initial: S;
  /** Events, none for a harmless repeat, or a thrown Rejection. */
  readonly decide: (command: C, state: S) => readonly E[];
  /** Total: an event type it does not know leaves the state as it is. */
  readonly evolve: (state: S, event: DomainEvent) => S;
  /** The commands whose row lets this caller in now; `given` as their guards ask for it. */
  readonly actions: (state: S, actor: Actor, given?: C['given']) => Action[];
  /** The commands of a state, whoever asks: what a refusal lists as `allowed`. */
  readonly possible: (state: S) => Action[];
}

/** Builds decide, evolve and actions from one table. `rolesIn` says which of a caller's roles count in this state (desk, authorship). */
export function decider<S extends { status: string }, C extends Command, E extends DomainEvent>(
  initial: S,
  rules: Rules<S, C, E>,
  fold: Fold<S, E>,
  rolesIn: (state: S, actor: Actor) => readonly string[] = (_state, actor) => actor.roles,
): Decider<S, C, E> {
  const rows = Object.entries<Rule<S, C, E>>(rules);
  const by = (rule: Rule<S, C, E>, state: S) => (typeof rule.by === 'function' ? rule.by(state) : rule.by);
  const here = (state: S) => rows.filter(([, rule]) => rule.from.includes(state.status));
  const list = (found: typeof rows, state: S): Action[] =>
    found.map(([command, rule]) => ({ command, by: by(rule, state) }));
  const possible = (state: S) => list(here(state), state);

  type Asked = Pick<Command, 'actor' | 'given'>;
  function refusal(rule: Rule<S, C, E>, state: S, { actor, given }: Asked): Rejection | undefined {
    const needed = by(rule, state);
    const now = rule.from.includes(state.status);
    if (!now && state.status === 'none') return new Rejection('not-found', 'There is nothing here by that id.');
    if (now && !rolesIn(state, actor).some((role) => needed.includes(role))) {
      const elsewhere = actor.roles.some((role) => needed.includes(role));
      return new Rejection(elsewhere ? 'other-desk' : 'role-required', `This asks for: ${needed.join(', ')}.`, {
        by: needed,
      });
    }
    if (!now)
      return new Rejection('not-allowed-now', `Not possible while ${state.status}.`, {
        state: state.status,
        allowed: possible(state),
      });
    return rule.guard?.(state, actor, given);
  }

  return {
    initial,
    decide(command, state) {
      const rule: Rule<S, C, E> = rules[command.type as C['type']];
      const refused = refusal(rule, state, command);
      if (refused) throw refused;
      return rule.decide(command, state);
    },
    evolve: (state, event) =>
      (fold as Record<string, ((state: S, data: unknown) => S) | undefined>)[event.type]?.(state, event.data) ?? state,
    actions: (state, actor, given) =>
      list(
        here(state).filter(([, rule]) => !refusal(rule, state, { actor, given })),
        state,
      ),
    possible,
  };
}
export { later, millisOf } from './instant.ts';
