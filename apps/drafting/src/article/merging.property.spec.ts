import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block, Content } from '#contracts';
import { byId, merge, same, sameText } from './merging.ts';
import { content, paragraph } from './samples.ts';

const block = fc
  .record({ id: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor'), html: fc.constantFrom('1', '2', '3') })
  .map(({ id, html }) => paragraph(id, html));
const credited = fc
  .tuple(block, fc.constantFrom('A', 'B'))
  .map(([text, credit]): Block => ({ ...text, kind: 'image', image: { asset: '1', alt: '', credit, rights: '' } }));
const text = fc
  .record({
    headline: fc.constantFrom('A', 'B', 'C'),
    blocks: fc.uniqueArray(fc.oneof(block, credited), { selector: ({ id }) => id, maxLength: 6 }),
  })
  .map((some): Content => ({ ...content, ...some }));

test('a merge loses nothing: each block reads as ours or theirs, and one that only one side changed reads as that side has it', () => {
  fc.assert(
    fc.property(text, text, text, (ancestor, ours, theirs) => {
      const merged = merge(ancestor, ours, theirs);
      const [was, our, their, now] = [byId(ancestor), byId(ours), byId(theirs), byId(merged.content)];
      expect(now.size).toBe(merged.content.blocks.length);
      for (const id of new Set([...was.keys(), ...our.keys(), ...their.keys()])) {
        const gap = merged.blocks.some(({ block }) => block === id);
        const side = same(was.get(id), their.get(id)) ? our : same(was.get(id), our.get(id)) ? their : undefined;
        expect([id, gap]).toEqual([id, side === undefined && !same(our.get(id), their.get(id))]);
        expect(now.get(id)).toEqual((side ?? our).get(id));
      }
    }),
  );
});

test('what only one side changed, in wording or in order, is what that side made of it', () => {
  fc.assert(
    fc.property(text, text, (ancestor, theirs) => {
      expect(merge(ancestor, ancestor, theirs).content).toEqual(theirs);
      expect(merge(ancestor, theirs, ancestor)).toEqual({ content: theirs, changed: [], blocks: [], fields: [] });
      expect(sameText(merge(ancestor, theirs, theirs).content, theirs)).toBe(true);
      expect(sameText(ancestor, theirs)).toBe(JSON.stringify(ancestor) === JSON.stringify(theirs));
    }),
  );
});
