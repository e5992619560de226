import Type, { type Static } from 'typebox';
import { Id, Part } from '#contracts';
import * as examples from './package.examples.ts';
import type { Package, Unfit } from './package.ts';

const strict = { additionalProperties: false } as const;
const about = {
  id: Id,
  state: Type.String({ description: 'open, ready or discarded' }),
  desk: Type.String(),
  kind: Type.String({ description: 'package or list' }),
  name: Type.String(),
};
export const PackageView = Type.Object(
  {
    ...{ ...about, parts: Type.Array(Part) },
    unfit: Type.Array(Type.Object({ problem: Type.String(), part: Type.Optional(Part) }, strict), {
      description:
        'what keeps it from being shown: unknown, not-published, package-discarded, package-empty; of parts inside of parts as well',
    }),
  },
  { ...strict, examples: [examples.view] },
);
export const Packages = Type.Object(
  { items: Type.Array(Type.Object(about, strict)) },
  { ...strict, examples: [examples.listed] },
);
export const PackageActions = Type.Object(
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

export const listed = ({ id, status, desk, kind, name }: Package) => ({ id, state: status, desk, kind, name });
export const packageView = (state: Package, unfit: readonly Unfit[]): Static<typeof PackageView> => ({
  ...{ ...listed(state), parts: [...state.parts] },
  unfit: [...unfit],
});
