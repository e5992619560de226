/** Two articles that belong together, as the examples of drafting's API tell of them. */
const articleId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
const part = { is: 'article', id: articleId };
export const create = { desk: 'city', kind: 'package', name: 'The harbour bridge' };
export const rename = { name: 'The new harbour bridge' };
export const arrange = { parts: [part] };
export const discard = { reason: 'The bridge is closed again.' };
export const view = {
  ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0b', state: 'open', ...create, parts: [part] },
  unfit: [{ problem: 'not-published', part }],
};
const { parts: _parts, unfit: _unfit, ...item } = view;
export const listed = { items: [item] };
export const actions = { actions: [{ command: 'arrange', by: ['editor'] }] };
