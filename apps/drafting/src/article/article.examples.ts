import { type Content, encodePosition } from '#contracts';

/** One story, as the examples of drafting's API tell it: each can be sent where the one before has led. */
const minister = { speaker: 'the minister of works', kind: 'person', terms: 'on-record' } as const;
const image = {
  ...{ href: 'https://pictures.example/harbour-bridge.jpg', alt: 'A row of cars on a bridge over the harbour' },
  ...{ credit: 'Rana Iqbal', rights: 'Ours, for any use.', width: 1600, height: 900 },
};
const blocks: Content['blocks'] = [
  { id: 'p1', kind: 'paragraph', html: 'The harbour bridge is open again.', attributions: [] },
  { id: 'p2', kind: 'quote', html: '“It took us <em>ten</em> years,” the minister said.', attributions: [minister] },
  { id: 'i1', kind: 'image', html: 'Cars cross the bridge on <em>Monday</em>.', attributions: [], image },
];
const corrected = { ...blocks[1], html: '“It took us <em>nine</em> years,” the minister said.' };
const head = {
  ...{ slugline: 'bridge-reopens', headline: 'Harbour bridge reopens', byline: ['Rana Iqbal'] },
  ...{ dateline: 'HARBOUR', section: 'city', language: 'en', urgency: 4, keywords: ['bridge', 'traffic'] },
};

export const start = { desk: 'city', kind: 'story', fields: head, blocks };
export const revise = { base: 1, put: [corrected] };
export const session = 'tab-1';
export const autosave = { ...revise, session };
export const kept = { session, at: '2026-03-01T07:05:00.000000Z' };
export const autosaved = { ...kept, refused: false, text: revise };
export const lease = {
  ...{ by: { id: 'rana', name: 'Rana Iqbal' }, session },
  ...{ since: '2026-03-01T07:00:00.000000Z', until: '2026-03-01T07:07:00.000000Z' },
};
export const takeOver = { session: 'tab-2', reason: 'The deadline is at six.' };
export const restore = { version: 2, seen: 3 };
export const claim = { reason: 'The deadline is at six.' };
export const sendBack = { note: 'Who else says so?' };
export const rejectApproval = { version: 2, reason: 'The minister has to be asked first.' };
export const skipStep = { step: 'lawyer', reason: 'Nobody is named.' };
export const move = { desk: 'sport', reason: 'It is about the race over the bridge.' };
export const withdrawApproval = { version: 2, reason: 'The minister denies it.', ifOut: 'hold' };
export const spike = { reason: 'The bridge is closed again.' };
export const readBack = { version: 2, blocks: ['p2'] };
export const countersign = { version: 2 };
export const approve = { version: 2, confirm: ['headline-too-long'] };
export const addNote = {
  ...{ note: 'Who counted the years?', blocking: true, mentions: ['edna'] },
  on: { version: 1, block: 'p2', from: 0, to: 10 },
};
export const resolveNote = { noteId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b06' };
export const notes = {
  notes: [
    {
      ...{ id: resolveNote.noteId, by: { id: 'rana', name: 'Rana Iqbal' }, at: '2026-03-01T07:05:00.000000Z' },
      ...{ note: addNote.note, blocking: true, mentions: ['edna'], block: 'p2', range: { from: 0, to: 10 } },
    },
  ],
};
const suggestion = {
  ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b07', version: 1, proposed: corrected },
  note: 'The ministry says nine.',
};
export const suggestEdit = { version: 1, block: corrected, note: suggestion.note };
export const acceptSuggestion = { suggestionId: suggestion.id, version: 1 };
export const rejectSuggestion = { suggestionId: suggestion.id, reason: 'It was ten.' };
export const suggestions = {
  suggestions: [
    {
      ...{ ...suggestion, by: { id: 'rana', name: 'Rana Iqbal' }, at: '2026-03-01T07:06:00.000000Z' },
      decided: {
        ...{ by: { id: 'edna', name: 'Edna Ellis' }, at: '2026-03-01T07:08:00.000000Z' },
        ...{ accepted: false, reason: rejectSuggestion.reason },
      },
    },
  ],
};
export const descend = { desk: 'world' };
export const translate = { language: 'de', desk: 'world' };
const original = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b07';
export const link = { as: 'translation-of', to: original, version: 1 };
export const unlink = { as: 'translation-of', to: original };
export const setEmbargo = { at: '2096-03-01T06:00', zone: 'Asia/Karachi', reason: 'The ministry has asked for it.' };
export const settleTask = { taskId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b08', how: 'Another source says the same.' };
export const reason = { reason: 'The minister has threatened to sue.' };
export const answerLegalCheck = { version: 2, answer: 'pass', reason: 'The quote is on tape.' };
export const markNotForPublication = { reason: 'The minister asks for a day.', ifOut: 'tell' };
export const waiveLegalCheck = { version: 2, reason: 'Nothing in it is new.' };

export const id = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
/** The text after that, and who stands behind it. */
export const text = {
  ...{ id, desk: 'city', writers: ['rana'], version: 2, versions: 2 },
  content: { standfirst: '', ...head, blocks: [blocks[0], corrected, blocks[2]] },
  authors: { p1: 'rana', p2: 'rana', i1: 'rana' },
  readBy: { p2: ['edna'] },
};
export const view = {
  ...text,
  ...{ state: 'editing', stage: '', kind: 'story', editor: 'edna', approved: 0, conflicts: [] },
  approval: {
    steps: [
      { step: 'sub-editor', by: 'editor', state: 'passed', who: { id: 'edna', name: 'Edna' }, version: 2 },
      { step: 'chief', by: 'chief', state: 'open' },
    ],
  },
  legal: {
    ...{ status: 'passed', version: 2, pending: [] },
    ...{ by: { id: 'lea', name: 'Lea Lindt' }, at: '2026-03-01T07:05:00.000000Z', why: answerLegalCheck.reason },
  },
  notForPublication: null,
  links: [{ as: 'translation-of', articleId: original, version: 1, behind: true }],
  descendants: [],
  tasks: [
    {
      ...{ id: settleTask.taskId, by: { id: 'edna', name: 'Edna Ellis' }, at: '2026-03-01T07:05:00.000000Z' },
      ...{ task: 'retracted-source', version: 2, out: false, blocks: ['p2'] },
    },
  ],
  embargo: { until: '2096-03-01T01:00:00.000000Z', zone: 'Asia/Karachi', reason: setEmbargo.reason },
  assignee: null,
  deadline: { at: '2096-03-01T16:30:00.000000Z', zone: 'Europe/Berlin' },
  secondLook: null,
  withdrawal: null,
  publication: { state: 'none', version: 0 },
};
const told = {
  ...{ version: 7, type: 'NoteAdded', at: notes.notes[0]?.at, by: notes.notes[0]?.by },
  position: encodePosition({
    ...{ service: 'drafting', logId: '01890f3c-5a10-7b21-9c44-3f6e2d7a1b00', shard: 0, position: 42n },
  }),
};
export const changes = `event: changed\nid: 7\ndata: ${JSON.stringify(told)}\n\n`;
export const actions = {
  actions: [
    { command: 'read-back', by: ['colleague'] },
    { command: 'approve', by: ['editor'] },
  ],
  knows: {
    publication: encodePosition({
      ...{ service: 'publication', logId: '01890f3c-5a10-7b21-9c44-3f6e2d7a1b01' },
      ...{ shard: 0, position: 17n },
    }),
  },
};
