import type { ApprovalStep, ArticleEvent, Block, Content, LinkKind, Person } from '#contracts';
import type { Actor } from '#decider';
import type { Cleared } from './approval.ts';
import { person } from './editing.ts';
import { emptyLine, hasWritten, type Line } from './line.ts';
import type { BlockGap, FieldGap } from './merging.ts';

export type Kind = 'story' | 'flash' | 'analysis';
export type Working = 'draft' | 'submitted' | 'returned' | 'editing' | 'approved';
/** Who said it last, when, and why. */
interface Said {
  readonly by: Person;
  readonly at: string;
  readonly why: string;
}
export interface LegalCheck extends Said {
  readonly status: 'required' | 'passed' | 'waived' | 'refused';
  /** The version that was answered for; 0 before. */
  readonly version: number;
}
export interface Note {
  readonly id: string;
  readonly by: Person;
  readonly at: string;
  readonly note: string;
  /** It stands against an approval until it is resolved. */
  readonly blocking: boolean;
  readonly mentions: readonly string[];
  /** It is of the legal check, which resolves it. */
  readonly legal?: boolean;
  readonly block?: string;
  /** In UTF-16 units of the block's HTML as it stands. */
  readonly range?: { readonly from: number; readonly to: number };
  readonly resolved?: { readonly by: Person; readonly at: string };
}
/** Other words for a block, as somebody proposed them for the version that they saw. */
export interface Suggestion {
  readonly id: string;
  readonly by: Person;
  readonly at: string;
  readonly version: number;
  readonly proposed: Block;
  readonly note: string;
  readonly decided?: { readonly by: Person; readonly at: string; readonly accepted: boolean; readonly reason: string };
}
/** How it has to do with another article, and which version of that one's text it knows. */
export interface Link {
  readonly as: LinkKind;
  readonly articleId: string;
  readonly version: number;
}
export interface Embargo {
  readonly until: string;
  readonly zone: string;
  readonly reason: string;
}
/** An article that was begun from this one. */
interface Descendant {
  readonly id: string;
  readonly as: LinkKind;
  readonly version: number;
  readonly desk: string;
  readonly language: string;
  readonly by: Person;
  readonly embargo?: Embargo;
}
interface Deadline {
  readonly at: string;
  readonly zone: string;
  /** The version that was approved before it was set, if one was. */
  readonly since?: number;
  /** That it is over was told. */
  readonly missed?: boolean;
}
/** Something that has to be done about it. */
export interface Task {
  readonly id: string;
  readonly by: Person;
  readonly at: string;
  readonly task: string;
  /** Of the text that it is about; `out` says that readers have that one. */
  readonly version: number;
  readonly out: boolean;
  readonly blocks: readonly string[];
  readonly settled?: { readonly by: Person; readonly at: string; readonly how: string };
}
export interface Approval {
  /** In which the text is approved, in this order. */
  readonly steps: readonly ApprovalStep[];
  /** Those that are passed for a version, or skipped for a reason. */
  readonly settled: readonly {
    readonly step: string;
    readonly by: Person;
    readonly version: number;
    readonly skipped?: string;
  }[];
  readonly rejected?: { readonly step: string; readonly by: Person; readonly reason: string } | undefined;
}
/** What a correction wanted otherwise than the working line has it, until somebody has looked. */
export type Conflict = { readonly correctionId: string } & (BlockGap | FieldGap);
/** What one person approved alone, and nobody else has looked at yet. */
export interface SecondLook {
  readonly version: number;
  readonly by: Person;
  readonly at: string;
  readonly reason: string;
  readonly blocks: readonly string[];
  /** It was told to whoever is above them. */
  readonly overdue: boolean;
}
/** What a stop asks for where it comes too late: to be told so, or that it is held as well. */
export const ifOuts = ['tell', 'hold'] as const;
export type IfOut = (typeof ifOuts)[number];
/** What is held then: that very version, or whatever is out of the article. */
export const holding = (ifOut: IfOut | undefined, hold: 'version' | 'article') => (ifOut === 'hold' ? { hold } : {});
/** An approval that was taken back; `stopId` names the stop that was asked for with it. */
export interface Withdrawn {
  readonly by: Person;
  readonly version: number;
  readonly reason: string;
  readonly stopId?: string;
}
export interface Article {
  readonly status: 'none' | Working | 'spiked' | 'killed';
  readonly id: string;
  readonly desk: string;
  /** Of the desk, where it has stages. */
  readonly stage?: string;
  readonly kind: Kind;
  readonly writers: readonly string[];
  /** Who is to see to it; they write it as well. */
  readonly assignee?: Person | undefined;
  /** Who claimed it, while it is being edited. */
  readonly editor: string;
  readonly line: Line;
  /** What a spike interrupted. */
  readonly before: Working;
  /** The version that was approved last; 0 before the first. */
  readonly approved: number;
  readonly cleared: Cleared;
  readonly conflicts: readonly Conflict[];
  /** A correction is in the working line and not in the approved version. */
  readonly corrected: boolean;
  /** None until one is asked for. */
  readonly legal?: LegalCheck | undefined;
  readonly notForPublication?: Said | undefined;
  readonly notes?: readonly Note[];
  /** None where one editor approves it. */
  readonly approval?: Approval | undefined;
  readonly suggestions?: readonly Suggestion[];
  readonly tasks?: readonly Task[];
  readonly links?: readonly Link[];
  readonly descendants?: readonly Descendant[];
  readonly embargo?: Embargo | undefined;
  readonly deadline?: Deadline | undefined;
  /** The planned coverages that it is. */
  readonly covers?: readonly { readonly planId: string; readonly coverageId: string }[];
  readonly secondLook?: SecondLook | undefined;
  /** Taken back, and publication has not said yet whether that came in time. */
  readonly withdrawn?: Withdrawn | undefined;
  readonly publication: {
    state: string;
    version: number;
    content?: Content | undefined;
    stops: number;
    position: string;
  };
}
/** The approval that stood last, although it may have been withdrawn: nobody knows yet whether that was in time. 0: there is none. */
export const lastApproved = ({ approved, withdrawn }: Article): number => withdrawn?.version ?? approved;
export const initial: Article = {
  status: 'none',
  id: '',
  desk: '',
  kind: 'story',
  writers: [],
  editor: '',
  line: emptyLine,
  before: 'draft',
  approved: 0,
  cleared: new Map(),
  conflicts: [],
  corrected: false,
  publication: { state: 'none', version: 0, stops: 0, position: '' },
};

export const unfinished: readonly Working[] = ['draft', 'submitted', 'returned', 'editing'];
export const unspiked: readonly Working[] = [...unfinished, 'approved'];

/** Who may write the text as it stands. */
export const revisers = ({ status }: Article): string[] =>
  status === 'editing' ? ['writer', 'editor'] : status === 'submitted' ? ['editor'] : ['writer'];

/** Who works on texts. Beside them, auditors read everything; nobody else sees what is not out. */
const colleagues = ['reporter', 'editor', 'chief', 'legal', 'duty-editor'];
export const newsroom: readonly string[] = [...colleagues, 'auditor'];

const suggests = (suggestions: readonly Suggestion[], { id }: Actor) =>
  suggestions.some(({ by, decided }) => by.id === id && !decided);

/** Whoever started it, their co-writers, and whoever it was assigned to. */
export const writersOf = ({ writers, assignee }: Pick<Article, 'writers' | 'assignee'>): readonly string[] =>
  assignee && !writers.includes(assignee.id) ? [...writers, assignee.id] : writers;

/** Somebody has a role at a desk. */
export const isAt = ({ roles, desks, at }: Actor, desk: string, role: string): boolean =>
  roles.includes(role) && desks.includes(desk) && (at?.[desk]?.includes(role) ?? at === undefined);

/** A chief edits everywhere, an editor on their own desks, and receives on them from others; writer and suggester are so on this article alone; colleague is anybody in the newsroom, desk-member of this desk. */
export function rolesIn(
  { desk, suggestions = [], ...about }: Pick<Article, 'desk' | 'writers' | 'assignee' | 'suggestions'>,
  actor: Actor,
): string[] {
  const has = (role: string) => actor.roles.includes(role);
  const inNewsroom = colleagues.some(has);
  const onDesk = actor.desks.includes(desk);
  const edits = has('editor') && (desk === '' || isAt(actor, desk, 'editor'));
  const here = {
    editor: has('chief') || edits,
    'receiving-editor': has('editor') && !edits,
    writer: writersOf(about).includes(actor.id) && ['reporter', 'editor', 'chief'].some(has),
    suggester: inNewsroom && suggests(suggestions, actor),
    'desk-member': inNewsroom && onDesk,
    colleague: inNewsroom,
  };
  return [
    ...['reporter', 'legal', 'duty-editor', 'chief'].filter(has),
    ...Object.entries(here).flatMap(([role, so]) => (so ? [role] : [])),
  ];
}

type Told<T> = Extract<ArticleEvent, { type: T }>['data'];
/** An event of this article, by this person. */
export const event = <T extends ArticleEvent['type'], D extends Omit<Told<T>, 'articleId' | 'by'>>(
  type: T,
  { id }: Pick<Article, 'id'>,
  by: Person,
  told: D,
) => ({ type, data: { articleId: id, by: person(by), ...told } });

const writing: ReadonlySet<string> = new Set(['writer', 'editor', 'receiving-editor']);
/** Whoever writes it as it goes its way, or has done so; editors of other desks among them, whom it may just have been moved away from. */
export const writesOrWrote = (article: Article, actor: Actor): boolean =>
  rolesIn(article, actor).some((role) => writing.has(role)) || hasWritten(article.line, actor.id);
