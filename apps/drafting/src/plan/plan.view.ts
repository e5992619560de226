import Type, { type Static, type TSchema } from 'typebox';
import { Id, Instant, Person } from '#contracts';
import * as examples from './plan.examples.ts';
import type { Plan } from './plan.ts';

const strict = { additionalProperties: false } as const;
const orNull = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Coverage = Type.Object(
  {
    id: Id,
    state: Type.String({ description: 'planned, assigned, accepted, declined, completed or cancelled' }),
    what: Type.String(),
    note: Type.String(),
    due: orNull(Instant),
    assignee: orNull(Person),
    articleId: orNull(Id),
    completedAt: orNull(Instant),
  },
  strict,
);
export const PlanView = Type.Object(
  {
    id: Id,
    state: Type.String({ description: 'planned or cancelled' }),
    desk: Type.String(),
    name: Type.String(),
    starts: Instant,
    zone: Type.String(),
    place: Type.String(),
    note: Type.String(),
    coverages: Type.Array(Coverage),
  },
  { ...strict, examples: [examples.view] },
);
export const PlanActions = Type.Object(
  {
    actions: Type.Array(
      Type.Object(
        { command: Type.String(), by: Type.Array(Type.String(), { description: 'any of these roles' }) },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.actions] },
);

export const planView = ({ status, coverages, ...plan }: Plan): Static<typeof PlanView> => ({
  ...{ ...plan, state: status },
  coverages: coverages.map(({ id, state, what, note, due, to, article, completedAt }) => ({
    ...{ id, state, what, note, due: due ?? null, assignee: to ?? null },
    ...{ articleId: article ?? null, completedAt: completedAt ?? null },
  })),
});
