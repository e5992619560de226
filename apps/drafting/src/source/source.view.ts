import Type, { type Static } from 'typebox';
import { type Block, Id, Person } from '#contracts';
import type { Actor } from '#decider';
import { currentOf } from '../article/line.ts';
import type { Article } from '../article/state.ts';
import { anonymous } from '../sourcing/gates.ts';
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

/** What used a source, so that whoever retracts it sees what there is to do. */
export const Uses = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          ...{ articleId: Id, state: Type.String() },
          publication: Type.Object({ state: Type.String(), version: Type.Integer({ minimum: 0 }) }, strict),
          blocks: Type.Array(Type.String(), {
            description: 'that rest on it in the text as it stands, or as readers have it',
          }),
          task: Type.String({ description: 'none, open or settled: to correct it, since the source was retracted' }),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.uses] },
);
type Quotes = readonly { readonly block: string; readonly speaker: string }[];
export function useOf(article: Article, quotes: Quotes): Static<typeof Uses>['items'][number] {
  const { id: articleId, status: state, publication, line, tasks = [] } = article;
  const texts = [currentOf(line).content, ...(publication.content ? [publication.content] : [])];
  const rests = (each: Block) =>
    quotes.some(({ block, speaker }) => block === each.id && anonymous(each).includes(speaker));
  const blocks = [...new Set(texts.flatMap((text) => text.blocks.filter(rests)).map(({ id }) => id))];
  const task = tasks.findLast((each) => each.task === 'retracted-source');
  return {
    ...{ articleId, state, publication: { state: publication.state, version: publication.version }, blocks },
    task: task ? (task.settled ? 'settled' : 'open') : 'none',
  };
}

export const Alerts = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          seen: Type.Boolean({ description: 'by the caller' }),
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

export const AlertsSeen = Type.Object(
  { unseen: Type.Integer({ minimum: 0, description: 'how many of this source the caller has not seen' }) },
  { ...strict, examples: [examples.alertsSeen] },
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
              description:
                'for those who know: places elsewhere where a name of it was found, that they have not marked as seen',
            }),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.listed] },
);
/** `alerts` are those of all sources that the caller knows, and has not seen. */
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
