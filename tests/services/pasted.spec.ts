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

interface Image {
  readonly href?: string;
  readonly alt: string;
  readonly credit: string;
  readonly rights: string;
}
interface Block {
  readonly id: string;
  readonly html: string;
  readonly image?: Image;
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

const picture = (image: object, html = 'Cars cross.') => ({ id: 'i1', kind: 'image', html, image });
const address = 'https://pictures.example/1.jpg';

test('what is said of an image stays plain text to the letter, its caption is cleaned, and it has a safe address', async () => {
  for (const html of hostile) {
    const said = html.replaceAll(/[\n\t]/g, ' ').slice(0, 300);
    const id = await started([
      picture({ href: `${address}?${said.replaceAll(/[\s\\]/g, '')}`, alt: said, credit: said, rights: said }, html),
    ]);
    const { blocks } = await read(id);
    expect(blocks[0]?.html).toMatch(harmless);
    expect(blocks[0]?.image).toMatchObject({ alt: said, credit: said, rights: said });
    expect(blocks[0]?.image?.href).toMatch(/^https:\/\/pictures\.example\/1\.jpg\?[^\s"<>]*$/);
  }
});

test.each<[string, object, string]>([
  ['script', picture({ href: 'javascript:steal()' }), '/blocks/0/image/href not-an-address'],
  ['script in another case', picture({ href: 'JaVaScRiPt:steal()' }), '/blocks/0/image/href not-an-address'],
  ['script behind a space', picture({ href: ' javascript:steal()' }), '/blocks/0/image/href not-an-address'],
  [
    'script that looks like a comment',
    picture({ href: 'javascript://x.example/%0Asteal()' }),
    '/blocks/0/image/href not-an-address',
  ],
  ['the bytes', picture({ href: 'data:image/svg+xml,<svg onload=steal()>' }), '/blocks/0/image/href not-an-address'],
  [
    'what others may change on the way',
    picture({ href: 'http://pictures.example/1.jpg' }),
    '/blocks/0/image/href not-an-address',
  ],
  ['a file', picture({ href: 'file:///etc/passwd' }), '/blocks/0/image/href not-an-address'],
  ['an address without a scheme', picture({ href: '//pictures.example/1.jpg' }), '/blocks/0/image/href not-an-address'],
  [
    'a name and a password',
    picture({ href: 'https://me:secret@pictures.example/' }),
    '/blocks/0/image/href not-an-address',
  ],
  ['a control character', picture({ href: `${address}\u0000` }), '/blocks/0/image/href forbidden-characters'],
  ['a number', picture({ href: 7 }), '/blocks/0/image/href not-text'],
  ['no address and no asset', picture({ credit: 'A' }), '/blocks/0/image/href not-text'],
  ['an address and an asset', picture({ href: address, asset: '7' }), '/blocks/0/image/href one-of-two'],
  ['an asset without a name', picture({ asset: ' ' }), '/blocks/0/image/asset too-short'],
  ['no image at all', { ...picture({}), image: undefined }, '/blocks/0/image not-an-object'],
  ['an image that is a list', picture([]), '/blocks/0/image not-an-object'],
  ['an image on a paragraph', { ...picture({ href: address }), kind: 'paragraph' }, '/blocks/0/image out-of-place'],
  ['a width of nothing', picture({ href: address, width: 0 }), '/blocks/0/image/width not-in-range'],
  ['a credit of two lines', picture({ href: address, credit: 'A\nB' }), '/blocks/0/image/credit forbidden-characters'],
  ['bytes beside the address', picture({ href: address, bytes: 'AA' }), '/blocks/0/image/bytes unknown-field'],
])('an image with %s is refused, and where', async (_what, block, told) => {
  const { status, body } = await drafting.call('reporter', '/articles', { ...story, blocks: [block] });
  const errors = body.errors as { pointer: string; code: string }[];
  expect([status, body.code, ...errors.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
    ...[400, 'invalid-body'],
    told,
  ]);
});

test('an image is saved, changed by one field and merged, and kept by its address or as an asset', async () => {
  const said = { alt: 'Cafe\u0301', credit: 'R. Iqbal', rights: 'Ours.' };
  const kept = { ...said, alt: 'Café' };
  const id = await started([
    paragraph('p1', 'Words.'),
    picture({ href: 'HTTPS://Pictures.example/1.jpg', ...said, width: 800 }),
  ]);
  expect((await read(id)).blocks[1]?.image).toEqual({ href: address, ...kept, width: 800 });
  const asset = { asset: 'urn:newsml:pictures.example:7', ...kept, credit: 'R. Iqbal/Post' };
  expect((await revise(id, 1, { put: [picture(asset)] })).body).toMatchObject({ version: 2 });
  expect((await revise(id, 1, { put: [paragraph('p1', 'Other words.')] })).body).toMatchObject({ version: 3 });
  expect((await read(id)).blocks).toMatchObject([{ html: 'Other words.' }, { html: 'Cars cross.', image: asset }]);
  expect((await revise(id, 3, { put: [picture(asset)] })).body).toMatchObject({ version: 3 });
  const theirs = await revise(id, 1, {
    put: [picture({ href: address, ...said, rights: 'Ours, for ever.', width: 800 })],
  });
  expect(theirs).toMatchObject({ status: 409, body: { code: 'block-conflict' } });
  expect(theirs.body.blocks).toMatchObject([
    { clear: true, proposal: { image: { ...asset, rights: 'Ours, for ever.' } } },
  ]);
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
