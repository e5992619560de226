import type { ArticleEvent, Conditions, Content, LinkKind, Person } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { currentOf, versionOf } from './line.ts';
import { sameText } from './merging.ts';
import { reaction } from './reactions.ts';
import { type Article, type Embargo, event, type Kind, type Link, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
interface Descent {
  readonly descendantId: string;
  /** The same desk where it is left out. */
  readonly desk?: string | undefined;
}
/** The other article as it was found: its newest version, 0 where there is none, and the way along which it comes of this one. */
export interface Target {
  readonly latest: number;
  readonly cycle: readonly string[];
}
interface ToLink {
  readonly as: LinkKind;
  readonly to: string;
  readonly version?: number | undefined;
  readonly target: Target;
}
export type LineageCommand =
  | Ask<'duplicate', Descent>
  | Ask<'translate', Descent & { language: string }>
  | Ask<'start-follow-up', Descent>
  | Ask<'link', ToLink>
  | Ask<'unlink', { as: LinkKind; to: string }>
  | Ask<'set-embargo', Embargo>
  | Ask<'drop-embargo', { reason: string }>;
/** What a descendant begins with. Approvals and schedules are of its origin alone. */
export type Begin = Ask<
  'begin',
  {
    readonly articleId: string;
    readonly desk: string;
    readonly kind: Kind;
    readonly content: Content;
    readonly by: Person;
    readonly link?: Link;
    readonly embargo?: Embargo | undefined;
  }
>;
/** It follows what follows it: two links were made at once. */
export type BreakCircle = Ask<'break-circle', { readonly to: string; readonly linkedBy: string }>;
type LineageEvent = Extract<
  ArticleEvent,
  {
    type:
      | 'DescendantStarted'
      | 'ArticleLinked'
      | 'ArticleUnlinked'
      | 'EmbargoSet'
      | 'EmbargoDropped'
      | 'ReleaseConditionsSet';
  }
>;

const conditionsOf = ({ embargo, links = [] }: Pick<Article, 'embargo' | 'links'>): Conditions => ({
  embargo: embargo?.until ?? null,
  follows: links.filter(({ as }) => as === 'follow-up-of').map(({ articleId }) => articleId),
});
/** As an approval tells them; nothing where there are none. */
export function conditionsTold(state: Article): { conditions?: Conditions } {
  const conditions = conditionsOf(state);
  return conditions.embargo === null && conditions.follows.length === 0 ? {} : { conditions };
}

/** Publication has the conditions with the approval; what changes them later is told apart. */
function told(state: Article, happened: LineageEvent, by: Person): ArticleEvent[] {
  const [before, conditions] = [state, folded(state, happened)].map(conditionsOf);
  const changed = JSON.stringify(before) !== JSON.stringify(conditions);
  if (state.approved === 0 || !changed || !conditions) return [happened];
  return [happened, event('ReleaseConditionsSet', state, by, { conditions })];
}

function descend(
  { data: { descendantId, desk }, actor }: Command & { data: Descent },
  state: Article,
  as: LinkKind,
  language?: string,
): ArticleEvent[] {
  const { number: version, content } = currentOf(state.line);
  const { embargo } = state;
  const origin = { version, desk: desk ?? state.desk, language: language ?? content.language };
  return [event('DescendantStarted', state, actor, { descendantId, as, ...origin, ...(embargo && { embargo }) })];
}

const linkOf = (state: Article, as: LinkKind, to: string) =>
  state.links?.find((link) => link.as === as && link.articleId === to);
/** Everything but what a kill has ended. */
const alive: readonly Article['status'][] = [...unspiked, 'spiked'];
const writing = ['reporter', 'editor'];
export const lineageRules: Rules<Article, LineageCommand, ArticleEvent> = {
  duplicate: {
    from: unspiked,
    by: writing,
    decide: (command, state) => descend(command, state, 'duplicate-of'),
  },
  translate: {
    from: unspiked,
    by: writing,
    decide: (command, state) => descend(command, state, 'translation-of', command.data.language),
  },
  'start-follow-up': {
    from: unspiked,
    by: writing,
    decide: (command, state) => descend(command, state, 'follow-up-of'),
  },
  link: {
    from: alive,
    by: ['editor'],
    decide: ({ data: { as, to, target, version = target.latest }, actor }, state) => {
      if (target.latest === 0 || to === state.id)
        throw new Rejection('link-invalid', 'It is linked to another article, which has to be there.', { to });
      if (version > target.latest)
        throw new Rejection('unknown-version', `There is no version ${version}.`, { version, latest: target.latest });
      if (as === 'follow-up-of' && target.cycle.length > 0)
        throw new Rejection('goes-in-a-circle', 'That one follows this one already.', { cycle: target.cycle });
      if (linkOf(state, as, to)?.version === version) return [];
      return told(state, event('ArticleLinked', state, actor, { as, to, version }), actor);
    },
  },
  unlink: {
    from: alive,
    by: ['editor'],
    decide: ({ data: { as, to }, actor }, state) =>
      linkOf(state, as, to) ? told(state, event('ArticleUnlinked', state, actor, { as, to }), actor) : [],
  },
  'set-embargo': {
    from: alive,
    by: ['editor'],
    decide: ({ data: { until, zone, reason }, actor, now }, state) => {
      if (until <= now) throw new Rejection('time-is-past', 'That is not in the future.', { until, now });
      return told(state, event('EmbargoSet', state, actor, { until, zone, reason }), actor);
    },
  },
  'drop-embargo': {
    from: alive,
    by: ['chief'],
    decide: ({ data: { reason }, actor }, state) =>
      state.embargo ? told(state, event('EmbargoDropped', state, actor, { reason }), actor) : [],
  },
};

export const beginRules: Rules<Article, Begin | BreakCircle, ArticleEvent> = {
  begin: {
    from: ['none', ...alive, 'killed'],
    by: [reaction],
    decide: ({ data: { articleId, by, desk, kind, content, link, embargo } }, state) => {
      // Begun already: whoever asked for it does not wait for the reaction.
      if (state.status !== 'none') return [];
      const begun = { ...state, id: articleId };
      return [
        event('ArticleStarted', begun, by, { desk, kind, version: 1, content }),
        ...(link
          ? [event('ArticleLinked', begun, by, { as: link.as, to: link.articleId, version: link.version })]
          : []),
        ...(embargo ? [event('EmbargoSet', begun, by, embargo)] : []),
      ];
    },
  },
  'break-circle': {
    from: alive,
    by: [reaction],
    decide: ({ data: { to, linkedBy }, actor, now: at, id: noteId }, state) => {
      if (!linkOf(state, 'follow-up-of', to)) return [];
      const note = `It is no follow-up of ${to} any more: that one follows it. Both were linked at the same moment.`;
      return [
        ...told(state, event('ArticleUnlinked', state, actor, { as: 'follow-up-of', to }), actor),
        event('NoteAdded', state, actor, { noteId, at, note, blocking: false, mentions: [linkedBy] }),
      ];
    },
  },
};

/** A follow-up is another text about the same; a duplicate or a translation begins as the same text. */
function firstText(as: LinkKind, content: Content, language: string): Content {
  if (as !== 'follow-up-of') return { ...content, language };
  return { ...content, headline: '', standfirst: '', byline: [], dateline: '', blocks: [] };
}

/** How a descendant begins that its origin tells of. */
export function beginningOf(origin: Article, descendantId: string): Pick<Begin, 'type' | 'data'> {
  const found = origin.descendants?.find(({ id }) => id === descendantId);
  if (!found) throw new Rejection('not-found', 'No article was begun from this one by that id.');
  const { as, version, desk, language, by, embargo } = found;
  const content = firstText(as, versionOf(origin.line, version).content, language);
  const link = { as, articleId: origin.id, version };
  return { type: 'begin', data: { articleId: descendantId, desk, kind: origin.kind, content, by, link, embargo } };
}

/** A translation is behind once its original reads otherwise than in the version that it knows. */
export function isBehind({ as, version }: Link, { line }: Article): boolean {
  if (as !== 'translation-of' || line.at === version) return false;
  return !sameText(versionOf(line, version).content, currentOf(line).content);
}

const without = ({ links = [] }: Article, as: LinkKind, to: string) =>
  links.filter((link) => link.as !== as || link.articleId !== to);
export const lineageFold: Fold<Article, LineageEvent> = {
  DescendantStarted: (state, { articleId: _, descendantId: id, ...begun }) => ({
    ...state,
    descendants: [...(state.descendants ?? []), { id, ...begun }],
  }),
  ArticleLinked: (state, { as, to: articleId, version }) => ({
    ...state,
    links: [...without(state, as, articleId), { as, articleId, version }],
  }),
  ArticleUnlinked: (state, { as, to }) => ({ ...state, links: without(state, as, to) }),
  EmbargoSet: (state, { until, zone, reason }) => ({ ...state, embargo: { until, zone, reason } }),
  EmbargoDropped: (state) => ({ ...state, embargo: undefined }),
  ReleaseConditionsSet: (state) => state,
};
const folded = (state: Article, { type, data }: LineageEvent): Article =>
  (lineageFold[type] as (state: Article, data: unknown) => Article)(state, data);
