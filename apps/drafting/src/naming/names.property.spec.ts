import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Names } from './names.ts';

const names = new Names(7);
const people = {
  mira: ['Mira Anna Tollander', 'Тарас Шевченко'],
  ines: ['Inês Ó Briain', 'محمد خان'],
  ali: ['Al-Sayed Ng'],
  bo: ['Bo Lee'],
} as const;
for (const [of, all] of Object.entries(people)) names.add(of, all);
const found = (text: string, html = false) =>
  names.find({ text, html }).map(({ of, from, to }) => [of, text.slice(from, to)]);
const whose = (text: string, html = false) => [...new Set(found(text, html).map(([of]) => of))];

const lookAlikes: Readonly<Record<string, readonly string[]>> = {
  a: ['а', 'ɑ', '𝐚', 'ａ', 'á', 'ⓐ'],
  e: ['е', 'é', '𝕖', 'ｅ', 'ē'],
  i: ['і', 'l', '1', 'ı', '𝒾', 'í', 'Ｉ'],
  l: ['I', '1', 'ӏ', 'ł', 'ｌ', '𝗅'],
  m: ['м', 'rn', '𝓂', 'ｍ', 'Ⓜ'],
  n: ['ո', 'ñ', 'Ｎ', '🅽'],
  o: ['о', 'ο', '0', 'ø', 'օ', '🅾'],
  r: ['ʀ', '𝐫', 'ŕ', '🇷'],
  t: ['т', '𝖙', 'Ƭ', 'ｔ'],
};
const unseen = [
  '\u200b',
  '\u200d',
  '\u00ad',
  '\u2060',
  '\ufe0f',
  '\u034f',
  '\u{e0061}',
  '<em>',
  '</em>',
  '<a href="https://example.org/">',
];
const blanks = [' ', '\u00a0', '\n', '\t', '  ', '-', '. ', '\u3000', ' &amp; ', '_'];

/** One letter in disguise. */
const disguised = (letter: string) =>
  fc.constantFrom(letter, letter.toLowerCase(), letter.toUpperCase(), ...(lookAlikes[letter.toLowerCase()] ?? []));
const between = fc.constantFrom(...unseen, ...Array<string>(30).fill(''));
const written = (word: string) =>
  fc
    .tuple(...Array.from(word, (letter) => fc.tuple(disguised(letter), between).map((both) => both.join(''))))
    .map((all) => all.join(''));
const withBlanks = (words: readonly string[]) =>
  fc
    .tuple(...words.map((word) => fc.tuple(written(word), fc.constantFrom(...blanks)).map((both) => both.join(''))))
    .map((all) => all.join(''));
const around = fc.constantFrom('', 'He named ', '“', '(', 'by', '1 ');
const behind = fc.constantFrom('', '’s house', "'s", ' said', '.', '”', ' 5');

test('a name is found however it is disguised, in either order, with and without its middle names, by initials', () => {
  const ways = [
    ['Mira', 'Anna', 'Tollander'],
    ['Tollander', 'Mira', 'Anna'],
    ['Mira', 'Tollander'],
    ['Mira', 'A', 'Tollander'],
    ['M', 'A', 'Tollander'],
    ['M', 'Tollander'],
    ['Tollander', 'M'],
  ];
  fc.assert(
    fc.property(around, fc.constantFrom(...ways).chain(withBlanks), behind, (before, name, after) => {
      const blank = before.endsWith('y') ? ' ' : '';
      expect([name, ...whose(`${before}${blank}${name}${after}`, true)]).toEqual([name, 'mira']);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['written as one word', 'MiraTollander, mira-tollander@example.org, @mira_tollander', 'mira'],
  ['letter by letter', 'M i r a T o l l a n d e r', 'mira'],
  ['in capitals of other letters', 'ТАРАС  ШЕВЧЕНКО', 'mira'],
  ['as a possessive', 'M.A. Tollander’s and Mira Tollanders', 'mira'],
  ['as a possessive without its apostrophe', 'Mira Tollanders house', 'mira'],
  ['across tags', 'Mi<em>ra</em> Toll<strong>ander</strong>', 'mira'],
  ['without its accents', 'INES O BRIAIN', 'ines'],
  ['with points that are not written', 'مُحَمَّد خان', 'ines'],
  ['with a hyphen less', 'Al Sayed Ng; A. S. Ng', 'ali'],
  ['as two short words', 'Bo Lee', 'bo'],
])('a name is found %s', (_how, text, of) => {
  expect(whose(text, true)).toEqual([of]);
});

test.each([
  'Miranda Tollander',
  'Mirna Tollanderson',
  'boleero',
  'Lee',
  'Shevchenko',
  'Ali Said NGO',
  'a miracle',
  'bolee',
])('other words are left alone: %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('where it stands is told in units of the text as it is', () => {
  const text = 'So <em>Mi\u200bra</em> Tollander’s &amp; she';
  expect(found(text, true).map(([of, part]) => [of, part])).toEqual([['mira', 'Mi\u200bra</em> Tollander']]);
});

test('words of a name alone count where they were asked for; who was taken out is not found', () => {
  const own = new Names(9);
  own.add('mira', ['Mira Tollander'], true);
  own.add('max', ['Mira Tollander']);
  const all = () => own.find({ text: 'Tollander is Mira Tollander.' }).map(({ of, from, to }) => [of, from, to]);
  expect(all()).toEqual([
    ['mira', 0, 9],
    ['mira', 13, 27],
    ['max', 13, 27],
  ]);
  own.remove('mira');
  expect(all()).toEqual([['max', 13, 27]]);
});

test('no text, however odd, takes it out of step', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, html) => {
      for (const { from, to } of names.find({ text: `${text} Mira Tollander`, html }))
        expect(from < to && to <= text.length + 15).toBe(true);
    }),
    { numRuns: 300 },
  );
});
