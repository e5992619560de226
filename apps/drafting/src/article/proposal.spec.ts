import { expect, test } from '@jest/globals';
import { proposedBlock, proposedField } from './proposal.ts';
import type { Block, Image } from '#contracts';
import { paragraph, picture } from './samples.ts';

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

test('of an image, what either side says otherwise is in it, as far as it is not the same', () => {
  const said = (more: Partial<Image>, html = picture.html): Block => ({
    ...{ ...picture, html },
    ...(picture.image ? { image: { ...picture.image, ...more } } : {}),
  });
  const asked = (ours: Block, theirs: Block) => proposedBlock({ ancestor: picture, ours, theirs });
  const moved = { href: 'https://pictures.example/2.jpg', width: 800 };
  expect(
    asked(said({ credit: 'R. Iqbal' }, 'Cars cross the old bridge.'), said(moved, 'Two cars cross the bridge.')),
  ).toMatchObject({
    ...{ proposal: said({ ...moved, credit: 'R. Iqbal' }), clear: true },
    proposal: { html: 'Two cars cross the old bridge.' },
  });
  expect(asked(said({ alt: 'A row of lorries' }), said({ alt: 'A row of bicycles', rights: 'Once.' }))).toEqual({
    ...{ proposal: said({ alt: 'A row of lorries bicycles', rights: 'Once.' }), clear: false },
  });
  const words = paragraph('i1', 'Cars cross the bridge.');
  expect(asked(words, said({}, 'Cars cross.'))).toEqual({ proposal: paragraph('i1', 'Cars cross.'), clear: true });
  expect(asked(said({}), words)).toEqual({ proposal: words, clear: true });
  expect(asked(words, said({ alt: 'Cars' }))).toEqual({ proposal: said({ alt: 'Cars' }), clear: false });
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
