import type { Conditions, Content, Edition, Person, PublicationEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';

/** A text that was approved, under its version number in drafting. */
export interface Approved {
  readonly version: number;
  readonly content: Content;
}
/** What readers have, or had last. */
export interface Out extends Approved {
  /** Its address, fixed when it first went out. */
  readonly path: string;
  readonly edition: Edition;
  readonly firstAt: string;
}
/** Each field and each block of a text, under a name of its own, as it reads; undefined where there is none. */
export type Pieces = ReadonlyMap<string, string | undefined>;
export interface PublishedCorrection {
  /** It changed nothing that the text stated; what has no class corrected something. */
  readonly class?: 'REFILE' | undefined;
  /** Of its class. */
  readonly number: number;
  readonly note: string;
  readonly at: string;
  /** What it changed, as that was before. */
  readonly replaced: Pieces;
}
/** An approved correction that waits to go out. It corrects the very text that went out last. */
export interface ReadyCorrection {
  readonly id: string;
  readonly base: number;
  readonly content: Content;
}
export interface AskedKill {
  readonly by: Person;
  readonly reason: string;
  /** One of the two who decide must be: if the first is, anybody may be second. */
  readonly byChiefOrLegal: boolean;
  /** What the kill interrupted. */
  readonly before: 'published' | 'held' | 'unpublished';
}
/** When it goes out by itself. */
export interface Schedule {
  readonly due: string;
  readonly zone: string;
  readonly late: 'publish-late' | 'keep-back' | 'ask';
  readonly edition: Edition;
  readonly by: Person;
  /** The text that goes out in place of what is out, whichever waits by then; without it, it is the first that goes out. */
  readonly update?: Approved;
}
/** It was to go out, but was kept back. */
export interface Overdue {
  readonly due: string;
  readonly zone: string;
  readonly policy: Schedule['late'];
  /** Of an update: the version, and what kept it back. */
  readonly version?: number;
  readonly why?: string;
}

/** Those of an article that was approved. */
export const states = [
  ...(['cleared', 'scheduled', 'published', 'held', 'unpublished'] as const),
  ...(['stopped', 'kill-asked', 'killed'] as const),
];
export interface Publication {
  readonly status: 'none' | (typeof states)[number];
  readonly id: string;
  readonly desk: string;
  readonly kind: string;
  /** The text that goes out next, and no newer one until somebody takes it. */
  readonly pinned: Approved;
  readonly waiting: Approved | undefined;
  /** The last approval, where its text was here already under an earlier version. */
  readonly known?: Approved | undefined;
  readonly out: Out | undefined;
  readonly corrections: readonly PublishedCorrection[];
  /** How often a newer version went out in its place that corrected nothing. */
  readonly updates?: number;
  /** How often it went out again as it was. */
  readonly repeats?: number;
  readonly ready: readonly ReadyCorrection[];
  /** How often it was stopped: an approval that does not know of the last one clears nothing. */
  readonly stops: number;
  readonly kill: AskedKill | undefined;
  readonly schedule: Schedule | undefined;
  /** How often it was scheduled: the epoch of its timer. */
  readonly schedules: number | undefined;
  /** Its time passed, and nobody has decided yet. */
  readonly overdue: Overdue | undefined;
  /** What has to be before it may go out; nothing until drafting has said something. */
  readonly conditions?: Conditions;
  /** Number and time of the last public message; 0 before the first. */
  readonly item: { readonly number: number; readonly at: string };
  /** The last of drafting's events that counted. */
  readonly position: string;
}

export const nothing: Content = {
  ...{ slugline: '', headline: '', standfirst: '', byline: [], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
export const initial: Publication = {
  ...{ status: 'none', id: '', desk: '', kind: '' },
  ...{ pinned: { version: 0, content: nothing }, waiting: undefined, out: undefined },
  ...{ corrections: [], ready: [], stops: 0, kill: undefined },
  ...{ schedule: undefined, schedules: undefined, overdue: undefined },
  ...{ item: { number: 0, at: '' }, position: '' },
};

/** Who works on publications. Beside them, reporters and auditors see them; nobody else sees what is not out. */
export const newsroom: readonly string[] = ['reporter', 'editor', 'chief', 'legal', 'duty-editor', 'auditor'];

/** A chief may what editors and duty editors may, everywhere; an editor, on their own desks. */
export function rolesIn({ desk }: Pick<Publication, 'desk'>, { roles, desks }: Actor): string[] {
  const has = (role: string) => roles.includes(role);
  return [
    ...(has('chief') ? ['chief', 'editor', 'duty-editor'] : []),
    ...(has('editor') && desks.includes(desk) ? ['editor'] : []),
    ...['duty-editor', 'legal'].filter(has),
  ];
}

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];
/** An event of this publication, by this person. */
export const event = <T extends PublicationEvent['type'], D extends Omit<Told<T>, 'articleId' | 'by'>>(
  type: T,
  { id: articleId }: Pick<Publication, 'id'>,
  { id, name }: Person,
  told: D,
) => ({ type, data: { articleId, by: { id, name }, ...told } });

/** The text of the last approval that was another one than those before. */
export const newest = ({ waiting, out, pinned }: Publication): Approved => waiting ?? out ?? pinned;

/** The next public message: its number, and the time that it carries. */
export const nextItem = ({ item }: Publication, at: string) => ({ item: item.number + 1, at });

/** A decision on a text holds for the text that was seen. */
export function checkSeen(seen: number, version: number): void {
  if (seen !== version)
    throw new Rejection('version-seen-stale', `Version ${version} is the one to go out.`, { seen, version });
}
/** What only a later state has; the table lets nobody in before. */
export function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Rejection('not-allowed-now', 'Nothing is out.');
  return part;
}
