import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Rejection } from '#decider';
import { daysOfWeek, instantIn, nextTime } from './zone-time.ts';

const refusal = (at: string, zone: string) => {
  try {
    return instantIn(at, zone);
  } catch (error) {
    return error instanceof Rejection ? error.code : error;
  }
};

test('the clocks of a zone name an instant, whatever its offset then', () => {
  expect(instantIn('2026-07-01T12:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000000Z');
  expect(instantIn('2026-01-01T12:00:30', 'Europe/Berlin')).toBe('2026-01-01T11:00:30.000000Z');
  expect(instantIn('2026-07-01T00:15', 'Asia/Kathmandu')).toBe('2026-06-30T18:30:00.000000Z');
  expect(instantIn('2026-07-01T12:00', 'America/St_Johns')).toBe('2026-07-01T14:30:00.000000Z');
  expect(instantIn('2026-07-01T12:00Z', 'UTC')).toBe('2026-07-01T12:00:00.000000Z');
});

test('a time that is skipped in spring is refused', () => {
  expect(refusal('2026-03-29T02:30', 'Europe/Berlin')).toBe('time-comes-never');
  expect(refusal('2026-03-29T02:30+01:00', 'Europe/Berlin')).toBe('time-comes-never');
  expect(refusal('2026-03-29T03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000000Z');
  expect(refusal('2026-03-29T01:59:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:59.000000Z');
  // A whole day: Samoa went over the date line.
  expect(refusal('2011-12-30T12:00', 'Pacific/Apia')).toBe('time-comes-never');
});

test('one that comes twice in autumn is refused, unless its offset says which', () => {
  expect(refusal('2026-10-25T02:30', 'Europe/Berlin')).toBe('time-comes-twice');
  expect(refusal('2026-10-25T02:30+02:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000000Z');
  expect(refusal('2026-10-25T02:30+01:00', 'Europe/Berlin')).toBe('2026-10-25T01:30:00.000000Z');
  expect(refusal('2026-10-25T03:00', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000000Z');
  // Half an hour, on Lord Howe Island.
  expect(refusal('2026-04-05T01:45', 'Australia/Lord_Howe')).toBe('time-comes-twice');
});

test('an offset that is not of the zone, and a zone that there is not, are refused', () => {
  expect(refusal('2026-07-01T12:00+01:00', 'Europe/Berlin')).toBe('offset-not-of-zone');
  for (const zone of ['Mars/Olympus', '+02:00', '', 'Europe/Berlin\u0000'])
    expect(refusal('2026-07-01T12:00', zone)).toBe('unknown-zone');
});

test('whatever instant the clocks of a zone show is found again by what they show and their offset', () => {
  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Karachi',
    'Africa/Casablanca',
  );
  const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2037, 0) / 60_000 });
  fc.assert(
    fc.property(zones, minutes, (zone, minute) => {
      const shown = new Intl.DateTimeFormat('sv-SE', {
        ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'short' },
      }).format(minute * 60_000);
      const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
        .formatToParts(minute * 60_000)
        .find(({ type }) => type === 'timeZoneName')
        ?.value.slice(3);
      const at = `${shown.replace(' ', 'T')}${offset === '' ? '+00:00' : String(offset)}`;
      expect(Date.parse(instantIn(at, zone))).toBe(minute * 60_000);
    }),
  );
});

const weekdays = daysOfWeek.slice(0, 5);
const from = (after: string, more: object = {}) =>
  nextTime({ days: weekdays, time: '06:00', zone: 'Europe/Berlin', ...more }, `${after}.000000Z`);

test('a time of every week comes next on one of its days, whatever the offset of the zone is then', () => {
  expect(from('2026-11-27T04:59:59')).toBe('2026-11-27T05:00:00.000000Z');
  expect(from('2026-11-27T05:00:00')).toBe('2026-11-30T05:00:00.000000Z');
  expect(from('2026-03-27T12:00:00')).toBe('2026-03-30T04:00:00.000000Z');
  expect(from('2026-10-23T12:00:00')).toBe('2026-10-26T05:00:00.000000Z');
  const far = { zone: 'Pacific/Kiritimati', time: '00:30', days: ['monday'] };
  expect(from('2026-11-29T10:29:59', far)).toBe('2026-11-29T10:30:00.000000Z');
  expect(from('2026-11-29T10:30:00', far)).toBe('2026-12-06T10:30:00.000000Z');
  expect(() => from('2026-11-27T00:00:00', { zone: 'Mars/Olympus' })).toThrow(Rejection);
});

test('where the clocks are put forward past it, it comes all the same; where they show it twice, once', () => {
  const night = { days: daysOfWeek, time: '02:30' };
  expect(from('2026-03-29T00:00:00', night)).toBe('2026-03-29T01:30:00.000000Z');
  expect(from('2026-03-29T01:30:00', night)).toBe('2026-03-30T00:30:00.000000Z');
  expect(from('2026-10-24T12:00:00', night)).toBe('2026-10-25T00:30:00.000000Z');
  expect(from('2026-10-25T00:30:00', night)).toBe('2026-10-26T01:30:00.000000Z');
});

test('one after the other, it comes once on each day', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns'];
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(fc.constantFrom(...zones), minute, fc.integer({ min: 0, max: 364 }), (zone, at, day) => {
      const time = new Date(60_000 * at).toISOString().slice(11, 16);
      const next = (after: string) => nextTime({ days: daysOfWeek, time, zone }, after);
      const local = (instant: string) =>
        new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant));
      let last = next(new Date(Date.UTC(2026, 0, 1 + day)).toISOString().replace('Z', '000Z'));
      for (let step = 0; step < 4; step++) {
        const then = next(last);
        expect(Date.parse(local(then)) - Date.parse(local(last))).toBe(86_400_000);
        last = then;
      }
    }),
    { numRuns: 30 },
  );
});
