import type { Edition, Person, PublicationEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { conditionsRefused, type Original, outBefore, outNow } from './conditions.ts';
import { besides, confirmed, nothingNewer, unfit, updatedTo, versionChosen } from './correcting.ts';
import { pathOf } from './path.ts';
import { type Approved, checkSeen, event, nextItem, type Publication, type Schedule, states, there } from './state.ts';

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];
type Ask<T extends string, D = object> = Command & { type: T; data: D };
/** What to do when its time passed while nothing could be done. */
export const latePolicies = ['publish-late', 'keep-back', 'ask'] as const;
export interface WhenToPublish {
  readonly version: number;
  readonly due: string;
  /** In the zone. */
  readonly day: string;
  readonly zone: string;
  readonly late: Schedule['late'];
  readonly paper: string;
  /** What is left out: the house's paper, and that day in that zone. */
  readonly edition?: Partial<Edition> | undefined;
  /** Of an update, as one that is put out by hand confirms it. */
  readonly nothingWasWrong?: boolean | undefined;
  readonly originals?: readonly Original[];
}
export type SchedulingCommand = Ask<'schedule', WhenToPublish> | Ask<'reschedule', WhenToPublish> | Ask<'deschedule'>;
export type ComeDue = Ask<'come-due', { schedule: number; originals?: readonly Original[] }>;

/** No timer is on time to the microsecond; from here on, something was broken. */
const lateAfterSeconds = 60;

/** When it goes out by itself, under the next number. */
function time({ data: { due, zone, late }, now }: Ask<string, WhenToPublish>, state: Publication) {
  if (due <= now) throw new Rejection('time-is-past', 'That is not in the future.', { due, now });
  return { schedule: (state.schedules ?? 0) + 1, due, zone, late };
}

function setFirst(command: Ask<string, WhenToPublish>, state: Publication): PublicationEvent[] {
  const { version, due, day, paper, edition, originals = [] } = command.data;
  checkSeen(version, state.pinned.version);
  const when = time(command, state);
  const refused = conditionsRefused(state, due, outBefore(due, originals));
  if (refused) throw refused;
  const named = { paper: edition?.paper ?? paper, date: edition?.date ?? day };
  return [event('PublicationScheduled', state, command.actor, { version, ...when, edition: named })];
}

function setUpdate(command: Ask<string, WhenToPublish>, state: Publication): PublicationEvent[] {
  const { version, edition, nothingWasWrong } = command.data;
  if (edition) throw new Rejection('edition-stays', 'It appears where the text appeared that it replaces.');
  const confirmation = { nothingWasWrong: confirmed(nothingWasWrong), ...besides(version, state) };
  return [event('UpdateScheduled', state, command.actor, { version, ...time(command, state), ...confirmation })];
}

/** What is scheduled already is moved; an approval that came since is taken in its place. */
function scheduledAlready({ schedule, waiting }: Publication): Rejection | undefined {
  if (schedule?.update === undefined || schedule.update.version !== waiting?.version) return undefined;
  return new Rejection('scheduled-already', 'That version goes out by itself already; its time can be moved.');
}
const notScheduled = () => new Rejection('not-scheduled', 'Nothing goes out by itself.');

const by = ['duty-editor'];
export const schedulingRules: Rules<Publication, SchedulingCommand, PublicationEvent> = {
  schedule: {
    ...{ from: ['cleared', 'published'], by },
    guard: (state) => (state.out ? (nothingNewer(state) ?? scheduledAlready(state)) : undefined),
    decide(command, state) {
      if (!state.out) return setFirst(command, state);
      versionChosen(command.data.version, state);
      return setUpdate(command, state);
    },
  },
  reschedule: {
    ...{ from: ['scheduled', 'published'], by },
    guard(state) {
      if (!state.schedule) return notScheduled();
      return state.schedule.update && unfit(state.schedule.update, state);
    },
    decide(command, state) {
      if (!state.schedule?.update) return setFirst(command, state);
      checkSeen(command.data.version, state.schedule.update.version);
      return setUpdate(command, state);
    },
  },
  deschedule: {
    ...{ from: ['scheduled', 'published'], by },
    guard: ({ schedule }) => (schedule ? undefined : notScheduled()),
    decide: ({ actor }, state) =>
      state.out
        ? updateEnded(state, actor)
        : [event('PublicationDescheduled', state, actor, { schedule: state.schedules ?? 0 })],
  },
};

/** It was to go out by itself, or still has to be decided on. */
function updateEnded(state: Publication, actor: Person): PublicationEvent[] {
  const { schedule, overdue, schedules = 0, waiting } = state;
  const version = schedule?.update?.version ?? overdue?.version;
  if (version === undefined) return [];
  const waits = waiting ? { waits: waiting.version } : {};
  return [event('UpdateDescheduled', state, actor, { version, schedule: schedules, ...waits })];
}
/** What is out was taken away, another version goes out by hand, or what waits may not: nothing is scheduled that is later. A correction leaves it. */
const ends = ({ type, data }: PublicationEvent): boolean =>
  ['ArticleHeld', 'ArticleUnpublished', 'KillAsked', 'ArticleUpdated', 'VersionStopped'].includes(type) ||
  (type === 'ArticleCorrected' && data.correctionId === undefined);
/** That a scheduled update ends is told along with what ends it. */
export function endingOf(
  state: Publication,
  events: readonly PublicationEvent[],
  evolve: (state: Publication, event: PublicationEvent) => Publication,
): PublicationEvent[] {
  if (!state.schedule?.update && state.overdue?.version === undefined) return [];
  const ending = events.find(ends);
  return ending ? updateEnded(events.reduce(evolve, state), ending.data.by) : [];
}

const outdated = () => new Rejection('timer-outdated', 'It was moved or cancelled, or has been done.');

/** Seconds of an instant, counted from a day long ago; Date is out of reach here, for it is a clock as well. */
function seconds(at: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = at.match(/[\d.]+/g)?.map(Number) ?? [];
  const early = month < 3 ? 1 : 0;
  const [y, m] = [year - early, month + 12 * early - 3];
  const days =
    day + Math.floor((153 * m + 2) / 5) + 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 86_400 * days + 3600 * hour + 60 * minute + second;
}

/** What the timer asks for. No route takes it. */
export const dueRules: Rules<Publication, ComeDue, PublicationEvent> = {
  'come-due': {
    from: states,
    by: ['timer'],
    decide: ({ data: { originals = [], ...data }, now }, state) => {
      const { schedule, schedules } = state;
      if (!schedule || schedules !== data.schedule || now < schedule.due) throw outdated();
      const { due, zone, late: policy, update } = schedule;
      const drift = Math.round(1000 * (seconds(now) - seconds(due))) / 1000;
      const late = drift > lateAfterSeconds;
      const keptBack = late && policy !== 'publish-late';
      const came = { ...data, due, zone, at: now, drift, late, policy };
      return update
        ? updateDue(update, came, keptBack, state)
        : firstDue(came, keptBack || conditionsRefused(state, now, outNow(originals)) !== undefined, state);
    },
  },
};

type Came = Omit<Told<'ScheduleCameDue'>, 'articleId' | 'by' | 'outcome'>;
function firstDue(came: Came, keptBack: boolean, state: Publication): PublicationEvent[] {
  const { by, edition } = there(state.schedule);
  const outcome = keptBack ? 'overdue' : 'published';
  const cameDue = event('ScheduleCameDue', state, by, { ...came, outcome });
  if (keptBack) return [cameDue];
  const { version, content } = state.pinned;
  const out = { version, content, path: pathOf(content, state.id), edition, firstAt: came.at };
  return [cameDue, event('ArticlePublished', state, by, { ...out, ...nextItem(state, came.at) })];
}
/** It meets what an update by hand would meet at that moment. */
function updateDue(text: Approved, came: Came, keptBack: boolean, state: Publication): PublicationEvent[] {
  const { by } = there(state.schedule);
  const { version } = text;
  const why = keptBack ? 'late' : unfit(text, state)?.code;
  if (why === undefined) {
    const told = { version, ...came, outcome: 'updated', ...besides(version, state) } as const;
    return [event('UpdateCameDue', state, by, told), ...updatedTo(text, state, by, came.at)];
  }
  const waits = state.waiting ? { waits: state.waiting.version } : {};
  return [event('UpdateCameDue', state, by, { version, ...came, outcome: 'overdue', why, ...waits })];
}

type Scheduled = 'PublicationScheduled' | 'PublicationDescheduled' | 'ScheduleCameDue';
type UpdateTimed = 'UpdateScheduled' | 'UpdateDescheduled' | 'UpdateCameDue';
type SchedulingEvent = Extract<PublicationEvent, { type: Scheduled | UpdateTimed }>;
export const unscheduled = { schedule: undefined, overdue: undefined };
export const schedulingFold: Fold<Publication, SchedulingEvent> = {
  PublicationScheduled: (state, { schedule, due, zone, late, edition, by }) => ({
    ...state,
    ...{ status: 'scheduled', schedules: schedule, schedule: { due, zone, late, edition, by }, overdue: undefined },
  }),
  PublicationDescheduled: (state) => ({ ...state, ...unscheduled, status: 'cleared' }),
  ScheduleCameDue: (state, { outcome, due, zone, policy }) => ({
    ...state,
    ...{ status: 'cleared', schedule: undefined },
    overdue: outcome === 'overdue' ? { due, zone, policy } : undefined,
  }),
  UpdateScheduled(state, { version, schedule: schedules, due, zone, late, by }) {
    const update = [state.waiting, state.schedule?.update].find((text) => text?.version === version);
    if (!state.out || !update) return state;
    const schedule = { due, zone, late, edition: state.out.edition, by, update };
    return { ...state, schedule, schedules, overdue: undefined };
  },
  UpdateDescheduled: (state) => ({ ...state, ...unscheduled }),
  UpdateCameDue: (state, { outcome, due, zone, policy, version, why }) => ({
    ...{ ...state, schedule: undefined },
    overdue: outcome === 'overdue' ? { due, zone, policy, version, ...(why !== undefined && { why }) } : undefined,
  }),
};

/** Its timer runs as long as it is scheduled, and no longer. */
export const timersOf = ({ schedule, schedules: epoch = 0 }: Publication) =>
  schedule
    ? [{ name: 'publish', epoch, at: schedule.due, command: { type: 'come-due', data: { schedule: epoch } } }]
    : [];
