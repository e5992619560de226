import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inPieces, piece, type Stretch } from './rounds.ts';

const positions = ({ log, shard, after, upto }: Stretch) =>
  Array.from({ length: Number(upto - after) }, (_, at) => `${log}/${shard}/${after + BigInt(at) + 1n}`);

test('what is looked at in pieces is all of it, each position once and in order, and no piece is larger than one may be', () => {
  const stretch = fc
    .record({ shard: fc.nat({ max: 2 }), after: fc.bigInt(0n, 5000n), size: fc.bigInt(0n, 900n) })
    .map(({ shard, after, size }): Stretch => ({ log: 'drafting', shard, after, upto: after + size }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 8 }), (stretches) => {
      const pieces = inPieces(stretches);
      expect(pieces.flat().flatMap(positions)).toEqual(stretches.flatMap(positions));
      for (const one of pieces) {
        const size = one.flatMap(positions).length;
        expect(size > 0 && size <= Number(piece)).toBe(true);
      }
    }),
  );
});
