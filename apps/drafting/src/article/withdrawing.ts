import type { ArticleEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { versionOf } from './line.ts';
import { byId, sameText } from './merging.ts';
import { isLive, isOut } from './reactions.ts';
import { type Article, event, holding, type IfOut, type Working } from './state.ts';

export type WithdrawCommand = Command & {
  type: 'withdraw-approval';
  data: { version: number; reason: string; ifOut?: IfOut | undefined };
};
type WithdrawEvent = Extract<ArticleEvent, { type: 'ApprovalWithdrawn' | 'WithdrawalTooLate' }>;

/** What stands approved without the version that was approved last: what readers have, if they have anything. */
function without({ line, publication: { state, version, content } }: Article) {
  if (!isLive(state) || !content || version === 0) return { approved: 0, cleared: new Map(), corrected: false };
  const corrected = !sameText(versionOf(line, version).content, content);
  return { approved: version, cleared: byId(content), corrected };
}

export const withdrawRules: Rules<Article, WithdrawCommand, ArticleEvent> = {
  'withdraw-approval': {
    from: ['approved'],
    by: ['editor'],
    guard: (state) =>
      isOut(state)
        ? new Rejection('story-is-live', 'Readers have it: correct it, hold it, unpublish it or kill it.', {
            ...{ state: state.publication.state, version: state.publication.version },
          })
        : undefined,
    decide: ({ data: { version, reason, ifOut }, actor, id: stopId }, state) => {
      if (version !== state.approved)
        throw new Rejection('version-seen-stale', `Version ${state.approved} is the one that was approved.`, {
          ...{ seen: version, version: state.approved },
        });
      const { approved } = without(state);
      return [
        event('ApprovalWithdrawn', state, actor, { version, reason, stopId, approved }),
        event('ClearanceStopped', state, actor, { version, why: reason, stopId, ...holding(ifOut, 'version') }),
      ];
    },
  },
};

/** Until publication has said that it came in time, nobody knows what another approval would be of. */
export const withdrawalPending = ({ withdrawn }: Article): Rejection | undefined =>
  withdrawn && new Rejection('withdrawal-pending', 'Publication has not answered yet.', { version: withdrawn.version });

export const withdrawFold: Fold<Article, WithdrawEvent> = {
  ApprovalWithdrawn: (state, { by: { id, name }, version, reason, stopId }) => ({
    ...{ ...state, ...without(state), status: 'editing' },
    // What is stopped already is not stopped again, and nothing is answered.
    ...(state.publication.state === 'stopped'
      ? {}
      : { withdrawn: { by: { id, name }, version, reason, ...(stopId ? { stopId } : {}) } }),
  }),
  WithdrawalTooLate: (state, { version, state: status }) => ({
    ...{ ...state, status: status as Working, withdrawn: undefined },
    ...{ approved: version, cleared: byId(versionOf(state.line, version).content), corrected: false },
  }),
};
