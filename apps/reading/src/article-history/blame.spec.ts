import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Content, plainText } from '#contracts';
import { block, content, reporter } from '../samples.ts';
import { blameOf, type Corrections, type Since } from './blame.ts';
import type { Standing } from './texts.ts';

const text = (...html: string[]) => content({ blocks: html.map((words, at) => block(`p${at + 1}`, words)) });
const stood = (version: number, content: Content, saves = true): Standing => ({
  ...{ position: '1', version, saves, at: '2026-03-01T10:00:00.000000Z', by: reporter, content, correction: null },
});
const sign = ({ version, corrected }: Since) => (corrected === undefined ? version : `${version}.${corrected}`);
const blame = (texts: readonly Standing[], corrections?: Corrections) =>
  blameOf(texts, corrections).map(({ block: { id }, words, ...since }) => [
    ...[id, sign(since)],
    words.map((run) => `${sign(run)}:${run.text}`),
  ]);
const told = (...texts: Standing[]) => blame(texts);

test('each word stands since the version that brought it, each block since it reads as it does', () => {
  expect(
    told(
      stood(1, text('It is open.', 'At last.')),
      stood(2, text('It is wide open.', 'At last.')),
      stood(3, text('Now it is wide open.', 'At last.')),
    ),
  ).toEqual([
    ['p1', 3, ['3:Now it ', '1:is ', '2:wide ', '1:open.']],
    ['p2', 1, ['1:At last.']],
  ]);
});

test('a block that comes back is its new author’s; one that only moved is not', () => {
  const [one, two] = [block('a', 'One.'), block('b', 'Two.')];
  const of = (...blocks: Content['blocks']) => content({ blocks });
  expect(told(stood(1, of(one, two)), stood(2, of(two)), stood(3, of({ ...two }, { ...one })))).toEqual([
    ['b', 1, ['1:Two.']],
    ['a', 3, ['3:One.']],
  ]);
});

test('a line that goes back to a version has the words of that version from whom they were', () => {
  const [first, given] = [text('It is open.'), text('It is shut.')];
  expect(
    told(stood(1, first), stood(2, given), stood(1, { ...first }, false), stood(3, text('It is open now.'))),
  ).toEqual([['p1', 3, ['1:It is ', '3:open now.']]]);
  const longer = text('It is open now.');
  expect(told(stood(1, first), stood(2, longer), stood(3, given), stood(2, { ...longer }, false))).toEqual([
    ['p1', 2, ['1:It is ', '2:open now.']],
  ]);
  expect(told(stood(1, first), stood(2, given), stood(1, text('It is open.'), false))).toEqual([
    ['p1', 1, ['1:It is open.']],
  ]);
});

test('what a correction brought is of whoever wrote it there, word by word; what it left is as it was', () => {
  const own = (version: number, ...html: string[]): Standing => ({ ...stood(version, text(...html)), correction: 'c' });
  const corrections = new Map([
    [
      'c',
      [own(1, 'It is open.', 'At last.'), own(2, 'It is shut.', 'At last.'), own(3, 'It is now shut.', 'At last.')],
    ],
  ]);
  const merged = { ...stood(3, text('It is now shut.', 'At long last.')), correction: 'c' };
  expect(
    blame(
      [stood(1, text('It is open.', 'At last.')), stood(2, text('It is open.', 'At long last.')), merged],
      corrections,
    ),
  ).toEqual([
    ['p1', '3.3', ['1:It is ', '3.3:now ', '3.2:shut.']],
    ['p2', 2, ['1:At ', '2:long ', '1:last.']],
  ]);
  const later = stood(4, text('It is now shut again.', 'At long last.'));
  expect(blame([stood(1, text('It is open.', 'At last.')), merged, later], corrections)[0]).toEqual([
    ...['p1', 4],
    ['1:It is ', '3.3:now ', '4:shut again.'],
  ]);
});

test('the words of a block are its text, whatever was saved', () => {
  const html = fc.array(fc.constantFrom('One ', 'two ', '<em>three</em> ', 'پل ', '🌉'), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(
        fc.array(
          html.map((all) => all.join('')),
          { maxLength: 3 },
        ),
        { minLength: 1 },
      ),
      (saves) => {
        const texts = saves.map((all, at) => stood(at + 1, text(...all)));
        for (const { block, version, words } of blameOf(texts)) {
          expect(words.map((run) => run.text).join('')).toBe(plainText(block.html));
          expect(words.every((run) => run.version <= version)).toBe(true);
        }
      },
    ),
  );
});
