import type { SourcingEvent } from '#contracts';
import { type Command, decider, type Fold, Rejection, type Rules } from '#decider';
import { checkSeen } from '../article/approval.ts';
import { person } from '../article/editing.ts';
import { currentOf, type Line } from '../article/line.ts';
import { reaction } from '../article/reactions.ts';
import { type Article, rolesIn } from '../article/state.ts';
import type { Correction } from '../correction/state.ts';
import { anonymous, restingOn } from './gates.ts';
import { initial, type Sourcing, type Standing } from './state.ts';

interface OfArticle {
  /** The text is that of the correction, where there is one. */
  readonly given: { readonly article: Article; readonly correction?: Pick<Correction, 'id' | 'line'> };
}
type Ask<T extends string, D> = Command & { type: T; data: D };
type Attribute = Ask<'attribute', Standing & { block: string; speaker: string; sourceId: string }> & OfArticle;
type Check = Ask<'answer-check', { version: number; answer: 'leak' | 'public-mention' }> & OfArticle;
type Note = Ask<'note-standing', Standing & { articleId: string; sourceId: string }>;
export type SourcingCommand = Attribute | Check | Note;

const any: readonly Sourcing['status'][] = ['none', 'kept'];

const lineOf = ({ article, correction }: OfArticle['given']) => (correction ?? article).line;
function missing({ article }: OfArticle['given']): Rejection | undefined {
  return article.status === 'none' ? new Rejection('not-found', 'There is no article by that id.') : undefined;
}
const same = (one: Standing | undefined, { knownTo, verifiedBy, retracted }: Standing) =>
  JSON.stringify(one) === JSON.stringify({ knownTo, verifiedBy, retracted });

/** Those of the sources of the text as it stands whom this person knows. */
const knownIn = (state: Sourcing, line: Line, id: string): string[] =>
  restingOn(state, currentOf(line).content.blocks).filter((source) =>
    state.standings.get(source)?.knownTo.includes(id),
  );

const rules: Rules<Sourcing, SourcingCommand, SourcingEvent> = {
  attribute: {
    from: any,
    by: ['reporter', 'editor', 'chief'],
    guard: (_state, actor, given) => {
      const by = ['writer', 'editor'];
      if (missing(given) ?? rolesIn(given.article, actor).some((role) => by.includes(role))) return missing(given);
      return new Rejection('role-required', 'Its writers and the editors of its desk say whom it quotes.', { by });
    },
    decide: ({ data, actor, given }, { quotes, standings }) => {
      const { block, speaker, sourceId } = data;
      const found = currentOf(lineOf(given)).content.blocks.find(({ id }) => id === block);
      if (!anonymous(found).includes(speaker))
        throw new Rejection('attribution-missing', 'It quotes nobody anonymously there under that description.');
      const known = quotes.some((q) => q.block === block && q.speaker === speaker && q.source === sourceId);
      if (known && same(standings.get(sourceId), data)) return [];
      return [{ type: 'AttributionSourced', data: { articleId: given.article.id, by: person(actor), ...data } }];
    },
  },
  'answer-check': {
    from: any,
    by: ['reporter', 'editor', 'chief'],
    guard: (state, actor, given) => {
      if (missing(given) ?? knownIn(state, lineOf(given), actor.id).length > 0) return missing(given);
      return new Rejection('role-required', 'Somebody answers who knows a source of it.', { by: ['knower'] });
    },
    decide: ({ data: { version, answer }, actor, given }, state) => {
      checkSeen(lineOf(given), version);
      const { article, correction } = given;
      const sources = knownIn(state, lineOf(given), actor.id);
      const told = { articleId: article.id, by: person(actor), version, answer, sources };
      if (!correction) return [{ type: 'SourceCheckAnswered', data: told }];
      return [{ type: 'CorrectionSourceCheckAnswered', data: { ...told, correctionId: correction.id } }];
    },
  },
  'note-standing': {
    from: any,
    by: [reaction],
    decide: ({ data, actor }, { standings }) =>
      same(standings.get(data.sourceId), data)
        ? []
        : [{ type: 'SourceStandingNoted', data: { by: person(actor), ...data } }],
  },
};

function noted(state: Sourcing, told: Standing & { articleId: string; sourceId: string }): Sourcing {
  const { articleId, sourceId, knownTo, verifiedBy, retracted } = told;
  const standings = new Map(state.standings).set(sourceId, { knownTo, verifiedBy, retracted });
  return { ...state, status: 'kept', articleId, standings };
}
const fold: Fold<Sourcing, SourcingEvent> = {
  AttributionSourced: (state, { block, speaker, sourceId: source, ...standing }) => ({
    ...noted(state, { sourceId: source, ...standing }),
    quotes: [...state.quotes.filter((q) => q.block !== block || q.speaker !== speaker), { block, speaker, source }],
  }),
  SourceStandingNoted: noted,
  SourceCheckAnswered: (state, { version, answer, sources }) => ({
    ...state,
    checks: [...state.checks, { version, answer, sources }],
  }),
  CorrectionSourceCheckAnswered: (state, { correctionId: correction, version, answer, sources }) => ({
    ...state,
    checks: [...state.checks, { correction, version, answer, sources }],
  }),
};

/** Keyed by its article, and so in one order with it: an approval rests on it. */
export const sourcing = decider<Sourcing, SourcingCommand, SourcingEvent>(initial, rules, fold);
