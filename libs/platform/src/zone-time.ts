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
