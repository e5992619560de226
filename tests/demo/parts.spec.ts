import { expect, test } from '@jest/globals';
import { interleaved } from '../../infra/demo/commenting.ts';
import { requireSame } from '../../infra/demo/reading.ts';
import { headOf } from '../../infra/demo/scene.ts';

const page = { body: ['The bridge is open.'], paper: 'The Daily', date: '2025-01-01', comments: [] };

test('the first line that differs is named, with what should stand there', () => {
  const lines = ['Head', 'By', 'One', 'Two'];
  expect(() => {
    requireSame(lines, [...lines]);
  }).not.toThrow();
  expect(() => {
    requireSame(lines, ['Head', 'By', 'One', 'Two ']);
  }).toThrow('line 4 of the page is "Two ", and should be "Two".');
  expect(() => {
    requireSame(lines, lines.slice(0, 3));
  }).toThrow('line 4 of the page is nothing, and should be "Two".');
  expect(() => {
    requireSame(lines, [...lines, 'Three']);
  }).toThrow('line 5 of the page is "Three", and should be nothing.');
});

test.each([[[]], [['A']], [['A', 'B', 'A']], [Array.from({ length: 500 }, (_, number) => `No. ${number}`)]])(
  'the comments of a page keep their order among those that nobody wants, and the last one is a repeat',
  (own: string[]) => {
    const all = interleaved(own);
    expect(all.filter(({ verdict }) => !verdict).map(({ text }) => text)).toEqual(own);
    const refused = all.filter(({ verdict }) => verdict);
    expect(refused.map(({ verdict }) => verdict?.reason)).toEqual(['abusive', 'commercial', 'language', 'duplicate']);
    expect(all.slice(0, -1).some(({ text }) => text === all.at(-1)?.text)).toBe(true);
    // Between them, not in a heap.
    const places = all.flatMap(({ verdict }, place) => (verdict ? [place] : []));
    if (own.length > 3) expect(places).toEqual([0, 167, 335, 503]);
  },
);

test.each([
  ['pages/anti-terror-cooperation.txt', 'anti-terror-cooperation', 'Anti terror cooperation'],
  ['/tmp/قصہ.txt', 'قصہ', 'قصہ'],
  ['.txt', '.txt', '.txt'],
  ['a\nb.page', 'a b', 'A b'],
  ['---', '---', '---'],
  [`${'x'.repeat(120)}.txt`, 'x'.repeat(100), `X${'x'.repeat(99)}`],
])('%j gives the slugline %j and the headline %j', (file, slugline, headline) => {
  expect(headOf(file, page)).toEqual({ slugline, headline, byline: 'By Stet’s Reporter', language: 'en' });
});

test('the language of a page is English or not known', () => {
  expect(headOf('a.txt', { ...page, body: ['Der Weg', 'nach Athen'] }).language).toBe('und');
});
