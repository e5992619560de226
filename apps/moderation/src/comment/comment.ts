import type { CommentEvent, Person, RejectionReason, Screening } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import type { Policy } from '../policy/policy.ts';
import { reasonOf, screen } from '../screening/screening.ts';
import { notOpen, type Thread } from '../thread/thread.ts';
import type { Wording } from '../wording/wording.ts';

type Ask<T extends string, D, G = unknown> = Command & { type: T; data: D; given: G };
interface InThread {
  readonly thread: Thread;
}
export interface Submission {
  readonly commentId: string;
  readonly articleId: string;
  readonly reader: Person;
  readonly text: string;
  /** The version of the article that the reader saw. */
  readonly articleVersion: number;
  readonly policy: Policy;
}
/** What a decision rests on: the words, and what had been decided about them. */
export interface Seen {
  readonly revision: number;
  readonly state: 'pending' | 'published' | 'rejected';
}
export type CommentCommand =
  | Ask<'submit', Submission, InThread & { readonly wording: Wording }>
  | Ask<'approve', Seen, InThread>
  | Ask<'reject', Seen & { readonly reason: RejectionReason; readonly note: string }, InThread>
  | Ask<'withdraw', { readonly revision: number; readonly readerId: string }>
  | ReactionCommand;
/** The person is the one at publication who caused it. */
type ReactionCommand = Ask<'end', { readonly by: Person }>;
type PeoplesCommand = Exclude<CommentCommand, ReactionCommand>;

interface Decision {
  readonly by: Person;
  readonly reason?: RejectionReason;
  readonly note?: string;
  readonly byScreening?: boolean;
}
export interface Comment {
  readonly status: 'none' | Seen['state'] | 'withdrawn' | 'ended';
  readonly id: string;
  readonly articleId: string;
  readonly author: Person;
  readonly text: string;
  readonly revision: number;
  readonly articleVersion: number;
  readonly screening: Screening;
  /** The last one. */
  readonly decision?: Decision;
}
const initial: Comment = {
  ...{ status: 'none', id: '', articleId: '', author: { id: '', name: '' }, text: '', revision: 0, articleVersion: 0 },
  screening: { verdict: 'review', hits: [] },
};
/** Who rejects what screening rejects. */
const machine: Person = { id: 'screening', name: 'Screening' };

const person = ({ id, name }: Actor): Person => ({ id, name });
const of = ({ id: commentId, articleId, revision }: Comment, by: Person) => ({ commentId, articleId, by, revision });

/** A thread that is not open is in nobody's queue: its comments can be taken back, and are not decided. */
const decidable = (state: Comment, _actor: Actor, { thread }: InThread) =>
  notOpen(
    thread,
    people.possible(state).filter(({ command }) => command === 'withdraw'),
  );
function checkRevision({ revision }: Comment, seen: number): void {
  if (seen !== revision)
    throw new Rejection('revision-seen-stale', `It stands at revision ${revision}.`, { seen, revision });
}
/** A decision holds for the words that were seen, and does not undo unseen what somebody else has decided about them. */
function checkSeen(state: Comment, seen: Seen): void {
  checkRevision(state, seen.revision);
  if (seen.state === state.status) return;
  const details = { state: state.status, decidedBy: state.decision?.by, allowed: people.possible(state) };
  throw new Rejection('decided-already', `It was seen ${seen.state}, and is ${state.status} now.`, details);
}

const rules: Rules<Comment, PeoplesCommand, CommentEvent> = {
  submit: {
    from: ['none'],
    by: ['site'],
    decide: ({ data, given }) => {
      const { policy, reader: by, commentId, articleId, text, articleVersion } = data;
      const screening = screen({ commentId, text, ...given }, policy);
      const comment = { commentId, articleId, by, revision: 1 };
      const submitted = { type: 'CommentSubmitted', data: { ...comment, text, articleVersion, screening } } as const;
      if (screening.verdict !== 'reject') return [submitted];
      const rejected = { ...comment, by: machine, reason: reasonOf(screening), note: '', byScreening: true };
      return [submitted, { type: 'CommentRejected', data: rejected }];
    },
  },
  approve: {
    from: ['pending', 'rejected'],
    by: ['moderator'],
    guard: decidable,
    decide: ({ data, actor }, state) => {
      checkSeen(state, data);
      return [{ type: 'CommentApproved', data: of(state, person(actor)) }];
    },
  },
  reject: {
    from: ['pending', 'published'],
    by: ['moderator'],
    guard: decidable,
    decide: ({ data, actor }, state) => {
      checkSeen(state, data);
      const { reason, note } = data;
      return [{ type: 'CommentRejected', data: { ...of(state, person(actor)), reason, note, byScreening: false } }];
    },
  },
  withdraw: {
    from: ['pending', 'published', 'rejected'],
    by: ['site'],
    decide: ({ data: { revision, readerId } }, state) => {
      if (readerId !== state.author.id) throw new Rejection('not-author', 'It is not a comment of this reader.');
      checkRevision(state, revision);
      return [{ type: 'CommentWithdrawn', data: of(state, state.author) }];
    },
  },
};
const reactionRules: Rules<Comment, ReactionCommand, CommentEvent> = {
  end: {
    from: ['pending', 'published', 'rejected', 'withdrawn', 'ended'],
    by: ['reaction'],
    decide: ({ data: { by } }, state) =>
      state.status === 'pending' ? [{ type: 'CommentEnded', data: of(state, by) }] : [],
  },
};

const fold: Fold<Comment, CommentEvent> = {
  CommentSubmitted: (_state, { commentId: id, by: author, articleId, revision, text, articleVersion, screening }) => ({
    ...{ status: 'pending', id, articleId, author, revision, text, articleVersion, screening },
  }),
  CommentApproved: (state, { by }) => ({ ...state, status: 'published', decision: { by } }),
  CommentRejected: (state, { by, reason, note, byScreening }) => ({
    ...{ ...state, status: 'rejected', decision: { by, reason, note, byScreening } },
  }),
  CommentWithdrawn: (state) => ({ ...state, status: 'withdrawn' }),
  CommentEnded: (state) => ({ ...state, status: 'ended' }),
};

const people = decider(initial, rules, fold);
const reactions = decider(initial, reactionRules, fold);
const isReaction = (command: CommentCommand): command is ReactionCommand => command.type in reactionRules;

/** What people and the site command, and what follows from a kill, from two tables: only the first is ever listed as possible. */
export const comment: Decider<Comment, CommentCommand, CommentEvent> = {
  ...people,
  decide: (command, state) => (isReaction(command) ? reactions.decide(command, state) : people.decide(command, state)),
};
