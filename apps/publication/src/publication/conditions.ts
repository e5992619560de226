import type { Conditions, Person, PublicationEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { event, type Publication, states } from './state.ts';

/** An article that this one follows, as it stood when it was looked at. That it was out once stays true. */
export interface Original {
  readonly articleId: string;
  readonly wasOut: boolean;
  /** When it goes out by itself, if it does. */
  readonly due?: string | undefined;
}
export type ReceiveConditions = Command & {
  type: 'receive-conditions';
  data: {
    readonly articleId: string;
    readonly by: Person;
    readonly position: string;
    readonly conditions: Conditions;
  };
};

const none: Conditions = { embargo: null, follows: [] };

/** What stands against its going out at an instant. What was out once has met its conditions. */
export function conditionsRefused(
  { out, conditions = none }: Publication,
  at: string,
  isOut: (id: string) => boolean,
): Rejection | undefined {
  const { embargo: until, follows } = conditions;
  if (out) return undefined;
  if (until !== null && at < until) return new Rejection('under-embargo', 'It may not go out before.', { until });
  const originals = follows.filter((id) => !isOut(id));
  if (originals.length === 0) return undefined;
  return new Rejection('original-not-out', 'It follows what readers do not have yet.', { originals });
}
export const outNow =
  (originals: readonly Original[]) =>
  (id: string): boolean =>
    originals.some(({ articleId, wasOut }) => articleId === id && wasOut);
/** Out by then: now, or by itself earlier. */
export const outBefore =
  (at: string, originals: readonly Original[]) =>
  (id: string): boolean =>
    originals.some(({ articleId, wasOut, due = at }) => articleId === id && (wasOut || due < at));

/** The event that records conditions, where they are others than those that are known. */
export function recorded(
  { conditions: known = none, id }: Pick<Publication, 'conditions' | 'id'>,
  by: Person,
  { position, conditions = none }: { readonly position: string; readonly conditions?: Conditions | undefined },
) {
  if (JSON.stringify([known.embargo, known.follows]) === JSON.stringify([conditions.embargo, conditions.follows]))
    return [];
  return [event('ReleaseConditionsRecorded', { id }, by, { position, conditions })];
}

export const conditionRules: Rules<Publication, ReceiveConditions, PublicationEvent> = {
  'receive-conditions': {
    from: states,
    by: ['reaction'],
    decide: ({ data: { by, ...told } }, state) => recorded(state, by, told),
  },
};
type Recorded = Extract<PublicationEvent, { type: 'ReleaseConditionsRecorded' }>;
export const conditionFold: Fold<Publication, Recorded> = {
  ReleaseConditionsRecorded: (state, { conditions, position }) => ({ ...state, conditions, position }),
};
