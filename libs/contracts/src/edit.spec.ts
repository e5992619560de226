import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import type { Block, Content } from './content.ts';
import { Edit, editBetween, edited, editedInTurn } from './edit.ts';
import { spliceBetween } from './splice.ts';

const head: Content = {
  ...{ slugline: 's', headline: 'Bridge opens', standfirst: '', byline: ['A. Smith'], dateline: '', section: 'city' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
const html = fc
  .array(fc.constantFrom('One', ' ', '🌉', '🌊', 'پل', '<em>'), { maxLength: 6 })
  .map((all) => all.join(''));
const ofImage = { href: 'https://pictures.example/1.jpg', alt: '', rights: 'Ours.' };
const image = fc.constantFrom({ ...ofImage, credit: 'A' }, { ...ofImage, credit: 'B', width: 800 });
const written: fc.Arbitrary<Block> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
  kind: fc.constantFrom('paragraph', 'quote'),
  html,
  attributions: fc.constantFrom([], [{ speaker: 'X', kind: 'person' as const, terms: 'on-record' as const }]),
});
const block = fc.oneof(
  written,
  fc.tuple(written, image).map(([text, of]): Block => ({ ...text, kind: 'image', image: of })),
);
const text = fc
  .record({
    headline: fc.constantFrom('A', 'B'),
    keywords: fc.subarray(['k', 'l']),
    blocks: fc.uniqueArray(block, { selector: ({ id }) => id }),
  })
  .map((some): Content => ({ ...head, ...some }));

test('an edit makes of the first text the second, whatever they are, and is as its contract has it', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = editBetween(before, after);
      expect(edited(before, edit)).toEqual(after);
      expect([...Value.Errors(Edit, edit)]).toEqual([]);
      expect(JSON.stringify(edit).isWellFormed()).toBe(true);
    }),
  );
});

test('edits that are put on together make what they make one after the other, and are left as they are', () => {
  const first = (change: (block: Block) => Block) => (text: Content) => ({
    ...text,
    blocks: text.blocks.map((one, at) => (at === 0 ? change(one) : one)),
  });
  const some = <T>(values: fc.Arbitrary<T>, save: (value: T) => (text: Content) => Content) => values.map(save);
  const save = fc.oneof(
    some(text, (after) => () => after),
    some(html, (words) => first((one) => ({ ...one, html: one.html + words }))),
    some(fc.constantFrom('quote', 'paragraph'), (kind) => first((one) => ({ ...one, kind }))),
    some(fc.constantFrom('A', 'B'), (headline) => (before) => ({ ...before, headline })),
    some(fc.subarray(['k', 'l']), (keywords) => (before) => ({ ...before, keywords })),
    some(fc.nat(5), (at) => (before) => ({ ...before, blocks: before.blocks.toSpliced(at, 1) })),
    some(fc.nat(5), (at) => (before) => ({
      ...before,
      blocks: [...before.blocks.slice(at), ...before.blocks.slice(0, at)],
    })),
  );
  fc.assert(
    fc.property(text, fc.array(save, { maxLength: 8 }), (begun, saves) => {
      let stands = begun;
      const edits = saves.map((after) => {
        const before = stands;
        stands = after(before);
        return editBetween(before, stands);
      });
      const told = structuredClone(edits);
      expect(editedInTurn(begun, edits)).toEqual(stands);
      expect(edits).toEqual(told);
    }),
    { numRuns: 500 },
  );
});

test('texts that are the same differ by an empty edit, and what an edit leaves alone is kept as it is', () => {
  const blocks: Block[] = ['a', 'b'].map((id) => ({ id, kind: 'paragraph', html: `It is ${id}.`, attributions: [] }));
  const content = { ...head, blocks };
  expect(editBetween(content, { ...content, blocks: [...blocks] })).toEqual({});
  const edit = { splices: [{ block: 'b', at: 3, cut: 1, text: 'wa' }] };
  const after = edited(content, edit);
  expect(after.blocks[0]).toBe(blocks[0]);
  expect(after.blocks[1]?.html).toBe('It was b.');
  expect(editBetween(content, after)).toEqual(edit);
});

test('of a long text that somebody moves one block in, the edit names that block alone', () => {
  const blocks: Block[] = Array.from({ length: 100 }, (_, at) => ({
    ...{ id: `b${at}`, kind: 'paragraph', html: 'Words.', attributions: [] },
  }));
  const [first, ...others] = blocks;
  if (!first) throw new Error('no block');
  const moved = { ...head, blocks: [...others.slice(0, 50), first, ...others.slice(50)] };
  expect(editBetween({ ...head, blocks }, moved)).toEqual({ place: [{ block: 'b0', after: 'b50' }] });
});

test('the halves of a character are never parted', () => {
  expect(spliceBetween('a🌉b', 'a🌊b')).toEqual({ at: 1, cut: 2, text: '🌊' });
  // These share their second half.
  expect(spliceBetween('\u{1F309}', '\u{1F709}')).toEqual({ at: 0, cut: 2, text: '\u{1F709}' });
});
