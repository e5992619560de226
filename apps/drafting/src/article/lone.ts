import type { ArticleEvent, Content, Person } from '#contracts';
import { type Actor, type Command, type Fold, later, Rejection, type Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { fourEyesRefused, unseenBy } from './approval.ts';
import { person } from './editing.ts';
import { currentOf } from './line.ts';
import { type Article, event, type SecondLook, unspiked } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
export type CountersignCommand = Ask<'countersign', { version: number }>;
/** Told by a timer: nobody has looked in time. */
export type SecondLookDue = Ask<'second-look-due', { version: number }>;
type LoneEvent = Extract<ArticleEvent, { type: 'ApprovedAlone' | 'Countersigned' | 'SecondLookOverdue' }>;

/** What is as urgent as this may go out before a second person has seen it, where the desk allows it. */
const urgent = 2;
const mayAlone = ({ urgency }: Content, desk: Known | undefined) => (desk?.loneApproval ?? false) && urgency <= urgent;

/** Four eyes, but where one pair may do, with a reason and for the time being. */
export function eyesRefused(state: Article, actor: Actor, desk: Known | undefined): Rejection | undefined {
  if (mayAlone(currentOf(state.line).content, desk)) return undefined;
  return fourEyesRefused(state.line, state.cleared, actor);
}

/** What goes with the approval of a text that nobody else has seen. Throws `four-eyes` where no reason is given for it. */
export function approvedAlone(state: Article, actor: Actor, at: string, reason: string | undefined): LoneEvent[] {
  const blocks = unseenBy(state.line, state.cleared, actor);
  if (blocks.length === 0) return [];
  if (reason === undefined)
    throw new Rejection('four-eyes', 'Nobody else has seen these blocks: say why it cannot wait.', { blocks });
  return [event('ApprovedAlone', state, actor, { at, version: state.line.at, blocks, reason })];
}

export const countersignRules: Rules<Article, CountersignCommand, ArticleEvent> = {
  countersign: {
    from: unspiked,
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
      return [event('Countersigned', state, actor, { at, version })];
    },
  },
};

export const secondLookRules: Rules<Article, SecondLookDue, ArticleEvent> = {
  'second-look-due': {
    from: [...unspiked, 'spiked', 'killed'],
    by: ['timer'],
    decide: ({ data: { version }, now: at }, state) => {
      const { secondLook } = state;
      if (secondLook?.version !== version || secondLook.overdue)
        throw new Rejection('timer-outdated', 'It was looked at, or has been told.');
      return [event('SecondLookOverdue', state, secondLook.by, { at, version })];
    },
  },
};

const owed = (by: Person, { at, version, blocks, reason }: Omit<SecondLook, 'by' | 'overdue'>): SecondLook => ({
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
export function secondLookTimers({ secondLook }: Article) {
  if (!secondLook || secondLook.overdue) return [];
  const { version, at } = secondLook;
  return [
    {
      ...{ name: 'second-look', epoch: version, at: later(at, patienceMs) },
      command: { type: 'second-look-due', data: { version } },
    },
  ];
}
