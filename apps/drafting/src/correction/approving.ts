import type { CorrectionEvent } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import { checkSeen, type Gate, gatesRefused, isWarning, passing } from '../article/approval.ts';
import { appliedIn, type Held, textGates } from '../article/approving.ts';
import { currentOf } from '../article/line.ts';
import { check, type CheckCommand, checkRules, legalGates, publicationGates } from '../article/legal.ts';
import {
  aloneWith,
  type CountersignCommand,
  countersignRow,
  eyesRefused,
  owed,
  secondLookRow,
} from '../article/lone.ts';
import { byId } from '../article/merging.ts';
import { noteGates } from '../article/notes.ts';
import { type Article, initial } from '../article/state.ts';
import { approversOf, isLastStep, passed, stepRefused } from '../article/steps.ts';
import { stepRules, type StepsCommand } from './steps.ts';
import { anonymous, type Quoted, sourceGates } from '../sourcing/gates.ts';
import { authorsOf, changes, copied, type Correction, event, seen } from './state.ts';

type Ask<T extends string, D> = Command & { type: T; data: D };
/** Beside what a text is held against, the article that is corrected. */
type Given = Held['given'] & { readonly article?: Article };
export type ApprovingCommand =
  | (Ask<'approve', { version: number; confirm?: readonly string[] | undefined; alone?: string | undefined }> & {
      given?: Given;
    })
  | CheckCommand
  | CountersignCommand
  | StepsCommand;
type ApprovingEvent = Extract<
  CorrectionEvent,
  {
    type:
      | 'CorrectionApproved'
      | 'CorrectionApprovedAlone'
      | 'CorrectionCountersigned'
      | 'CorrectionSecondLookOverdue'
      | 'CorrectionLegalCheckRequested'
      | 'CorrectionLegalCheckAnswered'
      | 'CorrectionLegalCheckWaived'
      | 'CorrectionLegalCheckPendingChanged';
  }
>;

/** What the text that readers have falls short of already is a warning: whoever corrects something else need not put it right. */
function ofText({ line }: Correction, kind: string, given: Given): Gate[] {
  const before = new Set(textGates(copied(line), kind, given).map((gate) => JSON.stringify(gate)));
  return textGates(currentOf(line).content, kind, given).map((gate) =>
    before.has(JSON.stringify(gate)) ? { ...gate, warning: true } : gate,
  );
}

/** A check of the article that is open, or was answered with a refusal, is not one of this text: it needs one of its own. */
function legal(state: Correction, { legal: ofArticle }: Pick<Article, 'legal'>): Gate[] {
  if (state.legal || !ofArticle || !['required', 'refused'].includes(ofArticle.status)) return legalGates(state);
  return [{ gate: 'legal-check' }];
}

/** What is held against the article, as far as it is about what is corrected here. */
function ofArticle(state: Correction, article: Article): Gate[] {
  const changed = changes(state);
  // What lawyers want changed in the article is told by the check.
  const concerns = noteGates(article, ({ block, legal: ofCheck }) => !ofCheck && (!block || changed.includes(block)));
  return [...legal(state, article), ...publicationGates(article), ...concerns];
}

/** Who may not be the only one to verify a source: whoever wrote what is quoted. An editor who knows it may correct what is out already. */
function writersOf({ line, writers }: Correction, { block, speaker }: Quoted): readonly string[] {
  if (anonymous(byId(copied(line)).get(block)).includes(speaker)) return [];
  return [...writers, currentOf(line).authors.get(block) ?? ''];
}

const gates = (state: Correction, { sourcing, article = initial, ...given }: Given = {}): Gate[] => [
  ...ofText(state, article.kind, given),
  ...sourceGates(currentOf(state.line), (quoted) => writersOf(state, quoted), sourcing, state.id),
  ...ofArticle(state, article),
];

function nothingCorrected(state: Correction): Rejection | undefined {
  if (changes(state).length > 0) return undefined;
  return new Rejection('nothing-corrected', 'It reads as the published version does.');
}

const notYet = (state: Correction, actor: Actor, given?: Given) =>
  gatesRefused(gates(state, given), isWarning) ?? eyesRefused(seen(state), actor, given?.desk);

export const approvingRules: Rules<Correction, ApprovingCommand, CorrectionEvent> = {
  approve: {
    from: ['open'],
    by: approversOf,
    guard: (state, actor, given) =>
      nothingCorrected(state) ??
      stepRefused(state, actor) ??
      (isLastStep(state) ? notYet(state, actor, given) : undefined),
    decide: ({ data: { version: seenVersion, confirm = [], alone }, actor, now: at, given }, state) => {
      checkSeen(state.line, seenVersion);
      const step = passed(state);
      if (step) return [event('CorrectionApprovalStepPassed', state, actor, step)];
      const passedOver = passing(gates(state, given), confirm);
      const lone = aloneWith(seen(state), actor, alone);
      const { number: version, content } = currentOf(state.line);
      const text = { base: state.base, version, content, ancestor: copied(state.line), changed: changes(state) };
      return [
        event('CorrectionApproved', state, actor, { ...text, ...authorsOf(state), ...passedOver, ...appliedIn(given) }),
        ...(lone ? [event('CorrectionApprovedAlone', state, actor, { at, ...lone })] : []),
      ];
    },
  },
  ...stepRules,
  ...checkRules<Correction, CorrectionEvent>(['open'], {
    requested: (state, by, told) => [event('CorrectionLegalCheckRequested', state, by, told)],
    answered: (state, by, told) => [event('CorrectionLegalCheckAnswered', state, by, told)],
    waived: (state, by, told) => [event('CorrectionLegalCheckWaived', state, by, told)],
  }),
  ...countersignRow<Correction, CorrectionEvent>(['approved'], (state, by, told) =>
    event('CorrectionCountersigned', state, by, told),
  ),
};

export const secondLookRules = secondLookRow<Correction, CorrectionEvent>(['approved'], (state, by, told) =>
  event('CorrectionSecondLookOverdue', state, by, told),
);

export const approvingFold: Fold<Correction, ApprovingEvent> = {
  CorrectionApproved: (state) => ({ ...state, status: 'approved' }),
  CorrectionApprovedAlone: (state, { by, ...told }) => ({ ...state, secondLook: owed(by, told) }),
  CorrectionCountersigned: (state) => ({ ...state, secondLook: undefined }),
  CorrectionSecondLookOverdue: (state) => ({
    ...state,
    secondLook: state.secondLook && { ...state.secondLook, overdue: true },
  }),
  CorrectionLegalCheckRequested: (state, told) => ({ ...state, legal: check.requested(told) }),
  CorrectionLegalCheckAnswered: (state, told) => ({ ...state, legal: check.answered(told) }),
  CorrectionLegalCheckWaived: (state, told) => ({ ...state, legal: check.waived(told) }),
  CorrectionLegalCheckPendingChanged: (state) => state,
};
