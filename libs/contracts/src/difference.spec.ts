import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block, Content } from './content.ts';
import { blockDifferences, fieldDifferences } from './difference.ts';
import { plainText } from './markup.ts';

const block = (id: string, html: string): Block => ({ id, kind: 'paragraph', html, attributions: [] });
const [a, b, c] = [block('a', 'One bridge'), block('b', 'Two'), block('c', 'Three')];
const changes = (before: Block[], after: Block[]) =>
  blockDifferences(before, after).map(({ block: id, change }) => `${id} ${change}`);

test('texts that are the same do not differ', () => {
  expect(blockDifferences([a, b], [{ ...a }, b])).toEqual([]);
});

test('a changed block tells word by word what went and what came', () => {
  expect(blockDifferences([a, b], [block('a', 'One <em>new</em> bridge'), b])).toEqual([
    {
      block: 'a',
      change: 'changed',
      words: [
        { kind: 'same', text: 'One ' },
        { kind: 'added', text: 'new ' },
        { kind: 'same', text: 'bridge' },
      ],
    },
  ]);
});

test('added, removed and moved blocks are told apart, with their words', () => {
  expect(blockDifferences([a], [a, b])).toEqual([
    { block: 'b', change: 'added', words: [{ kind: 'added', text: 'Two' }] },
  ]);
  expect(blockDifferences([a, b], [b])).toEqual([
    { block: 'a', change: 'removed', words: [{ kind: 'removed', text: 'One bridge' }] },
  ]);
  expect(blockDifferences([a, b, c], [c, a, b])).toEqual([
    { block: 'c', change: 'moved', moved: { from: 3, to: 1 }, words: [{ kind: 'same', text: 'Three' }] },
  ]);
  expect(changes([a, b], [block('b', 'Zwei'), c])).toEqual(['b changed', 'c added', 'a removed']);
});

test('a block that is moved and edited at once tells where it went and what it says otherwise', () => {
  expect(blockDifferences([a, b, c], [block('c', 'Three bridges'), a, b])).toEqual([
    {
      ...{ block: 'c', change: 'changed', moved: { from: 3, to: 1 } },
      words: [
        { kind: 'same', text: 'Three' },
        { kind: 'added', text: ' bridges' },
      ],
    },
  ]);
  // What others came before or went from has not moved.
  const among = blockDifferences([a, b, c], [block('d', 'Four'), b, block('c', 'Three.')]);
  expect(among.map(({ block: id, change, moved }) => [id, change, moved])).toEqual([
    ['d', 'added', undefined],
    ['c', 'changed', undefined],
    ['a', 'removed', undefined],
  ]);
});

test('of an image it is told what is said of it otherwise, besides its caption', () => {
  const of = { href: 'https://pictures.example/1.jpg', alt: 'A bridge', credit: 'A. Smith', rights: 'Once.' };
  const image: Block = { ...block('i', 'Cars cross.'), kind: 'image', image: of };
  const recredited: Block = { ...image, image: { ...of, credit: 'A. Jones', width: 800 } };
  expect(blockDifferences([image], [{ ...image, image: { ...of } }])).toEqual([]);
  expect(blockDifferences([image], [recredited])).toEqual([
    {
      ...{ block: 'i', change: 'changed', words: [{ kind: 'same', text: 'Cars cross.' }] },
      image: [
        {
          field: 'credit',
          words: [
            { kind: 'same', text: 'A. ' },
            { kind: 'removed', text: 'Smith' },
            { kind: 'added', text: 'Jones' },
          ],
        },
        { field: 'width', words: [{ kind: 'added', text: '800' }] },
      ],
    },
  ]);
  const fieldsOf = (before: Block[], after: Block[]) =>
    blockDifferences(before, after).map(({ change, image: fields = [] }) => [
      change,
      ...fields.map(({ field }) => field),
    ]);
  expect(fieldsOf([], [image])).toEqual([['added', 'href', 'alt', 'credit', 'rights']]);
  expect(fieldsOf([image], [])).toEqual([['removed', 'href', 'alt', 'credit', 'rights']]);
  expect(fieldsOf([image, a], [a, image])).toEqual([['moved']]);
});

test('markup alone changes the block and none of its words', () => {
  const [only] = blockDifferences([a], [block('a', 'One <strong>bridge</strong>')]);
  expect(only).toEqual({ block: 'a', change: 'changed', words: [{ kind: 'same', text: 'One bridge' }] });
});

test('words of other scripts and emoji are not torn apart', () => {
  const [only] = blockDifferences([block('a', 'پل کھلا 🌉 ہے')], [block('a', 'پل بند 🌉 ہے')]);
  const text = (kind: string) =>
    only?.words
      .filter((word) => word.kind !== kind)
      .map((word) => word.text)
      .join('');
  expect(text('added')).toBe('پل کھلا 🌉 ہے');
  expect(text('removed')).toBe('پل بند 🌉 ہے');
  expect(only?.words.every((word) => word.text.isWellFormed())).toBe(true);
});

test('of the head, fields that stayed are left out; lists are compared as they are printed', () => {
  const head: Content = {
    ...{ slugline: 's', headline: 'Bridge opens', standfirst: '', byline: ['A. Smith', 'B. Jones'], dateline: '' },
    ...{ section: 'city', language: 'en', urgency: 4, keywords: [], blocks: [a] },
  };
  expect(fieldDifferences(head, { ...head, blocks: [b] })).toEqual([]);
  expect(fieldDifferences(head, { ...head, urgency: 1, byline: ['A. Smith', 'B. Johns'] })).toEqual([
    {
      field: 'byline',
      words: [
        { kind: 'same', text: 'A. Smith, B. ' },
        { kind: 'removed', text: 'Jones' },
        { kind: 'added', text: 'Johns' },
      ],
    },
    {
      field: 'urgency',
      words: [
        { kind: 'removed', text: '4' },
        { kind: 'added', text: '1' },
      ],
    },
  ]);
});

test('the words add up to both texts, whatever they are', () => {
  const words = fc.array(fc.constantFrom('One', ' ', '.', '<em>two</em>', '&amp;', '🌉', 'پل', '\n'), {
    maxLength: 12,
  });
  const ids = fc.constantFrom('a', 'b', 'c', '__proto__');
  const one = fc.record({ id: ids, html: words.map((list) => list.join('')) });
  const texts = fc
    .uniqueArray(one, { selector: ({ id }) => id })
    .map((list) => list.map(({ id, html }) => block(id, html)));
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const [old, now] = [new Map(before.map((x) => [x.id, x])), new Map(after.map((x) => [x.id, x]))];
      const found = blockDifferences(before, after);
      for (const { block: id, change, moved, words: parts } of found) {
        const places = { from: before.findIndex((x) => x.id === id) + 1, to: after.findIndex((x) => x.id === id) + 1 };
        if (moved) expect(moved).toEqual(places);
        expect(change === 'moved' ? moved : change).toBeDefined();
        const without = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map(({ text }) => text)
            .join('');
        expect(without('added')).toBe(plainText(old.get(id)?.html ?? ''));
        expect(without('removed')).toBe(plainText(now.get(id)?.html ?? ''));
      }
      const told = new Set(found.map(({ block: id }) => id));
      for (const id of [...old.keys(), ...now.keys()].filter((name) => !told.has(name)))
        expect(now.get(id)).toEqual(old.get(id));
      expect(told.size).toBe(found.length);
    }),
  );
});

test('a long block that is new from end to end is told as such, without comparing for minutes', () => {
  const long = (word: string) => Array.from({ length: 2000 }, (_, at) => word + String(at)).join(' ');
  const [only] = blockDifferences([block('a', long('old'))], [block('a', long('new'))]);
  expect(only?.words).toEqual([
    { kind: 'removed', text: long('old') },
    { kind: 'added', text: long('new') },
  ]);
  const ids = Array.from({ length: 200 }, (_, at) => `b${String(at)}`);
  const all = (word: string) => ids.map((id) => block(id, long(word).slice(0, 1000)));
  expect(
    blockDifferences(all('old'), all('new').toReversed()).filter(({ change }) => change === 'changed'),
  ).toHaveLength(200);
});
