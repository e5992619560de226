import { expect, test } from '@jest/globals';
import { proposedBlock, proposedField } from './proposal.ts';
import { paragraph } from './samples.ts';

const of = (ancestor: string, ours: string, theirs: string) =>
  proposedBlock({
    ...{ ancestor: paragraph('p1', ancestor), ours: paragraph('p1', ours), theirs: paragraph('p1', theirs) },
  });

test('changes to different words of a block are both in the proposal, each in its place', () => {
  expect(of('The bridge is open.', 'The bridge is <em>wide</em> open.', 'The old bridge is open.')).toEqual({
    ...{ proposal: paragraph('p1', 'The old bridge is <em>wide</em> open.'), clear: true },
  });
  const quote = { ...paragraph('p1', 'Open at last.'), kind: 'quote' as const };
  const [ancestor, ours] = [paragraph('p1', 'Open.'), paragraph('p1', 'Open at last.')];
  expect(proposedBlock({ ancestor, ours, theirs: { ...quote, html: 'Open.' } })).toEqual({
    ...{ proposal: quote, clear: true },
  });
});

test('of changes to the same words both are in it, and somebody has to look', () => {
  expect(of('It opens at nine.', 'It opens at ten.', 'It opens at noon.')).toEqual({
    ...{ proposal: paragraph('p1', 'It opens at ten noon.'), clear: false },
  });
  // Half a tag of each would be no HTML.
  expect(of('At nine.', 'At <em>ten.</em>', 'At <strong>noon.').proposal?.html).toMatch(/^At .*noon\.<\/strong>/);
});

test('a block that one side removed stays as the other has it', () => {
  const [ancestor, theirs] = [paragraph('p1', 'Open.'), paragraph('p1', 'Wide open.')];
  expect(proposedBlock({ ancestor, ours: null, theirs })).toEqual({ proposal: theirs, clear: false });
});

test('lists of a head have what both put there; where only one can be, ours stands', () => {
  const byline = { field: 'byline', ancestor: ['A'], ours: ['A', 'B'], theirs: ['A', 'C'] };
  expect(proposedField(byline)).toEqual({ proposal: ['A', 'B', 'C'], clear: false });
  expect(proposedField({ field: 'urgency', ancestor: 4, ours: 3, theirs: 5 })).toEqual({ proposal: 3, clear: false });
  const headline = { field: 'headline', ancestor: 'Bridge opens', ours: 'Old Bridge opens', theirs: 'Bridge opens!' };
  expect(proposedField(headline)).toEqual({ proposal: 'Old Bridge opens!', clear: true });
});

test('two long texts that have nothing in common are put one behind the other, at once', () => {
  const long = (word: string) => Array.from({ length: 30_000 }, (_, at) => word + String(at % 50)).join(' ');
  const some = (word: string) => Array.from({ length: 1900 }, (_, at) => word + String(at % 9)).join(' ');
  expect(of(some('o'), some('a'), some('b')).clear).toBe(false);
  const began = performance.now();
  expect(of(long('o'), long('a'), long('b')).proposal?.html).toBe(`${long('a')} ${long('b')}`);
  expect(performance.now() - began).toBeLessThan(2000);
});
