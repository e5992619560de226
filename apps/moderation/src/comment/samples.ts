import { asReader, type CommentEvent, type Person, type Screening, type ThreadEvent } from '#contracts';
import type { Actor } from '#decider';
import { housePolicy } from '../policy/policy.ts';
import { thread } from '../thread/thread.ts';
import type { Wording } from '../wording/wording.ts';

/** People, texts and events that the tests of threads and comments speak of. */
export const articleId = '01890000-0000-7000-8000-000000000001';
export const commentId = '01890000-0000-7000-8000-0000000000c1';
const somebody = (name: string, role: string): Actor => ({ id: name, name, roles: [role], desks: [] });
export const site = somebody('page', 'site');
export const moderator = somebody('mona', 'moderator');
export const second = somebody('mick', 'moderator');
export const lead = somebody('leda', 'moderation-lead');
export const chief = somebody('carl', 'chief');
export const machine = somebody('dora', 'reaction');
export const officer = somebody('pia', 'privacy-officer');
export const reader = { name: 'Amna', email: 'amna@example.org' };
/** The pseudonym of the reader, and the ids that their comments may be kept under. */
export const commenterId = '01890000-0000-7000-8000-0000000000d1';
export const author = [commenterId, 'r-17'] as const;
export const publisher: Person = { id: 'dave', name: 'Dave' };

export const ask = <T extends string, D, G = undefined>(type: T, data: D, actor: Actor, given?: G) => ({
  ...{ type, data, actor, given: given as G },
  now: '2026-01-01T00:00:00.000000Z',
  id: '01890000-0000-7000-8000-00000000c0de',
});

const heard = { articleId, by: publisher, position: 'p' };
const opened: ThreadEvent[] = [
  { type: 'ThreadOpened', data: { ...heard, mode: 'pre-moderated' } },
  { type: 'VersionShown', data: { ...heard, version: 1 } },
];
const frozen: ThreadEvent = { type: 'ThreadFrozen', data: { ...heard, why: 'unpublished' } };
const closed: ThreadEvent = { type: 'ThreadClosed', data: { ...heard, why: 'killed' } };
export const threadFlow = { heard, opened, frozen, closed };
const after = (...events: ThreadEvent[]) => events.reduce(thread.evolve, thread.initial);
export const threads = {
  none: thread.initial,
  open: after(...opened),
  frozen: after(...opened, frozen),
  closed: after(...opened, closed),
};
/** The words of the sample comment, first said by this one. */
export const said = (first: string): Wording => ({ status: 'claimed', articleId, first });

const text = 'The bridge was overdue.';
const submission = { commentId, articleId, commenterId, reader, text, articleVersion: 1, policy: housePolicy };
const inOpenThread = { thread: threads.open, wording: said(commentId) };
const by = asReader(commenterId);
const of = (who: Person) => ({ commentId, articleId, by: who, revision: 1 });
const person = ({ id, name }: Actor): Person => ({ id, name });
const clean: Screening = { verdict: 'publish', hits: [] };
const rejected = { reason: 'off-topic', note: 'About another bridge.', byScreening: false } as const;
export const flow = {
  submission,
  inOpenThread,
  of,
  submitted: (screening = clean, words = text): CommentEvent => ({
    type: 'CommentSubmitted',
    data: { ...of(by), reader, text: words, articleVersion: 1, screening },
  }),
  approved: (by = moderator): CommentEvent => ({ type: 'CommentApproved', data: of(person(by)) }),
  rejected: (by = moderator): CommentEvent => ({ type: 'CommentRejected', data: { ...of(person(by)), ...rejected } }),
  withdrawn: { type: 'CommentWithdrawn', data: of(by) } as CommentEvent,
  erased: { type: 'CommentErased', data: { commentId, articleId, by: person(officer) } } as CommentEvent,
  ended: { type: 'CommentEnded', data: of(publisher) } as CommentEvent,
};
