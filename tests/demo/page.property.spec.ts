import { test } from '@jest/globals';
import fc from 'fast-check';
import { cleanHtml, plainText } from '#contracts';
import { blocksOf } from '../../infra/demo/blocks.ts';
import { houseRule, type Page, readPage, writePage } from '../../infra/demo/page.ts';

const isLine = (text: string) =>
  text.trim() !== '' && !/(?!\t)[\p{Cc}\p{Cs}]/u.test(text) && !text.startsWith('\u{FEFF}');
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const telling = fc.constantFrom(
  ...[
    '“برسوں بعد،” اہلکار نے کہا۔',
    '「再開した」',
    'Ἡ πόλις 👩🏽‍🚒',
    'a < b && c > d',
    '&amp;lt;<b>“x”</b>',
    "it's",
    '\u00a0x\t',
  ],
  ...['COMMENTS (3)', 'Published in X, May 1st, 2011.', ...houseRule, '<script>alert(1)</script>', '\u200fשלום\u200e'],
);
const line = fc.oneof(anyText.filter(isLine), telling);
/** Only the foot of a page has these two below each other. */
const hasNoFoot = (body: readonly string[]) =>
  !body.some((text, index) => text.startsWith('COMMENTS') && body[index - 1]?.startsWith('Published in '));
const body = fc.array(line, { minLength: 1, maxLength: 12 }).filter(hasNoFoot);
const page: fc.Arbitrary<Page> = fc.record({
  body,
  paper: line.filter((text) => !text.includes('\t')),
  date: fc
    .date({ min: new Date('1605-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  comments: fc.oneof(fc.array(line, { maxLength: 8 }), fc.array(line, { minLength: 500, maxLength: 500 })),
});

test('a page that is written and read is the same page, with LF or CRLF, with or without the last one', () => {
  fc.assert(
    fc.property(page, fc.constantFrom('\n', '\r\n'), fc.boolean(), (original, ending, closed) => {
      const text = writePage(original).replaceAll('\n', ending) + (closed ? ending : '');
      const again = readPage(Buffer.from(text));
      return JSON.stringify(again) === JSON.stringify(original) && writePage(again) === writePage(original);
    }),
  );
});

test('a line of a body survives the cleaning of its HTML, character for character', () => {
  fc.assert(
    fc.property(body, (lines) => {
      const back = blocksOf(lines).map(({ html }) => plainText(cleanHtml(cleanHtml(html))));
      return JSON.stringify(back) === JSON.stringify(lines);
    }),
  );
});
