import type { Person, ThreadEvent } from '#contracts';
import { type Action, type Command, decider, type Fold, Rejection, type Rules } from '#decider';

/** What publication did: to which article, by whom, and where that stands in its log. */
export interface Heard {
  readonly articleId: string;
  readonly by: Person;
  readonly position: string;
}
type Ask<T extends string, D> = Command & { type: T; data: D };
/** A thread follows its article: only reactions command it. */
export type ThreadCommand =
  | Ask<'open', Heard & { version: number }>
  | Ask<'freeze', Heard & { why: 'held' | 'unpublished' | 'kill-asked' }>
  | Ask<'restore', Heard>
  | Ask<'close', Heard>;

export interface Thread {
  readonly status: 'none' | 'open' | 'frozen' | 'closed';
  readonly id: string;
  /** Nothing is shown before a person has let it stand. */
  readonly mode: 'pre-moderated';
  /** Versions of the article that readers have had. */
  readonly versions: readonly number[];
  /** The last of publication's events that counted. */
  readonly position: string;
}
const initial: Thread = { status: 'none', id: '', mode: 'pre-moderated', versions: [], position: '' };

const restored = (data: Heard, { status }: Thread): ThreadEvent[] =>
  status === 'frozen' ? [{ type: 'ThreadRestored', data }] : [];

const by = ['reaction'];
const rules: Rules<Thread, ThreadCommand, ThreadEvent> = {
  open: {
    from: ['none', 'open', 'frozen'],
    by,
    decide: ({ data: { version, ...heard } }, state) => [
      ...(state.status === 'none' ? [{ type: 'ThreadOpened', data: { ...heard, mode: state.mode } } as const] : []),
      ...restored(heard, state),
      ...(state.versions.includes(version) ? [] : [{ type: 'VersionShown', data: { ...heard, version } } as const]),
    ],
  },
  freeze: {
    from: ['open', 'frozen'],
    by,
    decide: ({ data }, { status }) => (status === 'open' ? [{ type: 'ThreadFrozen', data }] : []),
  },
  restore: { from: ['open', 'frozen'], by, decide: ({ data }, state) => restored(data, state) },
  close: {
    from: ['open', 'frozen', 'closed'],
    by,
    decide: ({ data }, { status }) =>
      status === 'closed' ? [] : [{ type: 'ThreadClosed', data: { ...data, why: 'killed' } }],
  },
};

const to = (status: Thread['status']) => (state: Thread, heard: Pick<Heard, 'position'>) => ({
  ...state,
  ...{ status, position: heard.position },
});
const fold: Fold<Thread, ThreadEvent> = {
  ThreadOpened: (state, { articleId: id, mode, position }) => ({ ...state, status: 'open', id, mode, position }),
  VersionShown: (state, { version, position }) => ({ ...state, versions: [...state.versions, version], position }),
  ThreadFrozen: to('frozen'),
  ThreadRestored: to('open'),
  ThreadClosed: to('closed'),
};

export const thread = decider(initial, rules, fold);

/** Comments are taken and decided while their thread is open. `allowed` is what can be done all the same. */
export function notOpen({ status: state }: Thread, allowed: readonly Action[] = []): Rejection | undefined {
  if (state === 'open') return undefined;
  if (state === 'none') return new Rejection('not-found', 'No article of that id has a thread.');
  if (state === 'frozen') return new Rejection('thread-frozen', 'The article is held.', { state, allowed });
  return new Rejection('thread-closed', 'The article was withdrawn.', { state, allowed });
}
