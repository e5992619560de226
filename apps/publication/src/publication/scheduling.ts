import type { Edition, PublicationEvent } from '#contracts';
import { type Command, type Fold, Rejection, type Rules } from '#decider';
import { conditionsRefused, type Original, outBefore, outNow } from './conditions.ts';
import { pathOf } from './path.ts';
import { event, nextItem, type Publication, type Schedule, states } from './state.ts';

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
  readonly originals?: readonly Original[];
}
export type SchedulingCommand = Ask<'schedule', WhenToPublish> | Ask<'reschedule', WhenToPublish> | Ask<'deschedule'>;
export type ComeDue = Ask<'come-due', { schedule: number; originals?: readonly Original[] }>;

/** No timer is on time to the microsecond; from here on, something was broken. */
const lateAfterSeconds = 60;

function set({ data, actor, now }: Ask<string, WhenToPublish>, state: Publication): PublicationEvent[] {
  const { version, due, day, zone, late, paper, edition } = data;
  if (version !== state.pinned.version) {
    const [seen, pinned] = [version, state.pinned.version];
    throw new Rejection('version-seen-stale', `Version ${pinned} is the one to go out.`, { seen, version: pinned });
  }
  if (due <= now) throw new Rejection('time-is-past', 'That is not in the future.', { due, now });
  const refused = conditionsRefused(state, due, outBefore(due, data.originals ?? []));
  if (refused) throw refused;
  const named = { paper: edition?.paper ?? paper, date: edition?.date ?? day };
  const schedule = (state.schedules ?? 0) + 1;
  return [event('PublicationScheduled', state, actor, { version, schedule, due, zone, late, edition: named })];
}

export const schedulingRules: Rules<Publication, SchedulingCommand, PublicationEvent> = {
  schedule: { from: ['cleared'], by: ['duty-editor'], decide: set },
  reschedule: { from: ['scheduled'], by: ['duty-editor'], decide: set },
  deschedule: {
    from: ['scheduled'],
    by: ['duty-editor'],
    decide: ({ actor }, state) => [event('PublicationDescheduled', state, actor, { schedule: state.schedules ?? 0 })],
  },
};

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
      const { schedule, schedules, pinned, id } = state;
      if (!schedule || schedules !== data.schedule || now < schedule.due) throw outdated();
      const { due, zone, late: policy, edition, by } = schedule;
      const drift = Math.round(1000 * (seconds(now) - seconds(due))) / 1000;
      const late = drift > lateAfterSeconds;
      const keptBack = (late && policy !== 'publish-late') || conditionsRefused(state, now, outNow(originals));
      const outcome = keptBack ? 'overdue' : 'published';
      const came = { ...data, due, zone, at: now, drift, late, policy, outcome } as const;
      const cameDue = event('ScheduleCameDue', state, by, came);
      if (outcome === 'overdue') return [cameDue];
      const { version, content } = pinned;
      const out = { version, content, path: pathOf(content, id), edition, firstAt: now };
      return [cameDue, event('ArticlePublished', state, by, { ...out, ...nextItem(state, now) })];
    },
  },
};

type SchedulingEvent = Extract<
  PublicationEvent,
  { type: 'PublicationScheduled' | 'PublicationDescheduled' | 'ScheduleCameDue' }
>;
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
};

/** Its timer runs as long as it is scheduled, and no longer. */
export const timersOf = ({ schedule, schedules: epoch = 0 }: Publication) =>
  schedule
    ? [{ name: 'publish', epoch, at: schedule.due, command: { type: 'come-due', data: { schedule: epoch } } }]
    : [];
