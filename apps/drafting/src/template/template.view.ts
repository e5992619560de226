import Type, { type Static } from 'typebox';
import { Content, Id, Instant, Person } from '#contracts';
import * as examples from './template.examples.ts';
import type { Template } from './template.ts';

const strict = { additionalProperties: false } as const;
const Weekly = Type.Object(
  {
    ...{ days: Type.Array(Type.String()), time: Type.String(), zone: Type.String(), by: Person },
    next: { ...Instant, description: 'when an article is begun from it next, by itself' },
  },
  strict,
);
const about = {
  id: Id,
  state: Type.String({ description: 'kept or retired' }),
  desk: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  schedule: Type.Union([Weekly, Type.Null()]),
};
export const TemplateView = Type.Object(
  {
    ...{ ...about, content: Content },
    uses: Type.Array(
      Type.Object(
        {
          ...{ articleId: Id, at: Instant, by: Person },
          due: Type.Union([Instant, Type.Null()], { description: 'where nobody asked for it but its time had come' }),
        },
        strict,
      ),
      { description: 'the last articles that were begun from it, oldest first' },
    ),
  },
  { ...strict, examples: [examples.view] },
);
export const Templates = Type.Object(
  { items: Type.Array(Type.Object(about, strict)) },
  { ...strict, examples: [examples.listed] },
);
export const TemplateActions = Type.Object(
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

export function listed({ id, status, desk, name, kind, schedule }: Template) {
  const weekly = schedule ? { ...schedule, days: [...schedule.days] } : null;
  return { id, state: status, desk, name, kind, schedule: weekly };
}
export const templateView = (state: Template): Static<typeof TemplateView> => ({
  ...{ ...listed(state), content: state.content },
  uses: state.uses.map(({ started: articleId, at, by, due = null }) => ({ articleId, at, by, due })),
});
