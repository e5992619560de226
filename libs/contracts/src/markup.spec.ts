import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from './markup.ts';

const pieces = fc.constantFrom(
  '<em>',
  '</em>',
  '<',
  '>',
  '&',
  '&lt;',
  '&amp;',
  '"',
  "'",
  '\n',
  '\u0000',
  '🌉',
  ' ',
  'a',
);

test('what has neither tags nor entities reads the same whether or not it is taken apart', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (html) => {
        // A tag before it has it taken apart.
        expect(plainText(html)).toBe(plainText(`<em></em>${html}`));
      },
    ),
    { numRuns: 1000 },
  );
});
