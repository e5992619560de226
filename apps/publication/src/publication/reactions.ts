import type { Conditions, Content, Person, PublicationEvent } from '#contracts';
import type { Command, Rules } from '#decider';
import { conditionRules, recorded, type ReceiveConditions } from './conditions.ts';
import { sameText } from './correcting.ts';
import { type Approved, event, nextItem, type Publication, states } from './state.ts';

/** What drafting decided: about which article, by whom, and where that stands in its log. */
interface Heard {
  readonly articleId: string;
  readonly by: Person;
  readonly position: string;
}
type Ask<T extends string, D> = Command & { type: T; data: D };
export type ReceiveApproval = Ask<
  'receive-approval',
  Heard &
    Approved & {
      readonly desk: string;
      readonly kind: string;
      readonly knownStops: number;
      readonly conditions?: Conditions | undefined;
    }
>;
export type ReceiveStop = Ask<
  'receive-stop',
  Heard & {
    readonly version: number;
    readonly why: string;
    readonly stopId?: string | undefined;
    /** What is to be held if it is out. */
    readonly hold?: 'version' | 'article' | undefined;
  }
>;
export type ReceiveCorrection = Ask<
  'receive-correction',
  Heard & {
    readonly correctionId: string;
    readonly base: number;
    readonly version: number;
    readonly content: Content;
    /** The published text that it corrects. */
    readonly ancestor: Content;
  }
>;
export type ReactionCommand = ReceiveApproval | ReceiveStop | ReceiveCorrection | ReceiveConditions;
/** The role that reactions act in. No route takes these commands, so a token that claims it gains nothing. */
export const reaction = 'reaction';

/** A kill that was asked holds what is out. */
const seenFromOutside = ({ status }: Publication): string => (status === 'kill-asked' ? 'held' : status);
type Stop = ReceiveStop['data'];
const asked = ({ stopId }: Stop) => (stopId === undefined ? {} : { stopId });
/** What waited is stopped, or there was nothing to stop any more. */
function answerTo(stop: Stop, state: Publication, seen: string) {
  const { by, version, why, position } = stop;
  const inTime = state.waiting !== undefined && state.waiting.version <= version;
  const answer = { version, why, state: seen, position, ...asked(stop) };
  return event(inTime ? 'VersionStopped' : 'StopTooLate', state, by, answer);
}
/** What a kill holds already stays held once that is declined. What is held, or was taken down, nobody needs to hold. */
function heldFor({ by, hold, version, why: reason }: Stop, state: Publication, at: string) {
  const { status, kill, item, out } = state;
  if (hold === undefined || (hold === 'version' && out?.version !== version)) return [];
  if (status === 'published')
    return [event('ArticleHeld', state, by, { reason, state: 'held', ...nextItem(state, at) })];
  if (kill?.before !== 'published') return [];
  return [event('ArticleHeld', state, by, { reason, state: 'kill-asked', item: item.number, at })];
}
const newest = ({ waiting, out, pinned }: Publication): Approved => waiting ?? out ?? pinned;
const why = 'killed';

export const reactionRules: Rules<Publication, ReactionCommand, PublicationEvent> = {
  'receive-approval': {
    from: ['none', ...states],
    by: [reaction],
    decide: ({ data: { articleId: id, by, knownStops, conditions, ...approved } }, state) => {
      const { version, content, position } = approved;
      const conditioned = recorded({ ...state, id }, by, { position, conditions });
      if (state.status === 'none') return [event('PublicationOpened', { id }, by, approved), ...conditioned];
      if (state.status === 'killed') return [event('ApprovalIgnored', state, by, { version, why, position })];
      if (state.status === 'stopped' && knownStops >= state.stops)
        return [event('ClearanceRenewed', state, by, approved), ...conditioned];
      const known = sameText(newest(state).content, content);
      return [...(known ? [] : [event('VersionWaiting', state, by, approved)]), ...conditioned];
    },
  },
  ...conditionRules,
  'receive-stop': {
    from: states,
    by: [reaction],
    decide: ({ data, now }, state) => {
      const { by, version, why, position } = data;
      const { status, ready } = state;
      if (status === 'stopped' || status === 'killed') return [];
      if (status === 'cleared' || status === 'scheduled') {
        const stopped = { version, why, stops: state.stops + 1, from: 'drafting', position, ...asked(data) } as const;
        return [event('PublicationStopped', state, by, stopped)];
      }
      const corrections = ready.map(({ id }) =>
        event('CorrectionStopped', state, by, { correctionId: id, why, position }),
      );
      const held = heldFor(data, state, now);
      return [...corrections, ...held, answerTo(data, state, held.length > 0 ? 'held' : seenFromOutside(state))];
    },
  },
  'receive-correction': {
    from: states,
    by: [reaction],
    decide: ({ data: { by, correctionId, base, version, content, ancestor, position } }, state) => {
      if (state.status === 'killed')
        return [event('ApprovalIgnored', state, by, { version, correctionId, why, position })];
      const ready = event('CorrectionReady', state, by, { correctionId, base, content, position });
      if (state.out && sameText(state.out.content, ancestor)) return [ready];
      return [ready, event('CorrectionOutdated', state, by, { correctionId })];
    },
  },
};
