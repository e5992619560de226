import type { DeskEvent, Person, Requirement } from '#contracts';
import { type Command, decider, type Fold, Rejection, type Rules } from '#decider';

type Ask<T extends string, D> = Command & { type: T; data: D & { readonly desk: string } };
export type DeskCommand = Ask<'set-requirements', { kind: string; requirements: readonly Requirement[] }>;

/** What a desk has settled for the articles that are with it. One of which nothing was ever said has settled nothing. */
export interface Desk {
  readonly status: 'none' | 'kept';
  readonly id: string;
  /** What texts need, by their kind. */
  readonly requirements: ReadonlyMap<string, readonly Requirement[]>;
}
/** A desk as an article meets it: with the version of its settings. */
export type Known = Desk & { readonly version: number };
const initial: Desk = { status: 'none', id: '', requirements: new Map() };

const anyTime = ['none', 'kept'] as const;
type Told<T> = Extract<DeskEvent, { type: T }>['data'];
const event = <T extends DeskEvent['type'], D extends Omit<Told<T>, 'by'>>(type: T, { id, name }: Person, told: D) => ({
  type,
  data: { by: { id, name }, ...told },
});
const alike = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const rules: Rules<Desk, DeskCommand, DeskEvent> = {
  'set-requirements': {
    from: anyTime,
    by: ['chief'],
    decide: ({ data: { desk, kind, requirements }, actor }, state) => {
      const unmet = requirements.find(({ min = 0, max = Infinity }) => min > max);
      if (unmet) throw new Rejection('requirement-invalid', 'No text can meet this.', { requirement: unmet });
      if (alike(state.requirements.get(kind), requirements)) return [];
      return [event('DeskRequirementsSet', actor, { desk, kind, requirements: [...requirements] })];
    },
  },
};

const fold: Fold<Desk, DeskEvent> = {
  DeskRequirementsSet: (state, { desk: id, kind, requirements }) => ({
    ...{ ...state, status: 'kept', id },
    requirements: new Map([...state.requirements, [kind, requirements]]),
  }),
};

export const desk = decider(initial, rules, fold);
