import { expect, test } from '@jest/globals';
import { block, content } from '../samples.ts';
import { bodyOf, headOf, plainPage, publishedIn, spokenDate } from './plain-page.ts';

test.each([
  ['2011-07-15', 'July 15th, 2011'],
  ['2026-01-01', 'January 1st, 2026'],
  ['2026-02-02', 'February 2nd, 2026'],
  ['2026-03-03', 'March 3rd, 2026'],
  ['2026-05-11', 'May 11th, 2026'],
  ['2026-06-12', 'June 12th, 2026'],
  ['2026-08-13', 'August 13th, 2026'],
  ['2026-10-21', 'October 21st, 2026'],
  ['2026-11-22', 'November 22nd, 2026'],
  ['2026-12-31', 'December 31st, 2026'],
])('%s is read out as %s', (date, spoken) => {
  expect(spokenDate(date)).toBe(spoken);
});

test('a block is a line, an item of a list is a line, tags and entities are gone', () => {
  const text = content({
    blocks: [
      block('a', 'Salt &amp; <em>pepper</em>,\n  &lt;ground&gt; &quot;fine&quot;'),
      block('b', 'Who said so?', 'subheading'),
      block('c', 'one\ntwo &amp; a half\n\nthree', 'list'),
      block('d', '“<a href="https://example.org/?a=1&amp;b=2">قصہ مختصر</a>” 🌉', 'quote'),
    ],
  });
  expect(bodyOf(text).split('\n')).toEqual([
    'Salt & pepper, <ground> "fine"',
    'Who said so?',
    ...['one', 'two & a half', 'three'],
    '“قصہ مختصر” 🌉',
  ]);
});

test('of an image there is what is printed below it', () => {
  const image = { href: 'https://pictures.example/1.jpg', alt: 'Cars', credit: 'R. Porter', rights: 'Once.' };
  const of = (html: string, credit: string) => ({ ...block('i', html, 'image'), image: { ...image, credit } });
  const blocks = [of('Cars\n <em>cross</em>.', 'R. Porter'), of('', 'R. Porter'), of('Cars.', ''), of('', '')];
  expect(bodyOf(content({ blocks })).split('\n')).toEqual(['Cars cross. (R. Porter)', '(R. Porter)', 'Cars.']);
});

test('the head has what there is', () => {
  expect(headOf(content({ standfirst: 'At last', byline: ['A', 'B'], dateline: 'CITY' }))).toBe(
    'Bridge opens\nAt last\nA\nB\nCITY',
  );
  expect(headOf(content({ byline: [] }))).toBe('Bridge opens');
});

test('the page ends with the house rule and what readers said, a line each', () => {
  const page = {
    head: 'H\nB',
    body: 'Text.',
    publishedIn: publishedIn({ paper: 'The Daily', date: '2026-03-01' }),
    corrections: [],
  };
  expect(plainPage({ ...page, comments: [] })).toBe(
    `H\nB\nText.\nPublished in The Daily, March 1st, 2026.\nCOMMENTS (0)\n${rule}`,
  );
  const corrections = [
    { class: 'CORRECTED', number: 1, note: 'It was\nshut.' },
    { class: 'REFILE', number: 1, note: 'A name was misspelt.' },
  ];
  expect(plainPage({ ...page, corrections, comments: ['First!', 'Two\nlines'] })).toBe(
    `H\nB\nText.\nPublished in The Daily, March 1st, 2026.\nCorrection 1: It was shut.\nAmended: A name was misspelt.\nCOMMENTS (2)\n${rule}First!\nTwo lines\n`,
  );
});

const rule =
  'Comments are moderated and generally will be posted if they are on-topic and not abusive.\nFor more information, please see our Comments FAQ\n';
