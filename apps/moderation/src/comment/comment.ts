import { asReader, type CommentEvent, type Person, type RejectionReason, type Screening } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import type { Policy } from '../policy/policy.ts';
import { reasonOf, screen } from '../screening/screening.ts';
import { notOpen, type Thread } from '../thread/thread.ts';
import type { Wording } from '../wording/wording.ts';

type Ask<T extends string, D, G = unknown> = Command & { type: T; data: D; given: G };
interface InThread {
  readonly thread: Thread;
}
/** Whoever writes, as the site knows them. */
export interface Reader {
  readonly name: string;
  readonly email?: string;
  readonly ip?: string;
}
export interface Submission {
  readonly commentId: string;
  readonly articleId: string;
  /** The reader's pseudonym. */
  readonly commenterId: string;
  readonly reader: Reader;
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
  | Ask<'withdraw', { readonly revision: number; readonly author: AuthorIds }>
  | ReactionCommand;
/** A reader by the pseudonym; and by the site's own id, under which comments were kept before there were pseudonyms. */
type AuthorIds = readonly [commenterId: string, readerId: string];
/** The person is the one at publication, or the privacy officer, who caused it. */
type ReactionCommand =
  | Ask<'end', { readonly by: Person }>
  | Ask<'erase', { readonly commentId: string; readonly articleId: string; readonly by: Person }>;
type PeoplesCommand = Exclude<CommentCommand, ReactionCommand>;

interface Decision {
  readonly by: Person;
  readonly reason?: RejectionReason;
  readonly note?: string;
  readonly byScreening?: boolean;
}
export interface Comment {
  readonly status: 'none' | Seen['state'] | 'withdrawn' | 'ended' | 'erased';
  readonly id: string;
  readonly articleId: string;
  /** The pseudonym, and the name on the page. */
  readonly author: Person;
  readonly email?: string | undefined;
  readonly ip?: string | undefined;
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
      const { policy, commenterId, reader, commentId, articleId, text, articleVersion } = data;
      const screening = screen({ commentId, text, ...given }, policy);
      const comment = { commentId, articleId, by: asReader(commenterId), revision: 1 };
      const submitted: CommentEvent = {
        type: 'CommentSubmitted',
        data: { ...comment, reader, text, articleVersion, screening },
      };
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
    decide: ({ data: { revision, author } }, state) => {
      if (!author.includes(state.author.id)) throw new Rejection('not-author', 'It is not a comment of this reader.');
      checkRevision(state, revision);
      return [{ type: 'CommentWithdrawn', data: of(state, asReader(state.author.id)) }];
    },
  },
};
const reactionRules: Rules<Comment, ReactionCommand, CommentEvent> = {
  end: {
    from: ['pending', 'published', 'rejected', 'withdrawn', 'ended', 'erased'],
    by: ['reaction'],
    decide: ({ data: { by } }, state) =>
      state.status === 'pending' ? [{ type: 'CommentEnded', data: of(state, by) }] : [],
  },
  // None yet: it was on its way when its reader was erased, and comes too late.
  erase: {
    from: ['none', 'pending', 'published', 'rejected', 'withdrawn', 'ended', 'erased'],
    by: ['reaction'],
    decide: ({ data }, { status }) => (status === 'erased' ? [] : [{ type: 'CommentErased', data }]),
  },
};

const fold: Fold<Comment, CommentEvent> = {
  CommentSubmitted: (_state, { commentId: id, by, reader, articleId, revision, text, articleVersion, screening }) => ({
    ...{
      status: 'pending',
      id,
      articleId,
      author: { id: by.id, name: reader.name },
      email: reader.email,
      ip: reader.ip,
    },
    ...{ revision, text, articleVersion, screening },
  }),
  CommentApproved: (state, { by }) => ({ ...state, status: 'published', decision: { by } }),
  CommentRejected: (state, { by, reason, note, byScreening }) => ({
    ...{ ...state, status: 'rejected', decision: { by, reason, note, byScreening } },
  }),
  CommentWithdrawn: (state) => ({ ...state, status: 'withdrawn' }),
  CommentEnded: (state) => ({ ...state, status: 'ended' }),
  CommentErased: ({ revision, articleVersion, decision }, { commentId: id, articleId }) => ({
    ...{ ...initial, status: 'erased', id, articleId, revision, articleVersion },
    ...(decision && { decision }),
  }),
};

const people = decider(initial, rules, fold);
const reactions = decider(initial, reactionRules, fold);
const isReaction = (command: CommentCommand): command is ReactionCommand => command.type in reactionRules;

/** What people and the site command, and what follows from a kill, from two tables: only the first is ever listed as possible. */
export const comment: Decider<Comment, CommentCommand, CommentEvent> = {
  ...people,
  decide: (command, state) => (isReaction(command) ? reactions.decide(command, state) : people.decide(command, state)),
};
