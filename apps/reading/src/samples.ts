import Value from 'typebox/value';
import { asReader, type Block, type Content, contractOf, contractsByTopic } from '#contracts';
import type { Incoming } from '#messaging';

/** Ids of ours all look like this: `id(7)`. */
export const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const articleId = id(1);
export const reporter = { id: 'r', name: 'R. Porter' };
export const editor = { id: 'e', name: 'E. Ditor' };
export const duty = { id: 'd', name: 'D. Uty' };
export const moderator = { id: 'm', name: 'M. Od' };

export const block = (name: string, html: string, kind: Block['kind'] = 'paragraph'): Block => ({
  ...{ id: name, kind, html },
  attributions: [],
});
export const content = (fields: Partial<Content> = {}): Content => ({
  ...{ slugline: 'bridge', headline: 'Bridge opens', standfirst: '', byline: ['R. Porter'], dateline: '' },
  ...{ section: 'city', language: 'en', urgency: 4, keywords: [], blocks: [block('p1', 'It is open.')] },
  ...fields,
});

const topicOf = (type: string): string =>
  Object.entries(contractsByTopic).find(([, contracts]) => contracts.some((contract) => contract.type === type))?.[0] ??
  '';
const positions = new Map<string, bigint>();
/** In the order in which they are made: a second apart. */
let seconds = 0;

/** A message as it comes from its topic, about `articleId` unless its data say otherwise. Throws when it breaks its contract. */
export function told(type: string, data: object): Incoming {
  const contract = contractOf(type);
  const ofArticle = 'articleId' in contract.schema.properties;
  const full: { articleId?: string; planId?: string; packageId?: string } = {
    ...(ofArticle ? { articleId } : {}),
    ...data,
  };
  const [error] = Value.Errors(contract.schema, full);
  if (error) throw new Error(`${type}${error.instancePath} ${error.message}`);
  const topic = topicOf(type);
  const key = String(full.articleId ?? full.planId ?? full.packageId);
  const previousPosition = positions.get(topic) ?? 0n;
  const position = previousPosition + 1n;
  positions.set(topic, position);
  seconds += 1;
  const time = new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString().replace('Z', '001Z');
  return {
    ...{ topic, partition: 0, offset: String(previousPosition), key, id: id(1000 + seconds) },
    ...{ source: `/stet/${topic}`, type, version: contract.version, data: full, time, recordedAt: time },
    ...{ position, previousPosition, logId: id(99), sequence: Number(position), subject: key },
    ...{ correlationId: 'sample', causationId: undefined, traceparent: undefined },
  };
}

const screening = { verdict: 'review', hits: [] };
const at = '2026-03-01T10:00:00.000000Z';
const edition = { paper: 'The Daily', date: '2026-03-01' };
const threads = {
  ThreadOpened: { mode: 'pre-moderated' },
  ThreadFrozen: { why: 'kill-asked' },
  ThreadRestored: {},
  ThreadClosed: { why: 'killed' },
};
/** Those that most stories have, with what each needs. */
export const events = {
  started: (more: object = {}) =>
    told('ArticleStarted', { by: reporter, desk: 'city', kind: 'story', version: 1, content: content(), ...more }),
  revised: (version: number, text: Content, more: object = {}) =>
    told('ArticleRevised', { by: reporter, version, base: version - 1, content: text, changed: ['p1'], ...more }),
  claimed: (more: object = {}) => told('ArticleClaimed', { by: editor, reason: '', ...more }),
  moved: (more: object = {}) =>
    told('ArticleMoved', {
      ...{ by: editor, from: { desk: 'city', stage: '' }, to: { desk: 'sport', stage: 'subs' }, reason: 'A race.' },
      ...{ state: 'submitted', applied: { from: 0, to: 1 }, ...more },
    }),
  approved: (version: number, text: Content = content(), more: object = {}) =>
    told('ArticleApproved', {
      ...{ by: editor, version, desk: 'city', kind: 'story', content: text, knownStops: 0 },
      ...more,
    }),
  opened: (version: number, text: Content = content(), more: object = {}) =>
    told('PublicationOpened', {
      ...{ by: editor, version, desk: 'city', kind: 'story', content: text, position: 'p' },
      ...more,
    }),
  published: (text: Content = content(), more: object = {}) =>
    told('ArticlePublished', {
      ...{ by: duty, version: 1, content: text, path: 'city/bridge-opens', edition, at, firstAt: at, item: 1 },
      ...more,
    }),
  corrected: (number: number, text: Content, more: object = {}) =>
    told('ArticleCorrected', {
      ...{ by: duty, version: 1 + number, content: text, number, class: 'CORRECTED', note: 'It was shut.' },
      ...{ difference: [{ block: 'p1', change: 'changed', words: [] }], fields: [], at, item: 1 + number },
      ...more,
    }),
  updated: (number: number, text: Content, more: object = {}) =>
    told('ArticleUpdated', {
      ...{ by: duty, version: 1 + number, content: text, number, nothingWasWrong: true },
      ...{ difference: [{ block: 'p1', change: 'changed', words: [] }], fields: [], at, item: 1 + number },
      ...more,
    }),
  repeated: (more: object = {}) => told('ArticleRepeated', { by: duty, version: 1, number: 1, item: 2, at, ...more }),
  held: (more: object = {}) =>
    told('ArticleHeld', { by: duty, reason: 'In doubt', state: 'held', item: 2, at, ...more }),
  released: (more: object = {}) => told('HoldReleased', { by: duty, reason: 'It is right', item: 3, at, ...more }),
  unpublished: (more: object = {}) => told('ArticleUnpublished', { by: duty, reason: 'Why', item: 2, at, ...more }),
  killAsked: (more: object = {}) =>
    told('KillAsked', { by: editor, reason: 'Libel', byChiefOrLegal: false, item: 3, at, ...more }),
  killDeclined: (state: string, more: object = {}) =>
    told('KillDeclined', { by: duty, reason: 'No', state, item: 4, at, ...more }),
  killed: (more: object = {}) =>
    told('ArticleKilled', { by: duty, reason: 'Libel', askedBy: editor, item: 5, at, ...more }),
  submitted: (commentId: string, text: string, more: object = {}) =>
    told('CommentSubmitted', {
      ...{ commentId, by: asReader('u'), reader: { name: 'Amna' }, revision: 1, text, articleVersion: 1, screening },
      ...more,
    }),
  let: (commentId: string, more: object = {}) =>
    told('CommentApproved', { commentId, by: moderator, revision: 1, ...more }),
  rejected: (commentId: string, more: object = {}) =>
    told('CommentRejected', {
      ...{ commentId, by: moderator, revision: 1, reason: 'abusive', note: '', byScreening: false },
      ...more,
    }),
  thread: (type: keyof typeof threads, more: object = {}) =>
    told(type, { by: duty, position: 'p', ...threads[type], ...more }),
};

const ofCoverage = { coverageId: id(51) };
const ofPlan = (type: string, data: object, of: object = ofCoverage) =>
  told(type, { planId: id(50), by: editor, ...of, ...data });
/** A plan of one coverage. */
export const plans = {
  told: (type: string, data: object = {}, of: object = ofCoverage) => ofPlan(type, data, of),
  made: () =>
    ofPlan(
      'PlanMade',
      {
        ...{ desk: 'city', name: 'Opening', starts: '2026-03-02T05:00:00.000000Z', zone: 'Asia/Karachi' },
        ...{ place: 'Harbour', note: '' },
      },
      {},
    ),
  added: (due = '2026-03-02T10:00:00.000000Z') => ofPlan('CoverageAdded', { what: 'text', note: '', due }),
};

export const packs = {
  created: (packageId: string, more: object = {}) =>
    told('PackageCreated', { by: editor, packageId, desk: 'city', kind: 'package', name: 'Bridge', ...more }),
  arranged: (packageId: string, ...parts: readonly { is: 'article' | 'package'; id: string }[]) =>
    told('PackageArranged', { by: editor, packageId, parts }),
  told: (type: string, packageId: string, data: object = {}) => told(type, { by: editor, packageId, ...data }),
};
