import { Rejection } from '#decider';

const dayMs = 86_400_000;

/** Minutes that a zone is ahead of UTC at an instant. Throws a RangeError for what is no zone. */
function offsetAt(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(ms);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/** Where a zone's clocks are put forward or back, there is another offset on each side. */
function offsetsAround(ms: number, zone: string): number[] {
  try {
    // "+02:00" is a zone to some, but has no name.
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError();
    return [...new Set([offsetAt(ms - dayMs, zone), offsetAt(ms + dayMs, zone)])];
  } catch {
    throw new Rejection('unknown-zone', 'There is no time zone by that name.', { zone });
  }
}

/**
 * The instant (ISO 8601, UTC, microseconds) at which the clocks of an IANA zone show this: `2026-10-25T02:30`, with seconds or without, and with
 * an offset behind it where it is said. Rejections: `unknown-zone`; `time-comes-never` and `time-comes-twice` where clocks are put
 * forward and back; `offset-not-of-zone`.
 */
export function instantIn(at: string, zone: string): string {
  const [, clock = '', said] = /^(.*?)(Z|[+-]\d\d:\d\d)?$/.exec(at) ?? [];
  const shown = Date.parse(`${clock}Z`);
  const instants = offsetsAround(shown, zone)
    .map((offset) => ({ offset, ms: shown - 60_000 * offset }))
    .filter(({ offset, ms }) => offsetAt(ms, zone) === offset);
  const [first] = instants;
  if (!first)
    throw new Rejection('time-comes-never', 'The clocks of that zone are put forward past this.', { at, zone });
  const meant = said === undefined ? instants : instants.filter(({ ms }) => ms === Date.parse(at));
  if (meant.length > 1)
    throw new Rejection('time-comes-twice', 'The clocks of that zone show this twice: say which, by its offset.', {
      ...{ at, zone, instants: instants.map(({ ms }) => new Date(ms).toISOString()) },
    });
  const [only] = meant;
  if (!only) throw new Rejection('offset-not-of-zone', 'That zone has another offset then.', { at, zone });
  return new Date(only.ms).toISOString().replace('Z', '000Z');
}

export const daysOfWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** What the clocks of a zone show on some days of every week. */
export interface WeeklyTime {
  readonly days: readonly string[];
  /** Such as `06:00`. */
  readonly time: string;
  readonly zone: string;
}

/** Where the clocks show it twice, the first; where they are put forward past it, as if they had not been yet. */
function onceAt(shown: number, zone: string): number {
  const instants = offsetsAround(shown, zone).map((offset) => ({ offset, ms: shown - 60_000 * offset }));
  const there = instants.filter(({ offset, ms }) => offsetAt(ms, zone) === offset).map(({ ms }) => ms);
  return there.length > 0 ? Math.min(...there) : Math.max(...instants.map(({ ms }) => ms));
}

/** The first such instant after another (both ISO 8601, UTC, microseconds). Rejection: `unknown-zone`. */
export function nextTime({ days, time, zone }: WeeklyTime, after: string): string {
  const since = Date.parse(after);
  const [offset = 0] = offsetsAround(since, zone);
  const firstDay = Date.parse(`${new Date(since + 60_000 * offset - dayMs).toISOString().slice(0, 10)}T${time}Z`);
  for (let day = 0; day < 10; day++) {
    const shown = firstDay + day * dayMs;
    const name = daysOfWeek[(new Date(shown).getUTCDay() + 6) % 7] ?? '';
    const ms = onceAt(shown, zone);
    if (days.includes(name) && ms > since) return new Date(ms).toISOString().replace('Z', '000Z');
  }
  throw new Error('A week has one of its days every seven days.');
}
