import { expect, test } from '@jest/globals';
import type { Block, Content } from './content.ts';
import { blockDifferences, fieldDifferences } from './difference.ts';

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
  expect(changes([a, b, c], [c, a, b])).toEqual(['c moved']);
  expect(changes([a, b], [block('b', 'Zwei'), c])).toEqual(['b changed', 'c added', 'a removed']);
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
