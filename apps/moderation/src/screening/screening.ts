import type { RejectionReason, Screening } from '#contracts';
import type { Policy } from '../policy/policy.ts';
import { notOpen, type Thread } from '../thread/thread.ts';
import type { Wording } from '../wording/wording.ts';
import { fold, type Folded, found, type Span } from './folding.ts';
import { insults, patternOf, salesPitches } from './phrases.ts';
import { shouted } from './shouting.ts';

/** A comment before it is taken, and what it comes into. */
export interface Screened {
  readonly commentId: string;
  readonly text: string;
  readonly folded: Folded;
  readonly thread: Thread;
  readonly wording: Wording;
}
/** One rule of the house. */
interface Check {
  readonly rule: string;
  /** One more whenever it may find something else than before. */
  readonly version: number;
  /** What a comment is rejected for where the policy lets this rule reject. A rule without a reason can only ask for a look. */
  readonly reason?: RejectionReason;
  /** What it does not like. A Rejection that is thrown keeps the comment out. */
  readonly find: (comment: Screened) => readonly Span[];
}

/** Characters: more than this is an article of its own. What holds nothing visible is too short. */
const longest = 2000;
const link =
  /(?:https?:\/\/|www\.)[^\s<>"]+|(?<![\p{L}\p{N}.-])(?:[\p{L}\p{N}-]{1,63}\.){1,4}(?:com|net|org|info|biz|xyz|shop|online)(?![\p{L}\p{N}])(?:\/[^\s<>"]*)?/gu;
const insult = patternOf(insults);
const salesPitch = patternOf(salesPitches);
const whole = ({ text }: Screened): Span => ({ from: 0, to: text.length });

/** The house policy on what readers write, in the order in which it is asked. */
const checks: readonly Check[] = [
  {
    rule: 'thread-open',
    version: 1,
    find: ({ thread }) => {
      const refused = notOpen(thread);
      if (refused) throw refused;
      return [];
    },
  },
  {
    rule: 'length',
    version: 1,
    reason: 'other',
    find: ({ text, folded }) => {
      const from = folded.text.trim() === '' ? 0 : Array.from(text).slice(0, longest).join('').length;
      return from < text.length ? [{ from, to: text.length }] : [];
    },
  },
  // Whose words these were first may have been refused since: a repeat is a reason to look, never to reject.
  {
    rule: 'repeat',
    version: 1,
    find: (comment) => (comment.wording.first === comment.commentId ? [] : [whole(comment)]),
  },
  { rule: 'link', version: 1, reason: 'commercial', find: ({ folded }) => found(folded, link) },
  { rule: 'insult', version: 1, reason: 'abusive', find: ({ folded }) => found(folded, insult) },
  { rule: 'sales-pitch', version: 1, reason: 'commercial', find: ({ folded }) => found(folded, salesPitch) },
  { rule: 'shouting', version: 1, reason: 'language', find: ({ text }) => shouted(text) },
];

/** Enough to see what is wrong; a text can hold thousands of links. */
const mostHits = 20;

/** What the house thinks of a comment, under this policy. Throws the Rejection of a check that keeps it out. */
export function screen(comment: Omit<Screened, 'folded'>, { mayReject }: Policy): Screening {
  const screened = { ...comment, folded: fold(comment.text) };
  const hits = checks.flatMap(({ rule, version, reason, find }) => {
    const verdict = reason !== undefined && mayReject.includes(rule) ? ('reject' as const) : ('review' as const);
    const spans = find(screened).slice(0, mostHits);
    return spans.map(({ from, to }) => ({ rule, version, verdict, from, to }));
  });
  const verdict = hits.some((hit) => hit.verdict === 'reject') ? 'reject' : hits.length > 0 ? 'review' : 'publish';
  return { verdict, hits };
}

/** What a comment is rejected for that screening rejects: the first rule that may. */
export function reasonOf({ hits }: Screening): RejectionReason {
  const rejecting = hits.find(({ verdict }) => verdict === 'reject');
  return checks.find(({ rule }) => rule === rejecting?.rule)?.reason ?? 'other';
}
