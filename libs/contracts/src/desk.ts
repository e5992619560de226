import Type, { type Static } from 'typebox';
import { Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const strict = { additionalProperties: false } as const;
const desk = { desk: Type.String(), by: Person };

/** What a text is measured by: characters of a line or of each paragraph, names of the byline, keywords, paragraphs, words. */
export const measures = [
  ...(['slugline', 'headline', 'standfirst', 'dateline', 'section'] as const),
  ...(['byline', 'keywords', 'paragraphs', 'paragraph', 'words'] as const),
] as const;
/** The same of the images of a text: how many there are, and characters of what has to be said of each. */
export const imageMeasures = ['images', 'image-caption', 'image-alt', 'image-credit', 'image-rights'] as const;
const bound = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));
export const Requirement = Type.Object(
  {
    of: Type.Enum([...measures, ...imageMeasures], {
      description:
        'characters of a line, of each paragraph or of each image; names, keywords, paragraphs, words or images of the text',
    }),
    min: bound('1: it must not be missing'),
    max: bound('at most'),
    warning: Type.Optional(Type.Boolean({ description: 'it may be passed over by whoever approves' })),
  },
  strict,
);
export type Requirement = Static<typeof Requirement>;

const list = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));
export const MoveRule = Type.Object(
  {
    rule: Type.String({ description: 'its name' }),
    way: Type.Enum(['in', 'out'], { description: 'what comes here, or what leaves' }),
    stage: Type.Optional(Type.String({ description: 'this stage of the desk; without it, the desk' })),
    kinds: list('only articles of these kinds'),
    states: list('only articles in these states'),
    lacking: Type.Optional(
      Type.Array(Type.Enum(measures), { description: 'only texts that have nothing of one of these' }),
    ),
    reason: Type.String({ description: 'what whoever wants to move it is told' }),
  },
  strict,
);
export type MoveRule = Static<typeof MoveRule>;

export const approvers = ['editor', 'legal', 'duty-editor', 'chief'] as const;
export const ApprovalStep = Type.Object(
  { step: Type.String({ description: 'its name' }), by: Type.Enum(approvers, { description: 'who takes it' }) },
  strict,
);
export type ApprovalStep = Static<typeof ApprovalStep>;

/** What desks have settled for their articles. Nothing of it leaves drafting: what it did to an article, events of that article tell. */
export const deskContracts = [
  contract('DeskRequirementsSet', 2, 'A chief said what texts of this kind need on this desk', {
    ...desk,
    kind: Type.String(),
    requirements: Type.Array(Requirement),
  }),
  contract('DeskMemberSet', 1, 'Somebody is of the desk from now on, in these roles; in none, no longer', {
    ...desk,
    person: Type.String(),
    roles: Type.Array(Type.String()),
  }),
  contract('DeskStagesSet', 1, 'The stages that an article goes through on this desk, the first first', {
    ...desk,
    stages: Type.Array(Type.String()),
  }),
  contract('DeskMoveRulesSet', 1, 'What may not be moved here or away, and why', {
    ...desk,
    rules: Type.Array(MoveRule),
  }),
  contract(
    'DeskApprovalSet',
    1,
    'The steps in which texts of this desk are approved; without any, one editor does it',
    {
      ...desk,
      steps: Type.Array(ApprovalStep),
    },
  ),
  contract(
    'DeskLoneApprovalSet',
    1,
    'Whether what is most urgent may be approved by one person, with a second look owed',
    {
      ...desk,
      allowed: Type.Boolean(),
    },
  ),
] as const;
export type DeskEvent = EventOf<(typeof deskContracts)[number]>;
