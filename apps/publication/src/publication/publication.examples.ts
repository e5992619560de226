import { type Content, encodePosition } from '#contracts';

/** One story, as the examples of publication's API tell it. */
export const id = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
export const correctionId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b06';
export const content: Content = {
  ...{ slugline: 'bridge-reopens', headline: 'Harbour bridge reopens', standfirst: '', byline: ['Rana Iqbal'] },
  ...{ dateline: 'HARBOUR', section: 'city', language: 'en', urgency: 4, keywords: ['bridge', 'traffic'] },
  blocks: [
    { id: 'p1', kind: 'paragraph', html: 'The harbour bridge is open again.', attributions: [] },
    {
      ...{ id: 'p2', kind: 'quote', html: '“It took us <em>nine</em> years,” the minister said.' },
      attributions: [{ speaker: 'the minister of works', kind: 'person', terms: 'on-record' }],
    },
    {
      ...{ id: 'i1', kind: 'image', html: 'Cars cross the bridge.', attributions: [] },
      image: {
        ...{ href: 'https://pictures.example/harbour-bridge.jpg', alt: 'A row of cars on a bridge over the harbour' },
        ...{ credit: 'Rana Iqbal', rights: 'Ours, for any use.', width: 1600, height: 900 },
      },
    },
  ],
};
/** With its second block as it should have been. */
export const corrected: Content = {
  ...content,
  blocks: content.blocks.map((block) => ({ ...block, html: block.html.replace('nine', 'ten') })),
};
const edition = { paper: 'The Harbour Post', date: '2026-03-01' };

export const takeVersion = { version: 2 };
export const publish = { version: 2, edition };
export const schedule = { version: 2, at: '2096-03-01T06:00', zone: 'Asia/Karachi', late: 'ask' };
export const correct = { correctionId, note: 'It took ten years, not nine.' };
/** A version that was approved since, with a name as it is spelt. */
export const refile = { version: 3, note: 'The name of the bridge was misspelt.' };
export const update = { version: 4, nothingWasWrong: true };
export const repeat = { item: 2 };
export const reason = { reason: 'The rights to the quotation are in dispute.' };

const firstAt = '2026-03-01T06:00:00.000000Z';
const at = '2026-03-01T08:30:00.000000Z';
export const view = {
  ...{ id, state: 'published', desk: 'city', kind: 'story' },
  out: { version: 2, content: corrected, path: '/city/harbour-bridge-reopens-3f6e2d7a1b05', edition, firstAt },
  corrections: [{ class: 'CORRECTED', number: 1, note: correct.note, at }],
  ...{ updates: 0, repeats: 0 },
  ...{ ready: [], stops: 0, item: 2 },
};
export const actions = {
  actions: [
    { command: 'repeat', by: ['duty-editor'] },
    { command: 'hold', by: ['legal', 'duty-editor'] },
    { command: 'unpublish', by: ['duty-editor'] },
    { command: 'ask-kill', by: ['editor', 'legal', 'duty-editor', 'chief'] },
  ],
  knows: {
    drafting: encodePosition({
      ...{ service: 'drafting', logId: '01890f3c-5a10-7b21-9c44-3f6e2d7a1b00' },
      ...{ shard: 0, position: 42n },
    }),
  },
};
