import type { Person, PlanEvent } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { person } from '../article/editing.ts';
import { reaction } from '../article/reactions.ts';
import { rolesIn as rolesOnDesk } from '../article/state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
interface Happening {
  readonly name: string;
  readonly starts: string;
  readonly zone: string;
  readonly place: string;
  readonly note: string;
}
interface Wanted {
  readonly what: 'text' | 'picture' | 'video' | 'graphic';
  readonly note: string;
  /** The deadline. */
  readonly due?: string | undefined;
}
interface OfCoverage {
  readonly coverageId: string;
}
type PeoplesCommand =
  | Ask<'make', Happening & { readonly planId: string; readonly desk: string }>
  | Ask<'change', Happening>
  | Ask<'cancel', { readonly reason: string }>
  | Ask<'restore'>
  | Ask<'add-coverage', Wanted>
  | Ask<'change-coverage', OfCoverage & Wanted>
  | Ask<'assign', OfCoverage & { readonly to: Person }>
  | Ask<'accept', OfCoverage>
  | Ask<'decline', OfCoverage & { readonly reason: string }>
  | Ask<'link-article', OfCoverage & { readonly article: string; readonly known: boolean }>
  | Ask<'complete', OfCoverage>
  | Ask<'cancel-coverage', OfCoverage & { readonly reason: string }>
  | Ask<'restore-coverage', OfCoverage>;
/** Its article is out. */
type CompleteOut = Ask<'complete-published', OfCoverage & { readonly by: Person }>;
export type PlanCommand = PeoplesCommand | CompleteOut;

type Open = 'planned' | 'assigned' | 'accepted' | 'declined';
export interface Coverage extends Wanted {
  readonly id: string;
  readonly state: Open | 'completed' | 'cancelled';
  /** What a cancellation interrupted. */
  readonly before: Open;
  /** It was cancelled with the whole plan. */
  readonly withPlan: boolean;
  readonly to?: Person | undefined;
  readonly article?: string | undefined;
  readonly completedAt?: string | undefined;
}
export interface Plan extends Happening {
  readonly status: 'none' | 'planned' | 'cancelled';
  readonly id: string;
  readonly desk: string;
  readonly coverages: readonly Coverage[];
}
const initial: Plan = {
  ...{ status: 'none', id: '', desk: '', name: '', starts: '', zone: '', place: '', note: '' },
  coverages: [],
};

type Told<T> = Extract<PlanEvent, { type: T }>['data'];
const event = <T extends PlanEvent['type'], D extends Omit<Told<T>, 'planId' | 'by'>>(
  type: T,
  { id: planId }: Pick<Plan, 'id'>,
  by: Person,
  told: D,
) => ({ type, data: { planId, by: person(by), ...told } });

const open: readonly Coverage['state'][] = ['planned', 'assigned', 'accepted', 'declined'];
/** The coverage that is named, in one of these states. */
function found({ coverages }: Plan, { coverageId }: OfCoverage, states: readonly Coverage['state'][]): Coverage {
  const one = coverages.find(({ id }) => id === coverageId);
  if (!one) throw new Rejection('unknown-coverage', 'No coverage by that id is planned here.');
  if (states.includes(one.state)) return one;
  throw new Rejection('coverage-in-other-state', `This coverage is ${one.state}.`, { state: one.state, states });
}
function ofAssignee(coverage: Coverage, actor: Actor): Coverage {
  if (coverage.to?.id === actor.id) return coverage;
  throw new Rejection('not-assigned', 'It is for whoever was asked to say so.', { to: coverage.to?.id ?? null });
}
const wanted = ({ what, note, due }: Wanted) => ({ what, note, ...(due === undefined ? {} : { due }) });

const rolesIn = ({ desk }: Pick<Plan, 'desk'>, actor: Actor) => rolesOnDesk({ desk, writers: [] }, actor);
const planned: readonly Plan['status'][] = ['planned'];
const byEditor = { from: planned, by: ['editor'] } as const;
const rules: Rules<Plan, PeoplesCommand, PlanEvent> = {
  make: {
    from: ['none'],
    by: ['editor'],
    decide: ({ data: { planId: id, ...told }, actor }) => {
      if (!rolesIn(told, actor).includes('editor'))
        throw new Rejection('other-desk', 'Editors of a desk plan for it.', { by: ['editor'] });
      return [event('PlanMade', { id }, actor, told)];
    },
  },
  change: { ...byEditor, decide: ({ data, actor }, state) => [event('PlanChanged', state, actor, data)] },
  cancel: {
    ...byEditor,
    decide: ({ data: { reason }, actor }, state) => {
      const coverages = state.coverages.filter((one) => open.includes(one.state)).map(({ id }) => id);
      return [event('PlanCancelled', state, actor, { reason, coverages })];
    },
  },
  restore: {
    from: ['cancelled'],
    by: ['editor'],
    decide: ({ actor }, state) => {
      const coverages = state.coverages.filter(({ withPlan }) => withPlan);
      const told = coverages.map(({ id, before }) => ({ id, state: before }));
      return [event('PlanRestored', state, actor, { coverages: told })];
    },
  },
  'add-coverage': {
    ...byEditor,
    decide: ({ data, actor, id: coverageId }, state) => [
      event('CoverageAdded', state, actor, { coverageId, ...wanted(data) }),
    ],
  },
  'change-coverage': {
    ...byEditor,
    decide: ({ data, actor }, state) => {
      const { id: coverageId } = found(state, data, open);
      return [event('CoverageChanged', state, actor, { coverageId, ...wanted(data) })];
    },
  },
  assign: {
    ...byEditor,
    decide: ({ data, actor }, state) => {
      const { id: coverageId, to, state: now } = found(state, data, open);
      if (to?.id === data.to.id && now !== 'declined') return [];
      return [event('CoverageAssigned', state, actor, { coverageId, to: person(data.to) })];
    },
  },
  accept: {
    from: planned,
    by: ['colleague'],
    decide: ({ data, actor }, state) => {
      const { id: coverageId } = ofAssignee(found(state, data, ['assigned']), actor);
      return [event('CoverageAccepted', state, actor, { coverageId })];
    },
  },
  decline: {
    from: planned,
    by: ['colleague'],
    decide: ({ data, actor }, state) => {
      const { id: coverageId } = ofAssignee(found(state, data, ['assigned', 'accepted']), actor);
      return [event('CoverageDeclined', state, actor, { coverageId, reason: data.reason })];
    },
  },
  'link-article': {
    from: planned,
    by: ['colleague'],
    decide: ({ data, actor }, state) => {
      const one = found(state, data, open);
      if (!rolesIn(state, actor).includes('editor')) ofAssignee(one, actor);
      if (!data.known) throw new Rejection('link-invalid', 'There is no such article.', { to: data.article });
      if (one.article === data.article) return [];
      return [event('CoverageLinked', state, actor, { coverageId: one.id, article: data.article })];
    },
  },
  complete: {
    from: planned,
    by: ['colleague'],
    decide: ({ data, actor, now: at }, state) => {
      const one = found(state, data, open);
      if (!rolesIn(state, actor).includes('editor')) ofAssignee(one, actor);
      return [event('CoverageCompleted', state, actor, { coverageId: one.id, at })];
    },
  },
  'cancel-coverage': {
    ...byEditor,
    decide: ({ data, actor }, state) => {
      const { id: coverageId } = found(state, data, open);
      return [event('CoverageCancelled', state, actor, { coverageId, reason: data.reason })];
    },
  },
  'restore-coverage': {
    ...byEditor,
    decide: ({ data, actor }, state) => {
      const { id: coverageId, before } = found(state, data, ['cancelled']);
      return [event('CoverageRestored', state, actor, { coverageId, state: before })];
    },
  },
};

const outRules: Rules<Plan, CompleteOut, PlanEvent> = {
  'complete-published': {
    from: ['planned', 'cancelled'],
    by: [reaction],
    decide: ({ data: { coverageId, by }, now: at }, state) => {
      const one = state.coverages.find(({ id }) => id === coverageId);
      return one && open.includes(one.state) ? [event('CoverageCompleted', state, by, { coverageId, at })] : [];
    },
  },
};

const changed = (state: Plan, id: string, change: (coverage: Coverage) => Partial<Coverage>): Plan => ({
  ...state,
  coverages: state.coverages.map((one) => (one.id === id ? { ...one, ...change(one) } : one)),
});
const cancelled = ({ state }: Coverage, withPlan: boolean) =>
  ({ state: 'cancelled', before: state as Open, withPlan }) as const;
const restored = ({ before }: Coverage) => ({ state: before, withPlan: false });
const fold: Fold<Plan, PlanEvent> = {
  PlanMade: (state, { planId: id, by: _, ...told }) => ({ ...state, status: 'planned', id, ...told }),
  PlanChanged: (state, { planId: _, by: __, ...told }) => ({ ...state, ...told }),
  PlanCancelled: (state, { coverages }) =>
    coverages.reduce<Plan>((now, id) => changed(now, id, (one) => cancelled(one, true)), {
      ...state,
      status: 'cancelled',
    }),
  PlanRestored: (state, { coverages }) =>
    coverages.reduce<Plan>((now, { id }) => changed(now, id, restored), { ...state, status: 'planned' }),
  CoverageAdded: (state, { coverageId: id, what, note, due }) => ({
    ...state,
    coverages: [...state.coverages, { id, what, note, due, state: 'planned', before: 'planned', withPlan: false }],
  }),
  CoverageChanged: (state, { coverageId, what, note, due }) => changed(state, coverageId, () => ({ what, note, due })),
  CoverageAssigned: (state, { coverageId, to }) => changed(state, coverageId, () => ({ state: 'assigned', to })),
  CoverageAccepted: (state, { coverageId }) => changed(state, coverageId, () => ({ state: 'accepted' })),
  CoverageDeclined: (state, { coverageId }) => changed(state, coverageId, () => ({ state: 'declined' })),
  CoverageLinked: (state, { coverageId, article }) => changed(state, coverageId, () => ({ article })),
  CoverageCompleted: (state, { coverageId, at }) =>
    changed(state, coverageId, () => ({ state: 'completed', completedAt: at })),
  CoverageCancelled: (state, { coverageId }) => changed(state, coverageId, (one) => cancelled(one, false)),
  CoverageRestored: (state, { coverageId }) => changed(state, coverageId, restored),
};

const people = decider(initial, rules, fold, rolesIn);
const reactions = decider<Plan, CompleteOut, PlanEvent>(initial, outRules, fold);
export const plan: Decider<Plan, PlanCommand, PlanEvent> = {
  ...people,
  decide: (command, state) =>
    command.type === 'complete-published' ? reactions.decide(command, state) : people.decide(command, state),
};
