import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Rejection } from '#decider';
import { instantIn } from './zone-time.ts';

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
