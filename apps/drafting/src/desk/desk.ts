import type { ApprovalStep, DeskEvent, MoveRule, Person, Requirement } from '#contracts';
import { type Command, decider, type Fold, Rejection, type Rules } from '#decider';

type Ask<T extends string, D> = Command & { type: T; data: D & { readonly desk: string } };
export type DeskCommand =
  | Ask<'set-requirements', { kind: string; requirements: readonly Requirement[] }>
  | Ask<'set-member', { person: string; roles: readonly string[] }>
  | Ask<'set-stages', { stages: readonly string[] }>
  | Ask<'set-approval', { steps: readonly ApprovalStep[] }>
  | Ask<'set-lone-approval', { allowed: boolean }>
  | Ask<'set-move-rules', { rules: readonly MoveRule[] }>;

/** What a desk has settled for the articles that are with it. One of which nothing was ever said has settled nothing. */
export interface Desk {
  readonly status: 'none' | 'kept';
  readonly id: string;
  /** What texts need, by their kind. */
  readonly requirements: ReadonlyMap<string, readonly Requirement[]>;
  /** Roles of those who are of it, by their ids. */
  readonly members?: ReadonlyMap<string, readonly string[]>;
  readonly stages?: readonly string[];
  readonly moveRules?: readonly MoveRule[];
  /** In which texts are approved, one after the other. */
  readonly approval?: readonly ApprovalStep[];
  /** What is most urgent may be approved by one person. */
  readonly loneApproval?: boolean;
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
  'set-member': {
    from: anyTime,
    by: ['chief', 'operator'],
    decide: ({ data: { desk, person, roles }, actor }, state) => {
      const told = [...new Set(roles)];
      if (alike(state.members?.get(person) ?? [], told)) return [];
      return [event('DeskMemberSet', actor, { desk, person, roles: told })];
    },
  },
  'set-stages': {
    from: anyTime,
    by: ['chief', 'operator'],
    decide: ({ data: { desk, stages }, actor }, state) => {
      const told = [...new Set(stages)];
      return alike(state.stages ?? [], told) ? [] : [event('DeskStagesSet', actor, { desk, stages: told })];
    },
  },
  'set-approval': {
    from: anyTime,
    by: ['chief'],
    decide: ({ data: { desk, steps }, actor }, state) => {
      const names = steps.map(({ step }) => step);
      const repeated = names.filter((name, at) => names.indexOf(name) !== at);
      if (repeated.length > 0) throw new Rejection('steps-invalid', 'Each step has a name of its own.', { repeated });
      return alike(state.approval ?? [], steps) ? [] : [event('DeskApprovalSet', actor, { desk, steps: [...steps] })];
    },
  },
  'set-lone-approval': {
    from: anyTime,
    by: ['chief'],
    decide: ({ data: { desk, allowed }, actor }, state) =>
      (state.loneApproval ?? false) === allowed ? [] : [event('DeskLoneApprovalSet', actor, { desk, allowed })],
  },
  'set-move-rules': {
    from: anyTime,
    by: ['chief'],
    decide: ({ data: { desk, rules: told }, actor }, state) =>
      alike(state.moveRules ?? [], told) ? [] : [event('DeskMoveRulesSet', actor, { desk, rules: [...told] })],
  },
};

const fold: Fold<Desk, DeskEvent> = {
  DeskRequirementsSet: (state, { desk: id, kind, requirements }) => ({
    ...{ ...state, status: 'kept', id },
    requirements: new Map([...state.requirements, [kind, requirements]]),
  }),
  DeskMemberSet: (state, { desk: id, person, roles }) => {
    const others = [...(state.members ?? [])].filter(([member]) => member !== person);
    const now = roles.length > 0 ? [[person, roles] as const] : [];
    return { ...state, status: 'kept', id, members: new Map([...others, ...now]) };
  },
  DeskStagesSet: (state, { desk: id, stages }) => ({ ...state, status: 'kept', id, stages }),
  DeskApprovalSet: (state, { desk: id, steps: approval }) => ({ ...state, status: 'kept', id, approval }),
  DeskLoneApprovalSet: (state, { desk: id, allowed: loneApproval }) => ({ ...state, status: 'kept', id, loneApproval }),
  DeskMoveRulesSet: (state, { desk: id, rules: moveRules }) => ({ ...state, status: 'kept', id, moveRules }),
};

export const desk = decider(initial, rules, fold);
