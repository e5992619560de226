/** An opening that is covered, as the examples of drafting's API tell of it. */
const when = { at: '2026-03-02T10:00', zone: 'Asia/Karachi' };
const told = {
  name: 'Opening of the harbour bridge',
  place: 'Harbour, east gate',
  note: 'The minister speaks at eleven.',
};
export const make = { desk: 'city', ...told, starts: when };
export const change = { ...told, starts: { ...when, at: '2026-03-02T11:00' } };
export const reason = { reason: 'The opening is put off.' };
export const addCoverage = { what: 'text', note: 'Thirty lines.', due: { ...when, at: '2026-03-02T15:00' } };

const coverageId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b09';
const rana = { id: 'rana', name: 'Rana Iqbal' };
const article = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
export const coverage = { coverageId };
export const changeCoverage = { coverageId, ...addCoverage };
export const assign = { coverageId, to: rana };
export const because = { coverageId, ...reason };
export const linkArticle = { coverageId, articleId: article };

export const view = {
  ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0a', state: 'planned', desk: 'city', ...told },
  ...{ starts: '2026-03-02T05:00:00.000000Z', zone: when.zone },
  coverages: [
    {
      ...{ id: coverageId, state: 'accepted', what: 'text', note: addCoverage.note, assignee: rana },
      ...{ due: '2026-03-02T10:00:00.000000Z', articleId: article, completedAt: null },
    },
  ],
};
export const actions = { actions: [{ command: 'add-coverage', by: ['editor'] }] };
