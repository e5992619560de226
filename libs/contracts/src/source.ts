import Type from 'typebox';
import { Id, Person } from './content.ts';
import { contract, type EventOf, onlyAdded } from './registry.ts';

/** Never in the clear, in any event. */
const Sealed = Type.String({ description: 'AES-256-GCM under the key of the source, bound to it and to this field' });
const source = { sourceId: Id, by: Person };

/** Confidential sources. Nothing of them leaves drafting, on any topic. */
export const sourceContracts = [
  contract('SourceRegistered', 1, 'Somebody who will speak if they are not named', {
    ...source,
    desk: Type.String(),
    description: Type.String({ description: 'as it may be printed' }),
    why: Sealed,
    identity: Sealed,
  }),
  contract('SourceVerified', 1, '`by` a second person, who knows who it is', source),
  contract('SourceIdentitySeen', 1, '`by` looked who it is', { ...source, reason: Sealed }),
  contract('SourceQuoted', 1, 'An article rests on this source', { ...source, articleId: Id }),
  contract('SourceRetracted', 2, 'Nothing rests on this source any more', {
    ...source,
    reason: Sealed,
    ifOut: Type.Optional(
      Type.Literal('hold', { description: 'asked with it: what is out and rests on it is to be held' }),
    ),
  }),
  contract('SourceKeyDestroyed', 1, '`by` the privacy officer: nobody can read any more who it was', source),
] as const;
/** Nothing was asked for what is out. */
export const sourceUpcasters = onlyAdded({ SourceRetracted: 2 });
const article = { articleId: Id, by: Person };
/** What an article has to know of a source that it rests on. */
const standing = {
  sourceId: Id,
  knownTo: Type.Array(Type.String(), { description: 'ids of who knows who it is' }),
  verifiedBy: Type.Array(Type.String(), { description: 'ids of those of them who did not register it' }),
  retracted: Type.Boolean(),
};
/** What the anonymous attributions of an article rest on, in a stream beside it that leaves drafting no more than the sources do. */
export const sourcingContracts = [
  contract('AttributionSourced', 1, 'What this speaker says in this block rests on a source', {
    ...article,
    ...standing,
    block: Type.String(),
    speaker: Type.String({ description: 'as printed' }),
  }),
  contract('SourceStandingNoted', 1, 'Something has changed about a source that it rests on', {
    ...article,
    ...standing,
  }),
  contract('SourceCheckAnswered', 1, '`by` somebody who knows these sources: whether this version gives them away', {
    ...article,
    version: Type.Integer({ minimum: 1 }),
    answer: Type.Union([Type.Literal('leak'), Type.Literal('public-mention')]),
    sources: Type.Array(Id),
  }),
  contract('CorrectionSourceCheckAnswered', 1, 'The same of the text of a correction', {
    ...article,
    correctionId: Id,
    version: Type.Integer({ minimum: 1 }),
    answer: Type.Union([Type.Literal('leak'), Type.Literal('public-mention')]),
    sources: Type.Array(Id),
  }),
] as const;
export type SourcingEvent = EventOf<(typeof sourcingContracts)[number]>;
export type SourceEvent = EventOf<(typeof sourceContracts)[number]>;
