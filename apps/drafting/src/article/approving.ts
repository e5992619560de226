import type { ArticleEvent, Content } from '#contracts';
import type { Actor, Command, Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { gatesOf } from '../desk/requirements.ts';
import { sourceGates } from '../sourcing/gates.ts';
import type { Sourcing } from '../sourcing/state.ts';
import { type Standing, styleGates } from '../style/matching.ts';
import { checkSeen, type Gate, gatesRefused, isWarning, passing } from './approval.ts';
import { conflictGates } from './conflicts.ts';
import { conditionsTold } from './lineage.ts';
import { currentOf } from './line.ts';
import { legalGates, publicationGates } from './legal.ts';
import { aloneWith, type CountersignCommand, countersignRules, eyesRefused } from './lone.ts';
import { noteGates } from './notes.ts';
import { type Article, event, writersOf } from './state.ts';
import { approversOf, isLastStep, passed, stepRefused, stepRules, type StepCommand } from './steps.ts';
import { withdrawalPending } from './withdrawing.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
/** What the text is held against, from outside of the article. */
export interface Held {
  given?: {
    readonly desk?: Known;
    /** The rules of the language of the text that hold, and how often they were changed. */
    readonly style?: { readonly rules: readonly Standing[]; readonly version: number };
    readonly sourcing?: Sourcing;
    /** Ids of the originals of which it is a translation, and which read otherwise since. */
    readonly behind?: readonly string[];
  };
}
export type ApprovingCommand =
  | (Ask<'approve', { version: number; confirm?: readonly string[] | undefined; alone?: string | undefined }> & Held)
  | CountersignCommand
  | StepCommand;

/** What a text of this kind falls short of, by its desk and by house style. */
export const textGates = (content: Content, kind: string, { desk, style }: Held['given'] = {}): Gate[] => [
  ...gatesOf(content, kind, desk),
  ...styleGates(content, style?.rules),
];
const gatesNow = (state: Article, { sourcing, behind = [], ...given }: Held['given'] = {}): readonly Gate[] => [
  ...textGates(currentOf(state.line).content, state.kind, given),
  ...sourceGates(currentOf(state.line), () => writersOf(state), sourcing),
  ...[...conflictGates(state), ...legalGates(state), ...publicationGates(state), ...noteGates(state)],
  ...behind.map(() => ({ gate: 'translation-behind', warning: true })),
];

/** Asked twice for one command, by what guards it and by what it decides: of the same state and the same rules. */
const asked = new WeakMap<Article, { given: Held['given']; gates: readonly Gate[] }>();
function gates(state: Article, given: Held['given']): readonly Gate[] {
  const known = asked.get(state);
  if (known && known.given === given) return known.gates;
  const found = gatesNow(state, given);
  asked.set(state, { given, gates: found });
  return found;
}

export const appliedIn = ({ desk, style }: Held['given'] = {}) =>
  desk ? { applied: { desk: desk.version, ...(style ? { style: style.version } : {}) } } : {};
const notYet = (state: Article, actor: Actor, given: Held['given']) =>
  gatesRefused(gates(state, given), isWarning) ?? eyesRefused(state, actor, given?.desk);

export const approvingRules: Rules<Article, ApprovingCommand, ArticleEvent> = {
  approve: {
    from: ['editing'],
    by: approversOf,
    guard: (state, actor, given) =>
      withdrawalPending(state) ??
      stepRefused(state, actor) ??
      (isLastStep(state) ? notYet(state, actor, given) : undefined),
    decide: ({ data: { version: seen, confirm = [], alone }, actor, now, given }, state) => {
      checkSeen(state.line, seen);
      const step = passed(state);
      if (step) return [event('ApprovalStepPassed', state, actor, step)];
      const passedOver = passing(gates(state, given), confirm);
      const lone = aloneWith(state, actor, alone);
      const { desk, kind, publication } = state;
      const { number: version, content } = currentOf(state.line);
      return [
        event('ArticleApproved', state, actor, {
          ...{ version, desk, kind, content, knownStops: publication.stops },
          ...passedOver,
          ...conditionsTold(state),
          ...appliedIn(given),
        }),
        ...(lone ? [event('ApprovedAlone', state, actor, { at: now, ...lone })] : []),
      ];
    },
  },
  ...stepRules,
  ...countersignRules,
};
