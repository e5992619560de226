import Type, { type Static } from 'typebox';
import { Id, Person } from '#contracts';
import type { Actor } from '#decider';
import * as examples from './source.examples.ts';
import { isKnower, type Source } from './source.ts';

const strict = { additionalProperties: false } as const;
const about = {
  id: Id,
  state: Type.String(),
  desk: Type.String(),
  description: Type.String({ description: 'as it may be printed' }),
};
/** Sealed under the key of the source: empty once that is destroyed. */
const opened = (description: string) => Type.String({ description: `${description}; empty once the key is destroyed` });

/** Never who it is: that is for `look` alone. */
export const SourceView = Type.Object(
  {
    ...about,
    why: opened('why they are not named'),
    registeredBy: Person,
    verifiedBy: Type.Array(Person, { description: 'who else knows who it is' }),
    seen: Type.Array(Type.Object({ by: Person, reason: opened('why they looked') }, strict)),
    retracted: Type.Boolean(),
    articles: Type.Array(Id, { description: 'what rests on it, or did' }),
  },
  { ...strict, examples: [examples.view] },
);
type Open = (field: 'why' | 'reason', sealed: string) => string;

export function sourceView(state: Source, open: Open): Static<typeof SourceView> {
  const { id, status, desk, description, why, registeredBy, verifiedBy, seen, retracted, articles } = state;
  return {
    ...{ id, state: status, desk, description, registeredBy, verifiedBy: [...verifiedBy], retracted },
    ...{ why: open('why', why), articles: [...articles] },
    seen: seen.map(({ by, reason }) => ({ by, reason: open('reason', reason) })),
  };
}

export const Alerts = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          kind: Type.String({ description: 'article, correction or what else the text is of' }),
          articleId: Type.String(),
          field: Type.Optional(Type.String()),
          block: Type.Optional(Type.String()),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.alerts] },
);

export const Sources = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          ...about,
          known: Type.Boolean({ description: 'the caller knows who it is' }),
          articles: Type.Integer({ minimum: 0, description: 'how many rest on it, or did' }),
          alerts: Type.Optional(
            Type.Integer({
              minimum: 0,
              description: 'for those who know: places elsewhere where a name of it was found',
            }),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.listed] },
);
/** `alerts` are those of all sources that the caller knows. */
export function listed(
  state: Source,
  caller: Actor,
  alerts: readonly { readonly source: string }[],
): Static<typeof Sources>['items'][number] {
  const { id, status, desk, description, articles } = state;
  const known = isKnower(state, caller);
  const told = known ? { alerts: alerts.filter(({ source }) => source === id).length } : {};
  return { id, state: status, desk, description, known, articles: articles.length, ...told };
}

export const Seen = Type.Object(
  {
    id: Id,
    version: Type.Integer({ minimum: 1, description: 'of the source, with this look' }),
    identity: Type.Object({ names: Type.Array(Type.String()), details: Type.Optional(Type.String()) }, strict),
  },
  { ...strict, examples: [examples.seen] },
);
export const SourceActions = Type.Object(
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
