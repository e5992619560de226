import type { ArticleEvent, MoveRule } from '#contracts';
import { type Actor, type Command, type Fold, Rejection, type Rules } from '#decider';
import type { Known } from '../desk/desk.ts';
import { lacks } from '../desk/requirements.ts';
import { currentOf } from './line.ts';
import { type Article, event, isAt, rolesIn, unspiked } from './state.ts';

interface Move {
  /** Without one, to another stage of its desk. */
  readonly desk?: string | undefined;
  readonly stage?: string | undefined;
  readonly reason: string;
}
export type MoveCommand = Command & {
  type: 'move';
  data: Move;
  given?: { readonly desk?: Known; readonly target?: Known };
};
type Moved = Extract<ArticleEvent, { type: 'ArticleMoved' }>;
interface Place {
  readonly desk: string;
  readonly stage: string;
}
const by = ['editor', 'receiving-editor'];

const placeOf = ({ desk, stage = '' }: Article): Place => ({ desk, stage });
/** Where it goes: to the first stage of another desk unless told. */
function placed(from: Place, to: Move, stages: readonly string[] = []): Place {
  const desk = to.desk ?? from.desk;
  const [first = ''] = stages;
  const stage = to.stage ?? (desk === from.desk ? from.stage : first);
  if (stage !== '' && !stages.includes(stage))
    throw new Rejection('unknown-stage', 'The desk has no such stage.', { stages });
  return { desk, stage };
}

/** Whether a rule of a desk is about what happens at one end of a move. */
const concerns = (rule: MoveRule, way: MoveRule['way'], { there, leaves }: { there: Place; leaves: boolean }) =>
  rule.way === way && (rule.stage === undefined ? leaves : rule.stage === there.stage);
function matches({ kinds, states, lacking }: MoveRule, { kind, status, line }: Article): boolean {
  const { content } = currentOf(line);
  return (
    (kinds?.includes(kind) ?? true) &&
    (states?.includes(status) ?? true) &&
    (lacking?.some((of) => lacks(content, of)) ?? true)
  );
}
/** The first rule of either desk that is against it says why. */
function checkRules(state: Article, from: Place, to: Place, { desk, target }: NonNullable<MoveCommand['given']>): void {
  const leaves = from.desk !== to.desk;
  const out = (desk?.moveRules ?? []).filter((rule) => concerns(rule, 'out', { there: from, leaves }));
  const into = (target?.moveRules ?? []).filter((rule) => concerns(rule, 'in', { there: to, leaves }));
  const [against] = [
    ...out.map((rule) => ({ rule, desk: from.desk })),
    ...into.map((rule) => ({ rule, desk: to.desk })),
  ].filter(({ rule }) => matches(rule, state));
  if (against)
    throw new Rejection('move-refused', against.rule.reason, { desk: against.desk, rule: against.rule.rule });
}
const appliedOf = ({ desk, target }: NonNullable<MoveCommand['given']>) => ({
  ...{ from: desk?.version ?? 0, to: target?.version ?? 0 },
});
function checkEditor(state: Article, to: Place, actor: Actor): void {
  if (rolesIn(state, actor).includes('editor') || isAt(actor, to.desk, 'editor')) return;
  throw new Rejection('other-desk', 'An editor of either desk moves it.', { by });
}

export const moveRules: Rules<Article, MoveCommand, ArticleEvent> = {
  move: {
    from: unspiked,
    by,
    decide: ({ data, actor, given = {} }, state) => {
      const from = placeOf(state);
      const to = placed(from, data, given.target?.stages);
      checkEditor(state, to, actor);
      if (to.desk === from.desk && to.stage === from.stage) return [];
      checkRules(state, from, to, given);
      const handedIn = to.desk !== from.desk && state.status === 'editing' ? 'submitted' : state.status;
      const told = { from, to, reason: data.reason, state: handedIn, applied: appliedOf(given) };
      return [event('ArticleMoved', state, actor, told)];
    },
  },
};

export const moveFold: Fold<Article, Moved> = {
  ArticleMoved: (state, { from, to: { desk, stage }, state: status }) => ({
    ...{ ...state, desk, stage, status: status as Article['status'] },
    editor: from.desk === desk ? state.editor : '',
  }),
};
