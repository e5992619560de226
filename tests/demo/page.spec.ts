import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { blocksOf } from '../../infra/demo/blocks.ts';
import { houseRule, limits, type Page, PageError, readPage, writePage } from '../../infra/demo/page.ts';

const page: Page = { body: ['It is open.'], paper: 'The Daily', date: '2011-07-15', comments: ['At last.', 'Good.'] };
const good = [
  'It is open.',
  'Published in The Daily, July 15th, 2011.',
  'COMMENTS (2)',
  ...houseRule,
  'At last.',
  'Good.',
];
const read = (lines: readonly string[]) => readPage(Buffer.from(lines.join('\n')));
/** The good page with some lines changed, by their numbers; undefined takes one out. */
const changed = (changes: Record<number, string | undefined>) =>
  good.flatMap((line, index) => (index + 1 in changes ? (changes[index + 1]?.split('\n') ?? []) : [line]));
const refusal = (of: Uint8Array | readonly string[]): string => {
  try {
    readPage(of instanceof Uint8Array ? of : Buffer.from(of.join('\n')));
  } catch (error) {
    if (error instanceof PageError) return error.message;
    throw error;
  }
  return 'it is a page';
};

test('a page is its body, paper, date and comments', () => {
  expect(read(good)).toEqual(page);
  expect(writePage(page)).toBe(good.join('\n'));
  expect(read([...good.slice(0, 2), 'COMMENTS (0)', ...houseRule]).comments).toEqual([]);
});

test('how lines end, whether the last one does, and a byte order mark are no part of it', () => {
  for (const text of [good.join('\r\n'), `${good.join('\n')}\n`, `\u{FEFF}${good.join('\r\n')}\r\n`]) {
    expect(readPage(Buffer.from(text))).toEqual(page);
  }
});

test('lines of the body and comments may look like lines of the foot', () => {
  const body = ['COMMENTS (3)', 'Published in 1912, it was soon forgotten.', 'Published in The Daily, July 1st, 2011.'];
  const comments = ['COMMENTS (2)', 'Published in The Daily, July 15th, 2011.', ...houseRule];
  const tricky = { ...page, body, comments, paper: 'Published in Paris, London, May 1st, 1900' };
  expect(readPage(Buffer.from(writePage(tricky)))).toEqual(tricky);
});

test.each([
  ['an empty file', [''], 'line 1: the file is empty.'],
  ['no foot at all', ['It is open.', 'Really.'], 'line 3: the page ends without the line Published in PAPER'],
  ['no Published line', changed({ 2: undefined }), 'line 2: above it must be a line like this: Published in PAPER'],
  ['no count', changed({ 3: undefined }), 'line 3: here must be COMMENTS (n)'],
  ['a count in words', changed({ 3: 'COMMENTS (two)' }), 'line 3: here must be COMMENTS (n)'],
  ['no body', changed({ 1: undefined }), 'line 1: the page has no body'],
  ['too few comments', changed({ 7: undefined }), 'line 3: it says COMMENTS (2), but one line follows the house rule.'],
  ['too many comments', [...good, 'Me too.'], 'line 3: it says COMMENTS (2), but 3 lines follow the house rule.'],
  ['no house rule', changed({ 4: undefined, 5: undefined }), `line 4: here the house rule must say: ${houseRule[0]}`],
  ['half a house rule', changed({ 5: undefined }), `line 5: here the house rule must say: ${houseRule[1]}`],
  ['a house rule cut off', good.slice(0, 4), `line 5: here the house rule must say: ${houseRule[1]}`],
  ['an empty line in the body', changed({ 1: 'It is open.\n\nYes.' }), 'line 2: it is empty'],
  ['a comment of blanks', changed({ 6: ' \u00a0' }), 'line 6: it is empty'],
  ['two line feeds at the end', [...good, '', ''], 'line 8: it is empty'],
  ['a control character', changed({ 6: 'Ding\u0007' }), 'line 6: it has the control character U+0007.'],
  ['a carriage return inside a line', changed({ 6: 'At\rlast' }), 'line 6: it has the control character U+000D.'],
  ['a paper without a date', changed({ 2: 'Published in The Daily.' }), 'line 2: it must be like this: Published in'],
  ['a date of no such form', changed({ 2: 'Published in A, 15 July 2011.' }), "line 2: '15 July 2011' is no date"],
  ['a month that is none', changed({ 2: 'Published in A, Juli 15th, 2011.' }), "line 2: 'Juli' is no month."],
  ['a wrong ordinal', changed({ 2: 'Published in A, May 11st, 2011.' }), 'line 2: it is 11th, not 11st.'],
  ['a day without ordinal', changed({ 2: 'Published in A, May 1, 2011.' }), 'line 2: it is 1st, not 1.'],
  ['a leading zero', changed({ 2: 'Published in A, May 01st, 2011.' }), 'line 2: it is 1st, not 01st.'],
  [
    'a day that never was',
    changed({ 2: 'Published in A, February 29th, 2011.' }),
    'line 2: February 2011 has no day 29.',
  ],
  ['a day zero', changed({ 2: 'Published in A, May 0th, 2011.' }), 'line 2: May 2011 has no day 0.'],
  [
    'too long a paper',
    changed({ 2: `Published in ${'A'.repeat(201)}, May 1st, 2011.` }),
    'line 2: it is too long: 201',
  ],
  [
    'too long a line',
    changed({ 1: '&'.repeat(4001) }),
    'line 1: it is too long: 20005 characters, where 20000 may be.',
  ],
  ['too long a comment', changed({ 7: '🙂'.repeat(limits.comment + 1) }), 'line 7: it is too long'],
  ['too many lines', [...Array<string>(1000).fill('Again.'), ...good], 'line 1001: the body is too long'],
  ['too many bytes', [...Array<string>(90).fill('a'.repeat(9000)), ...good], 'line 89: the body is too long'],
])('%s is refused', (_what, lines, message) => {
  expect(refusal(lines)).toContain(message);
});

test('bytes that are no UTF-8 are refused, by line', () => {
  const bytes = Buffer.from(good.join('\n'));
  bytes[bytes.indexOf('At last')] = 0xc3;
  expect(refusal(bytes)).toBe('line 6: it is not UTF-8.');
});

test('ordinals of a whole month, and the leap day', () => {
  const days = Array.from({ length: 31 }, (_, index) => `2024-01-${String(index + 1).padStart(2, '0')}`);
  const written = days.map((date) => writePage({ ...page, date }).split('\n')[1]);
  expect(written.map((line) => line?.replace(/.*January (\w+),.*/, '$1')).join(' ')).toBe(
    '1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th ' +
      '21st 22nd 23rd 24th 25th 26th 27th 28th 29th 30th 31st',
  );
  expect(read(changed({ 2: 'Published in A, February 29th, 2024.' })).date).toBe('2024-02-29');
});

test('what a line is: guessed by its look, from first to last', () => {
  const body = [
    'The bridge is open.',
    'What it took',
    '“It is open,” said a city official on condition of anonymity.',
    '"We are glad," said a statement issued by the mayor after the meeting.',
    '“At last,” said Jane Doe, a commuter.',
    '「開通した」と市は話す。',
    'Who pays?',
    'Toll & tax <from May>',
  ];
  expect(blocksOf(body).map(({ kind }) => kind)).toEqual([
    ...['paragraph', 'subheading', 'quote', 'quote', 'quote', 'quote', 'paragraph'],
    // Nothing stands below it.
    'paragraph',
  ]);
  expect(blocksOf(body).flatMap(({ attributions }) => attributions)).toEqual([
    { speaker: 'a city official', kind: 'person', terms: 'anonymous' },
    { speaker: 'a statement issued by the mayor', kind: 'statement', terms: 'on-record' },
    { speaker: 'Jane Doe', kind: 'person', terms: 'on-record' },
  ]);
  expect(blocksOf(body).at(-1)).toMatchObject({ id: 'line-8', html: 'Toll &amp; tax &lt;from May&gt;' });
});

test('a text of quotes alone still has paragraphs', () => {
  expect(blocksOf(['“One.”', '“Two.”']).map(({ kind }) => kind)).toEqual(['paragraph', 'paragraph']);
});

test('the pages that come with Stet are pages', () => {
  const pages = globSync('infra/demo/pages/*.txt').map((file) => readPage(readFileSync(file)));
  expect(pages.map(({ comments }) => comments.length).sort()).toEqual([0, 4, 5]);
});
