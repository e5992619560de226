import type { CommenterEvent, Person } from '#contracts';
import { type Command, decider, type Fold, Rejection, type Rules } from '#decider';

/** A reader under a pseudonym, who has a stream only once they were erased. */
export interface Commenter {
  readonly status: 'none' | 'erased';
  readonly id: string;
  readonly by?: Person;
}
/** `known`: whether there is, or was, anything of them. */
export type CommenterCommand = Command & { type: 'erase'; data: { commenterId: string; known: boolean } };

const rules: Rules<Commenter, CommenterCommand, CommenterEvent> = {
  erase: {
    from: ['none', 'erased'],
    by: ['privacy-officer'],
    decide: ({ data: { commenterId, known }, actor: { id, name } }, { status }) => {
      if (!known) throw new Rejection('not-found', 'Nobody has written under that id.');
      return status === 'erased' ? [] : [{ type: 'CommenterErased', data: { commenterId, by: { id, name } } }];
    },
  },
};
const fold: Fold<Commenter, CommenterEvent> = {
  CommenterErased: (_state, { commenterId: id, by }) => ({ status: 'erased', id, by }),
};

export const commenter = decider<Commenter, CommenterCommand, CommenterEvent>({ status: 'none', id: '' }, rules, fold);
