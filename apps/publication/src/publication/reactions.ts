import type { Conditions, Content, Person, PublicationEvent } from '#contracts';
import type { Command, Rules } from '#decider';
import { conditionRules, recorded, type ReceiveConditions } from './conditions.ts';
import { sameText } from './correcting.ts';
import { type Approved, event, newest, nextItem, type Publication, states } from './state.ts';

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
type Cleared = Omit<ReceiveApproval['data'], 'articleId' | 'by' | 'knownStops' | 'conditions'>;
const asked = ({ stopId }: Stop) => (stopId === undefined ? {} : { stopId });
/** What waited or was scheduled is stopped, or there was nothing to stop any more. A later version may go on waiting. */
function answerTo(stop: Stop, state: Publication, seen: string) {
  const { by, version, why, position } = stop;
  const inTime = [state.waiting, state.schedule?.update].some((text) => text !== undefined && text.version <= version);
  const answer = { version, why, state: seen, position, ...asked(stop) };
  return event(inTime ? 'VersionStopped' : 'StopTooLate', state, by, answer);
}
/** That version is out, or its text under another: approved again as it was, or waiting as what is out was before. */
function isOutAs(version: number, { out, waiting, known }: Publication): boolean {
  if (!out || out.version === version) return out !== undefined;
  return [waiting, known].some((one) => one?.version === version && sameText(one.content, out.content));
}
/** What a kill holds already stays held once that is declined. What is held, or was taken down, nobody needs to hold. */
function heldFor({ by, hold, version, why: reason }: Stop, state: Publication, at: string) {
  const { status, kill, item } = state;
  if (hold === undefined || (hold === 'version' && !isOutAs(version, state))) return [];
  if (status === 'published')
    return [event('ArticleHeld', state, by, { reason, state: 'held', ...nextItem(state, at) })];
  if (kill?.before !== 'published') return [];
  return [event('ArticleHeld', state, by, { reason, state: 'kill-asked', item: item.number, at })];
}
/** A text that is here already does not wait, but an approval of it can be withdrawn by its own number. */
function arrivedAs(approved: Cleared, state: Publication, by: Person): PublicationEvent[] {
  const { version, content, position } = approved;
  const { version: known, content: here } = newest(state);
  if (!sameText(here, content)) return [event('VersionWaiting', state, by, approved)];
  return version === known ? [] : [event('VersionKnown', state, by, { version, known, position })];
}
const why = 'killed';

export const reactionRules: Rules<Publication, ReactionCommand, PublicationEvent> = {
  'receive-approval': {
    from: ['none', ...states],
    by: [reaction],
    decide: ({ data: { articleId: id, by, knownStops, conditions, ...approved } }, state) => {
      const { version, position } = approved;
      const conditioned = recorded({ ...state, id }, by, { position, conditions });
      if (state.status === 'none') return [event('PublicationOpened', { id }, by, approved), ...conditioned];
      if (state.status === 'killed') return [event('ApprovalIgnored', state, by, { version, why, position })];
      if (state.status === 'stopped' && knownStops >= state.stops)
        return [event('ClearanceRenewed', state, by, approved), ...conditioned];
      return [...arrivedAs(approved, state, by), ...conditioned];
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
