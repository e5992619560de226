import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';
import { hostile } from './hostile.ts';

/** What people paste: other people's markup, letters put together in another way, and a great deal of it. */
let drafting: Alone;
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

interface Block {
  readonly id: string;
  readonly html: string;
}
const story = { desk: 'city', kind: 'story', fields: { slugline: 'bridge', headline: 'Bridge opens' } };
const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph', html });
async function started(blocks: readonly object[], fields: object = story.fields): Promise<string> {
  const { status, body } = await drafting.call('reporter', '/articles', { ...story, fields, blocks });
  expect([status, body.code]).toEqual([201, undefined]);
  return String(body.id);
}
const read = async (id: string, who = 'reporter') =>
  (await drafting.call(who, `/articles/${id}`)).body.content as { headline: string; blocks: Block[] };
const revise = (id: string, base: number, change: object, who = 'reporter') =>
  drafting.call(who, `/articles/${id}/revise`, { base, ...change });

/** All that a text may be made of: words, whole entities, and tags of three kinds, one way of writing each. */
const harmless =
  /^(?:[^<>&]|&(?:amp|lt|gt|quot);|<\/?(?:em|strong)>|<\/a>|<a(?: href="(?:https?:|mailto:)(?:[^"<>&]|&(?:amp|lt|gt|quot);)*")?>)*$/i;

describe.each(hostile)('%s', (html) => {
  test('leaves nothing but words, emphasis and links', async () => {
    const id = await started([paragraph('p1', html), paragraph('p2', `Before ${html} after`)]);
    const at = await revise(id, 1, { put: [paragraph('p3', html)] });
    expect(at.status).toBe(200);
    const { blocks } = await read(id);
    expect(blocks).toHaveLength(3);
    for (const block of blocks) expect(block.html).toMatch(harmless);
    expect(blocks[1]?.html).toMatch(/^Before /);
  });
});

test('a character is the same one however it was put together', async () => {
  const id = await started([paragraph('p1', 'Cafe\u0301 und A\u030Angstro\u0308m')], {
    ...story.fields,
    headline: 'Cafe\u0301',
    keywords: ['cafe\u0301'],
  });
  const content = await read(id);
  expect(content).toMatchObject({ headline: 'Café', keywords: ['café'], blocks: [{ html: 'Café und Ångström' }] });
  // Typed by somebody whose keyboard does it in the other way, it is no change.
  const again = await revise(id, 1, { put: [paragraph('p1', 'Café und Ångström')] });
  expect(again.body).toMatchObject({ version: 1 });
});

test('five thousand blocks are taken, moved and saved in; one more is refused', async () => {
  const ids = Array.from({ length: 5000 }, (_, at) => `b${at}`);
  const blocks = ids.map((id) => paragraph(id, 'Words.'));
  const id = await started(blocks);
  const order = ids.toReversed();
  expect((await revise(id, 1, { order, put: [paragraph('b7', 'Other words.')] })).body).toMatchObject({ version: 2 });
  // Of somebody who has not seen them move.
  expect((await revise(id, 1, { put: [paragraph('b8', 'Theirs.')] })).body).toMatchObject({ version: 3 });
  const { blocks: now } = await read(id);
  expect(now.map((block) => block.id)).toEqual(order);
  expect([now.at(-8)?.html, now.at(-9)?.html]).toEqual(['Other words.', 'Theirs.']);
  const more = await revise(id, 3, { put: [paragraph('more', 'Words.')] });
  expect(more).toMatchObject({ status: 422, body: { code: 'blocks-invalid' } });
});

test('200 kB pasted into one block are saved, and compared where somebody else wrote there', async () => {
  const pasted = Array.from({ length: 33_000 }, (_, at) => `word${at % 97}`).join(' ');
  expect(pasted.length).toBeGreaterThan(200_000);
  const id = await started([paragraph('p1', 'Short.'), paragraph('p2', 'Stays.')]);
  expect((await revise(id, 1, { put: [paragraph('p1', pasted)] })).body).toMatchObject({ version: 2 });
  const theirs = await revise(id, 1, { put: [paragraph('p1', `${pasted.slice(9)} more`)] });
  expect(theirs).toMatchObject({ status: 409, body: { code: 'block-conflict' } });
  const [gap] = theirs.body.blocks as { current: Block; yours: Block; ancestor: Block; proposal: Block }[];
  expect([gap?.current.html, gap?.yours.html, gap?.ancestor.html]).toEqual([
    ...[pasted, `${pasted.slice(9)} more`, 'Short.'],
  ]);
  expect(gap?.proposal.html).toContain(pasted);
  expect((await read(id)).blocks.map(({ html }) => html)).toEqual([pasted, 'Stays.']);
});
