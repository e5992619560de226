import Type, { type Static } from 'typebox';
import { Requirement } from '#contracts';
import type { Desk } from './desk.ts';
import * as examples from './desk.examples.ts';
import { requirementsOf } from './requirements.ts';

const strict = { additionalProperties: false } as const;
export const DeskView = Type.Object(
  {
    desk: Type.String(),
    requirements: Type.Array(
      Type.Object(
        {
          kind: Type.String(),
          own: Type.Boolean({ description: 'whether this desk has set them; else they are what holds everywhere' }),
          requirements: Type.Array(Requirement),
        },
        strict,
      ),
      { description: 'what texts need to be approved; a headline and a slugline, always' },
    ),
  },
  { ...strict, examples: [examples.view] },
);

export const deskView = (id: string, desk: Desk, kinds: readonly string[]): Static<typeof DeskView> => ({
  desk: id,
  requirements: kinds.map((kind) => {
    const own = desk.requirements.get(kind);
    return { kind, own: own !== undefined, requirements: [...(own ?? requirementsOf(kind))] };
  }),
});

export const Desks = Type.Object(
  {
    items: Type.Array(
      Type.Object({ desk: Type.String(), version: Type.Integer({ description: 'of its settings' }) }, strict),
    ),
  },
  { ...strict, examples: [examples.listed] },
);
