import type { ArticleEvent, Block } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import { person, revised } from './editing.ts';
import { currentOf, type Line, versionOf } from './line.ts';
import { byId, same } from './merging.ts';
import { anyoneOnIt } from './notes.ts';
import { proposedBlock } from './proposal.ts';
import { type Article, event, revisers, rolesIn, type Suggestion, unfinished, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
interface Which {
  readonly suggestionId: string;
}
export type SuggestionCommand =
  | Ask<'suggest-edit', { version: number; proposed: Block; note: string }>
  | Ask<'accept-suggestion', Which & { version: number }>
  | Ask<'reject-suggestion', Which & { reason: string }>;
type SuggestionEvent = Extract<ArticleEvent, { type: 'EditSuggested' | 'SuggestionAccepted' | 'SuggestionRejected' }>;

const blockOf = (line: Line, version: number, id: string) => byId(versionOf(line, version).content).get(id);

function found(state: Article, { suggestionId }: Which): Suggestion {
  const suggestion = state.suggestions?.find(({ id }) => id === suggestionId);
  if (!suggestion) throw new Rejection('unknown-suggestion', 'There is no suggestion by that id.');
  return suggestion;
}
/** Whether there is nothing left to decide; refused where it was decided the other way. */
function isDone({ decided }: Suggestion, accepting: boolean): boolean {
  if (!decided || decided.accepted === accepting) return decided !== undefined;
  throw new Rejection('decided-already', `${decided.by.name} has decided it.`, {
    ...{ state: decided.accepted ? 'accepted' : 'rejected', decidedBy: decided.by },
  });
}

const writing = ['writer', 'editor'];

/**
 * The words that an acceptance brings. What was written in the block since is kept beside them, where both have their place. Whoever
 * wrote that does not accept it themselves: nobody else would have seen their words.
 */
function fitting(line: Line, { version, proposed: theirs }: Suggestion, actor: Actor): Block {
  const { id } = theirs;
  const [ancestor, ours] = [blockOf(line, version, id), blockOf(line, line.at, id)];
  if (ours && same(ours, ancestor)) return theirs;
  const sides = { ancestor: ancestor ?? null, ours: ours ?? null, theirs };
  const { proposal, clear } = proposedBlock(sides);
  if (clear && proposal && currentOf(line).authors.get(id) !== actor.id) return proposal;
  const block = { block: id, current: sides.ours, yours: theirs, ancestor: sides.ancestor, proposal, clear };
  throw new Rejection(
    'block-conflict',
    'The block was changed since this was suggested: save what is to stand there.',
    {
      ...{ version: line.at, blocks: [block], fields: [] },
    },
  );
}

export const suggestionRules: Rules<Article, SuggestionCommand, ArticleEvent> = {
  'suggest-edit': {
    from: unspiked,
    by: anyoneOnIt,
    decide: ({ data: { version, proposed, note }, actor, now: at, id: suggestionId }, state) => {
      const was = blockOf(state.line, version, proposed.id);
      if (!was) throw new Rejection('blocks-invalid', 'There is no such block.', { unknown: [proposed.id] });
      if (same(was, proposed)) return [];
      return [event('EditSuggested', state, actor, { suggestionId, at, version, proposed, note })];
    },
  },
  'accept-suggestion': {
    from: unfinished,
    by: revisers,
    decide: ({ data, actor, now: at }, state) => {
      const { line } = state;
      const suggestion = found(state, data);
      if (isDone(suggestion, true)) return [];
      const { id } = suggestion.proposed;
      if (!same(blockOf(line, data.version, id), blockOf(line, line.at, id)))
        throw new Rejection('version-seen-stale', 'The block has changed since.', {
          ...{ seen: data.version, version: line.at, blocks: [id] },
        });
      const saved = revised(line, { base: line.at, put: [fitting(line, suggestion, actor)] });
      const version = line.newest && saved ? line.newest.number + 1 : line.at;
      const accepted = { suggestionId: suggestion.id, at, suggester: suggestion.by, version };
      return [
        ...(saved
          ? [event('ArticleRevised', state, suggestion.by, { version, base: suggestion.version, ...saved })]
          : []),
        event('SuggestionAccepted', state, actor, accepted),
      ];
    },
  },
  'reject-suggestion': {
    from: [...unspiked, 'spiked'],
    by: [...writing, 'suggester'],
    decide: ({ data, actor, now: at }, state) => {
      const suggestion = found(state, data);
      if (isDone(suggestion, false)) return [];
      const { id: suggestionId, by: suggester } = suggestion;
      const mayWrite = rolesIn(state, actor).some((role) => writing.includes(role));
      if (!mayWrite && suggester.id !== actor.id)
        throw new Rejection('not-your-suggestion', 'It is for its writers and editors to reject.', {
          by: writing,
        });
      return [event('SuggestionRejected', state, actor, { suggestionId, at, suggester, reason: data.reason })];
    },
  },
};

const decided = (state: Article, suggestionId: string, how: NonNullable<Suggestion['decided']>): Article => ({
  ...state,
  suggestions: (state.suggestions ?? []).map((suggestion) =>
    suggestion.id === suggestionId ? { ...suggestion, decided: how } : suggestion,
  ),
});

export const suggestionFold: Fold<Article, SuggestionEvent> = {
  EditSuggested: (state, { articleId: _, suggestionId: id, by, ...suggested }) => ({
    ...state,
    suggestions: [...(state.suggestions ?? []), { id, by: person(by), ...suggested }],
  }),
  SuggestionAccepted: (state, { suggestionId, by, at }) =>
    decided(state, suggestionId, { by: person(by), at, accepted: true, reason: '' }),
  SuggestionRejected: (state, { suggestionId, by, at, reason }) =>
    decided(state, suggestionId, { by: person(by), at, accepted: false, reason }),
};
