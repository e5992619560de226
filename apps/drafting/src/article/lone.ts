import type { ArticleEvent, Content, Person } from '#contracts';
import { type Actor, type Command, type Fold, later, Rejection, type Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { type Cleared, fourEyesRefused, unseenBy } from './approval.ts';
import { person } from './editing.ts';
import { currentOf, type Line } from './line.ts';
import { type Article, event, type SecondLook, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
export type CountersignCommand = Ask<'countersign', { version: number }>;
/** Told by a timer: nobody has looked in time. */
export type SecondLookDue = Ask<'second-look-due', { version: number }>;
type LoneEvent = Extract<ArticleEvent, { type: 'ApprovedAlone' | 'Countersigned' | 'SecondLookOverdue' }>;

/** What is as urgent as this may go out before a second person has seen it, where the desk allows it. */
const urgent = 2;
const mayAlone = ({ urgency }: Content, desk: Known | undefined) => (desk?.loneApproval ?? false) && urgency <= urgent;

interface Seen {
  readonly line: Line;
  readonly cleared: Cleared;
}
/** Four eyes, but where one pair may do, with a reason and for the time being. */
export function eyesRefused({ line, cleared }: Seen, actor: Actor, desk: Known | undefined): Rejection | undefined {
  if (mayAlone(currentOf(line).content, desk)) return undefined;
  return fourEyesRefused(line, cleared, actor);
}

/** The blocks that nobody but who approves them has seen. Throws `four-eyes` where no reason is given for it. */
export function aloneWith({ line, cleared }: Seen, actor: Actor, reason: string | undefined) {
  const blocks = unseenBy(line, cleared, actor);
  if (blocks.length === 0) return undefined;
  if (reason === undefined)
    throw new Rejection('four-eyes', 'Nobody else has seen these blocks: say why it cannot wait.', { blocks });
  return { version: line.at, blocks, reason };
}

/** Something that one person may have approved alone: an article, or a correction. */
interface Owing {
  readonly status: string;
  readonly secondLook?: SecondLook | undefined;
}
type Tell<S, E> = (state: S, by: Person, told: { at: string; version: number }) => E;

export const countersignRow = <S extends Owing, E>(
  from: readonly S['status'][],
  tell: Tell<S, E>,
): Rules<S, CountersignCommand, E> => ({
  countersign: {
    from,
    by: ['editor'],
    guard: ({ secondLook }, actor) => {
      if (!secondLook) return new Rejection('no-second-look', 'No second look at it is owed.');
      return secondLook.by.id === actor.id
        ? new Rejection('second-person', 'You approved it yourself: somebody else looks at it.')
        : undefined;
    },
    decide: ({ data: { version }, actor, now: at }, state) => {
      if (version !== state.secondLook?.version)
        throw new Rejection('version-seen-stale', 'Another version was approved by one person alone.', {
          ...{ seen: version, version: state.secondLook?.version },
        });
      return [tell(state, actor, { at, version })];
    },
  },
});
export const secondLookRow = <S extends Owing, E>(
  from: readonly S['status'][],
  tell: Tell<S, E>,
): Rules<S, SecondLookDue, E> => ({
  'second-look-due': {
    from,
    by: ['timer'],
    decide: ({ data: { version }, now: at }, state) => {
      const { secondLook } = state;
      if (secondLook?.version !== version || secondLook.overdue)
        throw new Rejection('timer-outdated', 'It was looked at, or has been told.');
      return [tell(state, secondLook.by, { at, version })];
    },
  },
});
export const countersignRules = countersignRow<Article, ArticleEvent>(unspiked, (state, by, told) =>
  event('Countersigned', state, by, told),
);
export const secondLookRules = secondLookRow<Article, ArticleEvent>(
  [...unspiked, 'spiked', 'killed'],
  (state, by, told) => event('SecondLookOverdue', state, by, told),
);

export const owed = (by: Person, { at, version, blocks, reason }: Omit<SecondLook, 'by' | 'overdue'>): SecondLook => ({
  ...{ by: person(by), at, version, blocks, reason, overdue: false },
});
export const loneFold: Fold<Article, LoneEvent> = {
  // What was owed of an earlier version is so of this one.
  ApprovedAlone: (state, { by, blocks, ...told }) => ({
    ...state,
    secondLook: owed(by, { ...told, blocks: [...new Set([...(state.secondLook?.blocks ?? []), ...blocks])] }),
  }),
  Countersigned: (state) => ({ ...state, secondLook: undefined }),
  SecondLookOverdue: (state) => ({
    ...state,
    secondLook: state.secondLook && { ...state.secondLook, overdue: true },
  }),
};

const patienceMs = 3_600_000;
/** An hour after an approval by one person, whoever is above them hears of it. */
export function secondLookTimers({ secondLook }: Pick<Owing, 'secondLook'>) {
  if (!secondLook || secondLook.overdue) return [];
  const { version, at } = secondLook;
  return [
    {
      ...{ name: 'second-look', epoch: version, at: later(at, patienceMs) },
      command: { type: 'second-look-due', data: { version } },
    },
  ];
}
