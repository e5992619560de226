import type { ArticleEvent, Block, Content, Person } from '#contracts';
import type { Command, Fold, Rules } from '#decider';
import { anonymous } from '../sourcing/gates.ts';
import { conflictsIn } from './conflicts.ts';
import { currentOf, latest, save, versionOf } from './line.ts';
import { byId, merge, sameText } from './merging.ts';
import { answerTo, type Recorded } from './answers.ts';
import { type Article, event, holding, type IfOut, lastApproved, unspiked, type Working } from './state.ts';

/** What publication did, as far as drafting keeps it; what is left out stays as it was known. */
export interface KnownPublication {
  readonly event: string;
  readonly class?: 'REFILE' | undefined;
  /** Who did it there. */
  readonly by: Person;
  readonly state?: string | undefined;
  readonly version?: number | undefined;
  readonly content?: Content | undefined;
  readonly stops?: number | undefined;
  readonly correctionId?: string | undefined;
  readonly stopped?: Recorded['stopped'];
  readonly position: string;
}
export type RecordPublication = Command & { type: 'record-publication'; data: KnownPublication };
export type MergeCorrection = Command & {
  type: 'merge-correction';
  data: {
    readonly correctionId: string;
    readonly ancestor: Content;
    readonly content: Content;
    /** Who wrote each block that it changed, where the approval says so. */
    readonly authors?: Readonly<Record<string, string>> | undefined;
    /** Who approved it. */
    readonly by: Person;
  };
};
/** A source was retracted on which these attributions rest. */
export type SourceRetracted = Command & {
  type: 'source-retracted';
  data: {
    readonly by: Person;
    readonly attributions: readonly { readonly block: string; readonly speaker: string }[];
    readonly ifOut?: IfOut | undefined;
    /** It was retracted before: its task was opened then. */
    readonly again?: boolean | undefined;
  };
};
/** The article that it was begun from was killed, or corrected. */
type OriginChanged = Command & { type: 'origin-changed'; data: { readonly by: Person; readonly killed: boolean } };
export type NoteCoverage = Command & {
  type: 'note-coverage';
  data: { readonly planId: string; readonly coverageId: string; readonly by: Person };
};
export type ReactionCommand = RecordPublication | MergeCorrection | NoteCoverage | SourceRetracted | OriginChanged;
/** The role that reactions act in. No route takes these commands, so a token that claims it gains nothing. */
export const reaction = 'reaction';

/** States of a publication in which readers have the story, or had it and may again. */
const live = ['published', 'held', 'unpublished'];
export const isLive = (state: string): boolean => live.includes(state);

/** Whose withdrawal was in vain is told so; a text that nobody has touched since is approved as it was. */
function tooLate(state: Article, recorded: Recorded) {
  if (!state.withdrawn) return [];
  const { by, version: out, state: publication } = recorded;
  const { version } = state.withdrawn;
  if (out !== version && answerTo(state.withdrawn, recorded) !== 'too-late') return [];
  const now = state.status === 'spiked' ? state.before : state.status;
  const stands = now === 'editing' && state.line.at === version ? 'approved' : now;
  return [event('WithdrawalTooLate', state, by, { version, publication, state: stands })];
}

/** What of a source's attributions a text has: of what is out, and of what was approved last. */
interface Resting {
  readonly out: readonly string[];
  readonly approved: readonly string[];
}
/** What was approved on it is stopped, and held if it is out, where that was asked. Who the source is, or which, is nobody's business outside. */
function retractionStops(state: Article, { by, ifOut }: SourceRetracted['data'], { out, approved }: Resting) {
  if (approved.length === 0 && (out.length === 0 || ifOut !== 'hold')) return [];
  const version = lastApproved(state) || state.publication.version;
  const why = 'A source that it quotes was retracted.';
  return [
    event('ClearanceStopped', state, by, { version, why, ...holding(ifOut, out.length > 0 ? 'article' : 'version') }),
  ];
}
export const reactionRules: Rules<Article, ReactionCommand, ArticleEvent> = {
  'record-publication': {
    from: [...unspiked, 'spiked', 'killed'],
    by: [reaction],
    decide: ({ data }, state) => {
      const { state: known, version, stops } = state.publication;
      const recorded = event('PublicationRecorded', state, data.by, {
        event: data.event,
        ...(data.class ? { class: data.class } : {}),
        state: data.state ?? known,
        version: data.version ?? version,
        ...(data.content ? { content: data.content } : {}),
        stops: data.stops ?? stops,
        ...(data.correctionId ? { correctionId: data.correctionId } : {}),
        ...(data.stopped ? { stopped: data.stopped } : {}),
        position: data.position,
      });
      const { state: publication } = recorded.data;
      if (!isLive(publication)) return [recorded];
      const spiked = state.status === 'spiked' ? [event('SpikeTakenBack', state, data.by, { publication })] : [];
      return [recorded, ...spiked, ...tooLate(state, recorded.data)];
    },
  },
  'note-coverage': {
    from: [...unspiked, 'spiked'],
    by: [reaction],
    decide: ({ data: { by, planId, coverageId } }, state) => [
      event('CoverageNoted', state, by, { planId, coverageId }),
    ],
  },
  'origin-changed': {
    from: [...unspiked, 'spiked', 'killed'],
    by: [reaction],
    decide: ({ data: { by, killed }, now: at, id: taskId }, state) => {
      const { state: known, version } = state.publication;
      const out = isLive(known);
      // What nobody reads yet is compared with its original when it is approved.
      if (state.status === 'killed' || (!killed && !out)) return [];
      const told = { version: state.approved, why: 'The article that it was begun from was killed.' };
      const about = out ? { version, out } : { version: state.line.at, out };
      const task = killed ? 'origin-killed' : 'original-corrected';
      return [
        ...(!out && state.approved > 0 ? [event('ClearanceStopped', state, by, told)] : []),
        event('TaskOpened', state, by, { taskId, at, task, ...about, blocks: [] }),
      ];
    },
  },
  'merge-correction': {
    from: [...unspiked, 'spiked'],
    by: [reaction],
    decide: ({ data: { correctionId, ancestor, content: theirs, authors, by } }, state) => {
      const { content, changed, blocks, fields } = merge(ancestor, currentOf(state.line).content, theirs);
      if (changed.length + blocks.length + fields.length === 0) return [];
      const version = changed.length > 0 ? latest(state.line) + 1 : state.line.at;
      const conflicts = { conflicts: blocks, fieldConflicts: fields };
      const told = { correctionId, version, content, changed, ...conflicts, ...(authors ? { authors } : {}) };
      const { status, before } = mergedInto(state, { articleId: state.id, by, ...told });
      return [event('CorrectionMerged', state, by, { ...told, state: status === 'spiked' ? before : status })];
    },
  },
  'source-retracted': {
    from: [...unspiked, 'spiked', 'killed'],
    by: [reaction],
    decide: ({ data, now: at, id: taskId }, state) => {
      if (state.status === 'killed') return [];
      const { by, attributions } = data;
      const resting = (blocks: ReadonlyMap<string, Block>) =>
        attributions
          .filter(({ block, speaker }) => anonymous(blocks.get(block)).includes(speaker))
          .map(({ block }) => block);
      const { content, state: known, version } = state.publication;
      const last = state.withdrawn ? byId(versionOf(state.line, state.withdrawn.version).content) : state.cleared;
      const [working, approved] = [resting(byId(currentOf(state.line).content)), resting(last)];
      const out = content && isLive(known) ? resting(byId(content)) : [];
      const blocks = [...new Set([...out, ...approved, ...working])];
      const about = out.length > 0 ? { version, out: true } : { version: state.line.at, out: false };
      return [
        ...retractionStops(state, data, { out, approved }),
        ...(blocks.length > 0 && !data.again
          ? [event('TaskOpened', state, by, { taskId, at, task: 'retracted-source', ...about, blocks })]
          : []),
      ];
    },
  },
};

type CorrectionMerged = Extract<ArticleEvent, { type: 'CorrectionMerged' }>['data'];
/**
 * The approved version, if it is what readers have, takes the correction in and stays approved: both parts were; so it does where they
 * have it with the correction already. Anything else needs an editor's eye again.
 */
function mergedInto(state: Article, merged: CorrectionMerged): Article {
  const { version, content, changed, authors, by } = merged;
  const open = conflictsIn(merged);
  const spiked = state.status === 'spiked';
  const was = spiked ? state.before : state.status;
  const stays = was === 'approved' && open.length === 0 && isRead(state, merged);
  const next = was === 'approved' && !stays ? 'editing' : was;
  const texts = byId(content);
  const corrected = changed.flatMap((id) => texts.get(id) ?? []).map((block) => [block.id, block] as const);
  return {
    ...state,
    ...(spiked ? { before: next as Working } : { status: next }),
    line: version > latest(state.line) ? save(state.line, { content, authors }, by.id) : state.line,
    approved: stays ? version : state.approved,
    cleared: new Map([...state.cleared, ...corrected]),
    conflicts: [...state.conflicts, ...open],
    corrected: state.corrected || !stays,
  };
}
/** Whichever drafting hears of first: that the correction was approved, or that it is out. What an event has settled otherwise stays so. */
const isRead = (state: Article, { content, state: told }: CorrectionMerged): boolean =>
  told !== 'editing' && (isOut(state) || readersHave(state, content));
/** Readers have the very text that the working line stands at. */
export const isOut = (state: Article): boolean => readersHave(state, currentOf(state.line).content);
const readersHave = ({ publication: { state, content } }: Article, text: Content): boolean =>
  isLive(state) && content !== undefined && sameText(content, text);

type ReactionEvent = Extract<ArticleEvent, { type: 'PublicationRecorded' | 'CoverageNoted' | 'CorrectionMerged' }>;
export const reactionFold: Fold<Article, ReactionEvent> = {
  PublicationRecorded: (state, { state: publication, version, content, stops, position, ...recorded }) => ({
    ...state,
    status: publication === 'killed' ? 'killed' : state.status,
    withdrawn: state.withdrawn && answerTo(state.withdrawn, recorded) ? undefined : state.withdrawn,
    publication: { state: publication, version, content: content ?? state.publication.content, stops, position },
  }),
  CoverageNoted: (state, { planId, coverageId }) => ({
    ...state,
    covers: [...(state.covers ?? []), { planId, coverageId }],
  }),
  CorrectionMerged: (state, merged) => mergedInto(state, merged),
};
