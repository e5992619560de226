import { start } from '../article/article.examples.ts';

/** A template, as the examples of drafting's API tell of it. */
const fields = { slugline: 'harbour-traffic', headline: 'Traffic at the harbour', byline: ['City desk'] };
const block = { id: 'p1', kind: 'paragraph', html: 'The bridge is open today.' };

export const change = { name: 'Harbour traffic', kind: 'story', fields, blocks: [block] };
export const create = { ...change, desk: 'city' };
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
export const schedule = { days, time: '06:00', zone: 'Asia/Karachi' };

const by = { id: 'edna', name: 'Edna Ellis' };
export const view = {
  ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b08', state: 'kept', desk: 'city', name: change.name, kind: 'story' },
  content: { standfirst: '', ...start.fields, ...fields, blocks: [{ ...block, attributions: [] }] },
  schedule: { ...schedule, next: '2026-03-02T01:00:00.000000Z', by },
  uses: [
    {
      ...{ articleId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05', at: '2026-02-27T01:00:00.010000Z', by },
      due: '2026-02-27T01:00:00.000000Z',
    },
  ],
};
const { content: _content, uses: _uses, ...item } = view;
export const listed = { items: [item] };
export const actions = { actions: [{ command: 'start-article', by: ['reporter', 'editor'] }] };
