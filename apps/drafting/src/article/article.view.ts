import Type from 'typebox';
import type { Static } from 'typebox';
import { Block, Content, Instant, LinkKind, Person, stopId } from '#contracts';
import * as examples from './article.examples.ts';
import { conflictGates } from './conflicts.ts';
import { legalGates } from './legal.ts';
import { currentOf, latest } from './line.ts';
import type { Article } from './state.ts';

const strict = { additionalProperties: false } as const;
const Version = Type.Integer({ minimum: 1 });
const People = Type.Array(Type.String(), { description: 'ids of persons' });
/** What an article and a correction show alike. */
export const Text = {
  id: Type.String({ format: 'uuid' }),
  desk: Type.String(),
  writers: People,
  version: { ...Version, description: 'of the text: what a revision is based on and an approval names' },
  versions: { ...Version, description: 'how many there are; none is ever dropped' },
  content: Content,
  authors: Type.Record(Type.String(), Type.String(), { description: 'who last wrote each block' }),
  readBy: Type.Record(Type.String(), People, { description: 'who read each block back as it stands' }),
};
const Either = Type.Union([Block, Type.Null(), Type.String(), Type.Number(), Type.Array(Type.String())]);
export const Conflicts = Type.Array(
  Type.Object(
    {
      gate: Type.String(),
      correctionId: Type.String({ format: 'uuid' }),
      block: Type.Optional(Type.String()),
      field: Type.Optional(Type.String({ description: '`blocks` is the order of the blocks, as their ids' })),
      current: { ...Either, description: 'as the working line has it; null where it has no such block' },
      corrected: { ...Either, description: 'as the correction has it' },
      ancestor: { ...Either, description: 'as it was out when the correction was opened' },
      proposal: { ...Either, description: 'what could be saved instead' },
      clear: Type.Boolean({ description: 'both changes are in the proposal, each in its place' }),
    },
    strict,
  ),
  { description: 'what corrections want otherwise, until somebody has read it back or saved it' },
);

const said = { by: Person, at: Instant, why: Type.String() };
const LegalView = Type.Object(
  {
    ...said,
    status: Type.String({ description: 'required, passed, waived or refused' }),
    version: Type.Integer({ minimum: 0, description: 'the version answered for; 0 before the answer' }),
    pending: Type.Array(Type.String(), {
      description: 'blocks and fields changed since that version, for which the check is required again',
    }),
  },
  strict,
);

const Links = Type.Array(
  Type.Object(
    {
      ...{ as: LinkKind, articleId: Type.String({ format: 'uuid' }) },
      version: { ...Version, description: 'of the text of the other one, that this link knows' },
      behind: Type.Boolean({ description: 'a translation whose original reads otherwise since that version' }),
    },
    strict,
  ),
);
const Descendants = Type.Array(
  Type.Object({ as: LinkKind, articleId: Type.String({ format: 'uuid' }), version: Version, by: Person }, strict),
  { description: 'articles that were begun from this one' },
);
const embargo = { until: Instant, zone: Type.String(), reason: Type.String() };

const Tasks = Type.Array(
  Type.Object(
    {
      ...{ id: Type.String(), by: Person, at: Instant },
      task: Type.String({ description: 'what it is for: retracted-source, origin-killed, original-corrected' }),
      version: { ...Version, description: 'of the text that it is about' },
      out: Type.Boolean({ description: 'readers have that text' }),
      blocks: Type.Array(Type.String()),
      settled: Type.Optional(Type.Object({ by: Person, at: Instant, how: Type.String() }, strict)),
    },
    strict,
  ),
  { description: 'what has to be done about it, and what was' },
);
const ApprovalView = Type.Object(
  {
    steps: Type.Array(
      Type.Object(
        {
          step: Type.String(),
          by: Type.String({ description: 'who takes it' }),
          state: Type.Enum(['open', 'passed', 'skipped', 'rejected']),
          who: Type.Optional(Person),
          version: Type.Optional({ ...Version, description: 'that was passed' }),
          reason: Type.Optional(Type.String({ description: 'why it was skipped or rejected' })),
        },
        strict,
      ),
    ),
  },
  strict,
);

const SecondLookView = Type.Object(
  {
    ...{ by: Person, at: Instant, version: Version, reason: Type.String() },
    blocks: Type.Array(Type.String(), { description: 'that nobody else has seen' }),
    overdue: Type.Boolean({ description: 'nobody has looked within the hour' }),
  },
  strict,
);

/** What an article and a correction show alike of what stands before them, and what is owed of them. */
export const Checks = {
  approval: Type.Union([ApprovalView, Type.Null()], { description: 'in several steps, where its desk has it so' }),
  legal: Type.Union([LegalView, Type.Null()], { description: 'the legal check, once one was asked for' }),
  secondLook: Type.Union([SecondLookView, Type.Null()], { description: 'owed of what one person approved alone' }),
};

const Withdrawal = Type.Object({ by: Person, version: Version, reason: Type.String(), ...stopId }, strict);

export const ArticleView = Type.Object(
  {
    ...Text,
    state: Type.String(),
    stage: Type.String({ description: 'of its desk; empty where that has none' }),
    kind: Type.String(),
    assignee: Type.Union([Person, Type.Null()], { description: 'who is to see to it, and writes it as well' }),
    editor: Type.String({ description: 'who claimed it; empty when nobody did' }),
    approved: Type.Integer({ minimum: 0, description: 'the version approved last; 0 before the first' }),
    conflicts: Conflicts,
    ...Checks,
    withdrawal: Type.Union([Withdrawal, Type.Null()], {
      description: 'an approval was withdrawn, and publication has not answered yet',
    }),
    notForPublication: Type.Union([Type.Object(said, strict), Type.Null()]),
    ...{ links: Links, descendants: Descendants },
    tasks: Tasks,
    embargo: Type.Union([Type.Object(embargo, strict), Type.Null()], { description: 'it may not go out before' }),
    deadline: Type.Union([Type.Object({ at: Instant, zone: Type.String() }, strict), Type.Null()]),
    publication: Type.Object(
      {
        state: Type.String(),
        version: Type.Integer({ minimum: 0, description: 'the version last out; 0 when none was' }),
      },
      { ...strict, description: 'as drafting has heard of it' },
    ),
  },
  { ...strict, examples: [examples.view] },
);

/** An article as its editors see it: the newest text whole, of the older versions that they are there. `behind` are ids of originals. */
export function articleView(state: Article, behind: readonly string[] = []): Static<typeof ArticleView> {
  const { id, status, desk, stage = '', kind, writers, editor, approved, publication, line } = state;
  return {
    ...{
      id,
      state: status,
      desk,
      stage,
      kind,
      writers: [...writers],
      editor,
      approved,
      conflicts: conflictGates(state),
    },
    ...textView(line),
    ...checksView(state),
    withdrawal: state.withdrawn ?? null,
    notForPublication: state.notForPublication ?? null,
    ...lineageView(state, behind),
    tasks: (state.tasks ?? []).map((task) => ({ ...task, blocks: [...task.blocks] })),
    assignee: state.assignee ?? null,
    deadline: state.deadline ? { at: state.deadline.at, zone: state.deadline.zone } : null,
    publication: { state: publication.state, version: publication.version },
  };
}

function lineageView({ links = [], descendants = [], embargo }: Article, behind: readonly string[]) {
  return {
    links: links.map((link) => ({ ...link, behind: link.as === 'translation-of' && behind.includes(link.articleId) })),
    descendants: descendants.map(({ id: articleId, as, version, by }) => ({ as, articleId, version, by })),
    embargo: embargo ?? null,
  };
}

function approvalView({ approval }: Pick<Article, 'approval'>): Static<typeof ApprovalView> | null {
  if (!approval) return null;
  const { steps, settled, rejected } = approval;
  return {
    steps: steps.map((one) => {
      const done = settled.find(({ step }) => step === one.step);
      if (done?.skipped !== undefined) return { ...one, state: 'skipped', who: done.by, reason: done.skipped };
      if (done) return { ...one, state: 'passed', who: done.by, version: done.version };
      if (rejected?.step !== one.step) return { ...one, state: 'open' };
      return { ...one, state: 'rejected', who: rejected.by, reason: rejected.reason };
    }),
  };
}

export const checksView = ({ line, legal, secondLook, approval }: Pick<Article, 'line' | keyof typeof Checks>) => ({
  approval: approvalView({ approval }),
  legal: legalView({ line, legal }),
  secondLook: secondLook ? { ...secondLook, blocks: [...secondLook.blocks] } : null,
});
function legalView(state: Pick<Article, 'line' | 'legal'>): Static<typeof LegalView> | null {
  if (!state.legal) return null;
  const pending = legalGates(state).flatMap(({ block, field }) => block ?? field ?? []);
  return { ...state.legal, pending, ...(pending.length > 0 ? { status: 'required' } : {}) };
}

/** The text where a line stands, and who stands behind it. */
export function textView(line: Article['line']) {
  const { number, content, authors } = currentOf(line);
  return {
    ...{ version: number, versions: latest(line), content },
    authors: Object.fromEntries(authors),
    readBy: Object.fromEntries([...line.readBy].map(([block, people]) => [block, [...people]])),
  };
}

export const Actions = Type.Object(
  {
    actions: Type.Array(
      Type.Object(
        { command: Type.String(), by: Type.Array(Type.String(), { description: 'any of these roles' }) },
        strict,
      ),
    ),
    knows: Type.Object(
      { publication: Type.String({ description: "the last position of publication's log that counted" }) },
      strict,
    ),
  },
  { ...strict, examples: [examples.actions] },
);
