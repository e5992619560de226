import { encodePositions } from '#contracts';
import { houseRule, plainPage as plain } from './article-page/plain-page.ts';

/** One story, as the examples of reading's API tell it. */
const id = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
const correctionId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b06';
const commentId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b07';
const logId = '01890f3c-5a10-7b21-9c44-3f6e2d7a1b01';
const rana = { id: 'rana', name: 'Rana Iqbal' };
const dora = { id: 'dora', name: 'Dora Khan' };
const edition = { paper: 'The Harbour Post', date: '2026-03-01' };
const headline = 'Harbour bridge reopens';
const slugline = 'bridge-reopens';
export const position = encodePositions([{ service: 'publication', logId, shard: 0, position: 17n }]);

const words = [
  { kind: 'same', text: 'It took us ' },
  { kind: 'removed', text: 'ten' },
  { kind: 'added', text: 'nine' },
  { kind: 'same', text: ' years.' },
];
const fields = [
  {
    field: 'headline',
    words: [
      { kind: 'same', text: 'Harbour bridge ' },
      { kind: 'removed', text: 'to reopen' },
      { kind: 'added', text: 'reopens' },
    ],
  },
];
const blocks = [{ block: 'p2', change: 'changed', words }];

const image = {
  ...{ href: 'https://pictures.example/harbour-bridge.jpg', alt: 'A row of cars on a bridge over the harbour' },
  ...{ credit: rana.name, rights: 'Ours, for any use.', width: 1600, height: 900 },
};

export const page = {
  ...{
    id,
    path: '/city/harbour-bridge-reopens-3f6e2d7a1b05',
    version: 2,
    headline,
    standfirst: '',
    byline: [rana.name],
  },
  ...{ dateline: 'HARBOUR', section: 'city', language: 'en', keywords: ['bridge', 'traffic'] },
  blocks: [
    { id: 'p1', kind: 'paragraph', html: 'The harbour bridge is open again.', attributions: [] },
    { id: 'p2', kind: 'quote', html: 'It took us <em>nine</em> years.', attributions: [] },
    { id: 'i1', kind: 'image', html: 'Cars cross the bridge.', attributions: [], image },
  ],
  ...{ edition, publishedIn: 'Published in The Harbour Post, March 1st, 2026.' },
  firstPublishedAt: '2026-03-01T08:00:00.000000Z',
  publishedAt: '2026-03-01T08:00:00.000000Z',
  changedAt: '2026-03-01T09:30:00.000000Z',
  corrections: [
    {
      ...{ class: 'CORRECTED', number: 1, note: 'It took nine years.', at: '2026-03-01T09:30:00.000000Z' },
      ...{ difference: blocks, fields: [] },
    },
  ],
  comments: {
    count: 1,
    items: [{ id: commentId, author: 'A reader', text: 'At last.', at: '2026-03-01T08:10:00.000000Z' }],
  },
  houseRule: [...houseRule],
};

export const plainPage = plain({
  ...{
    head: `${headline}\n${rana.name}`,
    body: 'The harbour bridge is open again.\nIt took us nine years.\nCars cross the bridge. (Rana Iqbal)',
  },
  ...{
    publishedIn: page.publishedIn,
    corrections: page.corrections,
    comments: page.comments.items.map(({ text }) => text),
  },
});

export const move = {
  ...{ articleId: id, at: '2026-03-01T09:20:00.000000Z', by: rana },
  ...{ from: { desk: 'sport', stage: '' }, to: { desk: 'city', stage: 'subs' } },
  ...{ reason: 'The race is over.', state: 'submitted', parked: false },
};
export const board = {
  articleId: id,
  ...{ desk: 'city', stage: 'subs', kind: 'story', state: 'approved', slugline, headline, section: 'city', urgency: 4 },
  ...{ version: 2, approved: 2, writer: rana.name, editor: null, tasks: 0, awaits: null },
  ...{ assignee: rana, deadline: null, secondLook: null },
  ...{
    legal: 'passed',
    corrections: [{ correctionId, legal: 'required', awaits: null }],
    notForPublication: false,
    next: ['legal'],
  },
  publication: { state: 'published', pinned: 2, waiting: null, out: 2, corrections: 0, scheduled: null, drift: null },
  ...{ updatedAt: '2026-03-01T09:30:00.000000Z', parked: false },
};

export const difference = {
  from: 1,
  fields,
  blocks,
};
export const history = {
  ...{ id: correctionId, service: 'drafting', position: '42', type: 'ArticleRevised', by: rana },
  ...{ at: '2026-03-01T07:10:00.000000Z', details: { version: 2, base: 1, changed: ['p2', 'headline'] } },
  ...{ version: 2, correction: null, difference },
};

export const versions = {
  ...{ version: 2, at: '2026-03-01T07:10:00.000000Z', by: rana, changed: ['p2', 'headline'], restored: null },
  size: { added: 26, removed: 28 },
};
const head = { ...{ slugline, headline, standfirst: '', byline: [rana.name], dateline: 'HARBOUR', section: 'city' } };
export const version = {
  ...{ version: 2, at: versions.at, by: rana },
  content: { ...head, language: 'en', urgency: 4, keywords: page.keywords, blocks: page.blocks },
};

export const blame = {
  version: 2,
  blocks: [
    {
      ...{ block: 'p2', version: 2, corrected: 2 },
      words: [
        { text: 'It took us ', version: 1 },
        { text: 'nine ', version: 2, corrected: 2 },
        { text: 'years.', version: 1 },
      ],
    },
  ],
  versions: [
    {
      ...{ version: 1, at: '2026-03-01T07:00:00.000000Z', by: rana, correction: null },
      published: { item: 1, at: page.firstPublishedAt },
    },
    {
      ...{ version: 2, at: versions.at, by: rana, correction: { id: correctionId, version: 2 } },
      published: { item: 2, at: page.changedAt },
    },
  ],
};

export const pending = {
  ...{ commentId, articleId: id, headline, slugline, revision: 1, author: { id: 'r-7', name: 'A reader' } },
  ...{ text: 'See x.example', articleVersion: 2 },
  screening: { verdict: 'review', hits: [{ rule: 'links', version: 1, verdict: 'review', from: 4, to: 13 }] },
  ...{ submittedAt: '2026-03-01T08:10:00.000000Z', parked: false },
};

export const logEntry = {
  ...{ articleId: id, position: '17', action: 'published', at: '2026-03-01T08:00:00.000000Z', by: dora, item: 1 },
  ...{ headline, slugline, version: 2, path: page.path, edition, correction: null, reason: null, askedBy: null },
  parked: false,
};

/** As it is told, and as the list has it. */
export const toldOne = {
  ...{ articleId: id, position: '23', kind: 'mentioned', at: '2026-03-01T07:05:00.000000Z', by: rana },
  ...{ said: 'Who counted the years?', about: { noteId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b06', block: 'p2' } },
};
export const notification = {
  ...{ ...toldOne, headline, slugline, seen: false, parked: false },
};

export const found = {
  ...{
    articleId: id,
    desk: 'city',
    state: 'approved',
    slugline,
    headline,
    byline: rana.name,
    language: 'en',
    version: 2,
  },
  ...{ excerpt: 'The harbour bridge is open again.', rank: 0.6, parked: false },
};

export const moment = { version: 2, at: versions.at, by: rana, content: version.content, board };

export const coverage = {
  coverageId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b09',
  plan: {
    ...{ id: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0a', desk: 'city', name: 'Opening of the harbour bridge' },
    ...{ starts: '2026-03-02T05:00:00.000000Z', zone: 'Asia/Karachi', place: 'Harbour, east gate' },
  },
  ...{ state: 'completed', what: 'text', note: 'Thirty lines.', due: '2026-03-02T10:00:00.000000Z' },
  ...{ minutesMissed: 12, assignee: rana, articleId: id, completedAt: '2026-03-02T10:11:40.000000Z', parked: false },
};

export const pack = {
  ...{ packageId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0b', desk: 'city', kind: 'package', name: 'The bridge' },
  ...{ state: 'ready', parts: [{ is: 'article', id, name: headline, state: 'published' }], unfit: 0 },
  ...{ updatedAt: '2026-03-01T09:40:00.000000Z', parked: false },
};

export const rebuilding = { rebuilding: [{ readModel: 'article_page', version: 2 }] };
export const digests = {
  digests: [
    {
      ...{ readModel: 'publication_log', version: 1, rows: { publication_log: 12 }, position, parked: [] },
      digest: '5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592',
    },
  ],
};

const compared = { digest: digests.digests[0]?.digest ?? '', position, parked: [] };
export const generation = {
  ...{ readModel: 'article_page', version: 2, definition: 1, state: 'building', serving: false },
  ...{ done: 120000, of: 480000, perSecond: 40000, secondsLeft: 9, expected: compared, found: null },
};

const hole = {
  ...{ service: 'publication', shard: 0, position: '17', article: id, type: 'ArticlePublished' },
  since: '2026-03-01T08:00:07.000Z',
};
export const holes = {
  ...{ checkedSecondsAgo: 0.4, roundSeconds: 0.1 },
  holes: [
    { why: 'missing', where: 'article_page', ...hole, detail: 'it stands at 19, and has no row' },
    {
      why: 'late',
      where: 'reactions of moderation',
      ...hole,
      detail: 'it stands at 12, and this was recorded 9 s ago',
    },
  ],
  parked: [],
};
