import Type from 'typebox';
import { Id, Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

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
  contract('SourceRetracted', 1, 'Nothing rests on this source any more', { ...source, reason: Sealed }),
  contract('SourceKeyDestroyed', 1, '`by` the privacy officer: nobody can read any more who it was', source),
] as const;
export type SourceEvent = EventOf<(typeof sourceContracts)[number]>;
