import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodePosition, decodePositions, encodePosition, encodePositions, type Position } from './position.ts';

const position = fc.record<Position>({
  service: fc.constantFrom('drafting', 'publication', 'moderation'),
  logId: fc.uuid(),
  shard: fc.integer({ min: 0, max: 9999 }),
  position: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
});
// Few logs and shards, so that the same shard comes up more than once.
const vector = fc
  .tuple(
    fc.array(position, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.bigInt(0n, 99n))),
  )
  .map(([logs, more]) => [
    ...logs,
    ...more.map(([at, shard, of]) => ({ ...logs[at % logs.length], shard, position: of }) as Position),
  ]);
const placeOf = ({ service, logId, shard }: Position) => [service, logId, shard].join();

describe('a position token', () => {
  test('of one position reads as that position', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(decodePosition(encodePosition(one))).toEqual(one);
        expect(decodePositions(encodePosition(one))).toEqual([one]);
      }),
    );
  });

  test('of several names the furthest of each shard, in whatever order they were given', () => {
    fc.assert(
      fc.property(vector, fc.func(fc.integer()), (positions, by) => {
        const token = encodePositions(positions);
        const shuffled = [...positions].sort((a, b) => by(a.position) - by(b.position));
        expect(encodePositions(shuffled)).toBe(token);
        const furthest = new Map<string, bigint>();
        for (const one of positions) {
          const before = furthest.get(placeOf(one)) ?? 0n;
          furthest.set(placeOf(one), one.position > before ? one.position : before);
        }
        const read = decodePositions(token) ?? [];
        expect(new Map(read.map((one) => [placeOf(one), one.position]))).toEqual(furthest);
        expect(read).toHaveLength(furthest.size);
        expect(decodePosition(token)).toEqual(furthest.size === 1 ? read[0] : undefined);
      }),
    );
  });

  test('that is none of ours is not read, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(decodePositions(text)).toBeUndefined();
        expect(decodePositions(Buffer.from(text).toString('base64url'))).toBeUndefined();
      }),
    );
    const token = encodePosition({ service: 'drafting', logId: '0'.repeat(36), shard: 1, position: 2n });
    const broken = Buffer.from(`${Buffer.from(token, 'base64url').toString()}.`).toString('base64url');
    expect(decodePositions(broken)).toBeUndefined();
  });

  test('of nothing is empty', () => {
    expect(decodePositions(encodePositions([]))).toEqual([]);
  });
});
