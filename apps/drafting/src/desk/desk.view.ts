import Type, { type Static } from 'typebox';
import { ApprovalStep, MoveRule, Requirement } from '#contracts';
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
      {
        description:
          'what texts need to be approved; a headline and a slugline, always, and a credit and rights of each image unless it says otherwise',
      },
    ),
    members: Type.Array(Type.Object({ person: Type.String(), roles: Type.Array(Type.String()) }, strict), {
      description: 'as the desk has it; whether that counts, or what tokens say, is a setting',
    }),
    stages: Type.Array(Type.String()),
    approval: Type.Array(ApprovalStep, { description: 'in which texts are approved; without any, one editor does it' }),
    loneApproval: Type.Boolean({ description: 'what has urgency 1 or 2 may be approved by one person' }),
    moveRules: Type.Array(MoveRule, { description: 'what may not be moved here or away, and why' }),
  },
  { ...strict, examples: [examples.view] },
);

export const deskView = (id: string, desk: Desk, kinds: readonly string[]): Static<typeof DeskView> => ({
  desk: id,
  requirements: kinds.map((kind) => {
    const own = desk.requirements.get(kind);
    return { kind, own: own !== undefined, requirements: [...(own ?? requirementsOf(kind))] };
  }),
  members: [...(desk.members ?? [])].map(([person, roles]) => ({ person, roles: [...roles] })),
  stages: [...(desk.stages ?? [])],
  approval: [...(desk.approval ?? [])],
  loneApproval: desk.loneApproval ?? false,
  moveRules: [...(desk.moveRules ?? [])],
});

export const Desks = Type.Object(
  {
    items: Type.Array(
      Type.Object({ desk: Type.String(), version: Type.Integer({ description: 'of its settings' }) }, strict),
    ),
  },
  { ...strict, examples: [examples.listed] },
);
