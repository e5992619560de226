import type { Edition, PublicationEvent } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { conditionFold, conditionsRefused, type Original, outNow } from './conditions.ts';
import { type CorrectingCommand, correctingFold, correctingRules, othersThan } from './correcting.ts';
import { pathOf } from './path.ts';
import { type ReactionCommand, reactionRules } from './reactions.ts';
import {
  type ComeDue,
  dueRules,
  endingOf,
  type SchedulingCommand,
  schedulingFold,
  schedulingRules,
  unscheduled,
} from './scheduling.ts';
import {
  type AskedKill,
  checkSeen,
  event,
  initial,
  newest,
  nextItem,
  type Out,
  type Publication,
  rolesIn,
  there,
} from './state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
/** `paper` is the house's own; what is left out of the edition is as it was, or the house's paper of today. */
interface Publish {
  readonly version: number;
  readonly paper: string;
  readonly edition?: { readonly paper?: string | undefined; readonly date?: string | undefined } | undefined;
  readonly originals?: readonly Original[];
}
export type PeoplesCommand =
  | Ask<'take-version', { version: number }>
  | Ask<'publish', Publish>
  | SchedulingCommand
  | CorrectingCommand
  | Ask<'hold', { reason: string }>
  | Ask<'release', { reason: string }>
  | Ask<'unpublish', { reason: string }>
  | Ask<'stop', { reason: string }>
  | Ask<'ask-kill', { reason: string }>
  | Ask<'sign-kill'>
  | Ask<'decline-kill', { reason: string }>;
export type PublicationCommand = PeoplesCommand | ReactionCommand | ComeDue;

const nothingWaiting = ({ waiting }: Publication) =>
  waiting ? undefined : new Rejection('nothing-waiting', 'No later approved version is here.');

const editionOf = ({ paper, edition = {} }: Publish, out: Out | undefined, now: string): Edition => {
  const before = out?.edition ?? { paper, date: now.slice(0, 10) };
  return { paper: edition.paper ?? before.paper, date: edition.date ?? before.date };
};

const askers = ['editor', 'legal', 'duty-editor', 'chief'];
const signers = ({ kill }: Publication) => (kill?.byChiefOrLegal ? askers : ['legal', 'chief']);
const sameAsAsked = ({ kill }: Publication, actor: Actor) =>
  kill?.by.id === actor.id
    ? new Rejection('second-person', 'Whoever asked for the kill does not decide it.')
    : undefined;

const rules: Rules<Publication, PeoplesCommand, PublicationEvent> = {
  'take-version': {
    from: ['cleared', 'scheduled'],
    by: ['duty-editor'],
    guard: nothingWaiting,
    decide: ({ data, actor }, state) => {
      const { version, content } = there(state.waiting);
      checkSeen(data.version, version);
      return [event('VersionTaken', state, actor, { version, desk: state.desk, kind: state.kind, content })];
    },
  },
  publish: {
    from: ['cleared', 'scheduled', 'unpublished'],
    by: ['duty-editor'],
    decide: ({ data, actor, now }, state) => {
      const { out, pinned, id } = state;
      const { version, content } = out ?? pinned;
      checkSeen(data.version, version);
      const refused = conditionsRefused(state, now, outNow(data.originals ?? []));
      if (refused) throw refused;
      const { path, firstAt } = out ?? { path: pathOf(content, id), firstAt: now };
      const published = { version, content, path, edition: editionOf(data, out, now), firstAt };
      return [event('ArticlePublished', state, actor, { ...published, ...nextItem(state, now) })];
    },
  },
  ...schedulingRules,
  ...correctingRules,
  hold: {
    from: ['published'],
    by: ['legal', 'duty-editor'],
    decide: ({ data: { reason }, actor, now }, state) => [
      event('ArticleHeld', state, actor, { reason, state: 'held', ...nextItem(state, now) }),
    ],
  },
  release: {
    from: ['held'],
    by: ['legal', 'duty-editor'],
    decide: ({ data: { reason }, actor, now }, state) => [
      event('HoldReleased', state, actor, { reason, ...nextItem(state, now) }),
    ],
  },
  unpublish: {
    from: ['published', 'held'],
    by: ['duty-editor'],
    decide: ({ data: { reason }, actor, now }, state) => [
      event('ArticleUnpublished', state, actor, { reason, ...nextItem(state, now) }),
    ],
  },
  stop: {
    from: ['cleared', 'scheduled'],
    by: ['editor', 'legal', 'duty-editor'],
    decide: ({ data: { reason }, actor }, state) => {
      const stopped = { version: state.pinned.version, why: reason, stops: state.stops + 1 };
      return [event('PublicationStopped', state, actor, { ...stopped, from: 'publication' as const })];
    },
  },
  'ask-kill': {
    from: ['published', 'held', 'unpublished'],
    by: askers,
    decide: ({ data: { reason }, actor, now }, state) => {
      const byChiefOrLegal = ['chief', 'legal'].some((role) => actor.roles.includes(role));
      return [event('KillAsked', state, actor, { reason, byChiefOrLegal, ...itemIfOut(state.status, state, now) })];
    },
  },
  'sign-kill': {
    from: ['kill-asked'],
    by: signers,
    guard: sameAsAsked,
    decide: ({ actor, now }, state) => {
      const { reason, by: askedBy } = there(state.kill);
      return [event('ArticleKilled', state, actor, { reason, askedBy, ...nextItem(state, now) })];
    },
  },
  'decline-kill': {
    from: ['kill-asked'],
    by: signers,
    guard: sameAsAsked,
    decide: ({ data: { reason }, actor, now }, state) => {
      const { before } = there(state.kill);
      return [event('KillDeclined', state, actor, { reason, state: before, ...itemIfOut(before, state, now) })];
    },
  },
};

/** Outsiders see that what is out is held, and is so no longer. Of what is not out there is nothing for them to see. */
const itemIfOut = (status: Publication['status'], state: Publication, now: string) =>
  status === 'published' ? nextItem(state, now) : { item: state.item.number, at: now };

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];
const pin = (state: Publication, { version, content, desk, kind }: Told<'VersionTaken'>): Publication => ({
  ...state,
  ...{ pinned: { version, content }, waiting: undefined, desk, kind },
});
const clear = (state: Publication, data: Told<'VersionTaken'>): Publication => ({
  ...pin(state, data),
  status: 'cleared',
});
const sent = ({ item: number, at }: { item: number; at: string }) => ({ item: { number, at } });

const fold: Fold<Publication, PublicationEvent> = {
  PublicationOpened: (state, data) => ({
    ...clear(state, data),
    ...{ id: data.articleId, position: data.position },
  }),
  ClearanceRenewed: (state, data) => ({ ...clear(state, data), position: data.position }),
  VersionWaiting: (state, { version, content, position }) => ({ ...state, waiting: { version, content }, position }),
  VersionKnown: (state, { version, position }) => ({
    ...state,
    ...{ known: { version, content: newest(state).content }, position },
  }),
  VersionTaken: pin,
  CorrectionReady: (state, { correctionId: id, base, content, position }) => ({
    ...state,
    ...{ ready: [...state.ready, { id, base, content }], position },
  }),
  CorrectionOutdated: (state, { correctionId }) => ({ ...state, ready: othersThan(correctionId, state) }),
  ArticlePublished: (state, { version, content, path, edition, firstAt, ...item }) => ({
    ...state,
    ...{ status: 'published', out: { version, content, path, edition, firstAt }, ...sent(item), ...unscheduled },
  }),
  ArticleHeld: ({ kill, ...state }, { state: status, ...item }) => ({
    ...state,
    ...{ status, kill: kill && { ...kill, before: 'held' as const }, ...sent(item) },
  }),
  HoldReleased: (state, item) => ({ ...state, status: 'published', ...sent(item) }),
  ArticleUnpublished: (state, item) => ({ ...state, status: 'unpublished', ...sent(item) }),
  PublicationStopped: (state, { stops, position = state.position }) => ({
    ...state,
    ...{ status: 'stopped', stops, position, ...unscheduled },
  }),
  StopTooLate: (state, { position }) => ({ ...state, position }),
  VersionStopped: (state, { version, position }) => ({
    ...state,
    ...{ waiting: state.waiting && state.waiting.version > version ? state.waiting : undefined, position },
  }),
  CorrectionStopped: (state, { correctionId, position }) => ({
    ...state,
    ...{ ready: othersThan(correctionId, state), position },
  }),
  KillAsked: (state, { by, reason, byChiefOrLegal, ...item }) => ({
    ...state,
    ...{ status: 'kill-asked', ...sent(item) },
    kill: { by, reason, byChiefOrLegal, before: state.status as AskedKill['before'] },
  }),
  KillDeclined: (state, { state: before, ...item }) => ({
    ...state,
    ...{ status: before as AskedKill['before'], kill: undefined, ...sent(item) },
  }),
  ArticleKilled: (state, item) => ({ ...state, status: 'killed', ...sent(item) }),
  ...correctingFold,
  ...schedulingFold,
  ...conditionFold,
  ApprovalIgnored: (state, { position }) => ({ ...state, position }),
};

const people = decider(initial, rules, fold, rolesIn);
const machineRules = { ...reactionRules, ...dueRules };
const machines = decider<Publication, ReactionCommand | ComeDue, PublicationEvent>(initial, machineRules, fold);
const isMachines = (command: PublicationCommand): command is ReactionCommand | ComeDue => command.type in machineRules;

/** Commands of people, and of reactions and timers, from two tables: what a person is told is possible lists only what people do. */
export const publication: Decider<Publication, PublicationCommand, PublicationEvent> = {
  ...people,
  decide(command, state) {
    const events = isMachines(command) ? machines.decide(command, state) : people.decide(command, state);
    return [...events, ...endingOf(state, events, people.evolve)];
  },
};
