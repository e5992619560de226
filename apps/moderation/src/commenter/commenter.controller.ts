import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import type { CommenterEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { EventStore } from '#event-store';
import { answer, Caller, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles, tagged } from '#platform';
import { commenter as example, commenterActions } from '../comment/comment.examples.ts';
import { commenterLog } from './commenter.announcements.ts';
import type { Commenter, CommenterCommand } from './commenter.ts';

const strict = { additionalProperties: false } as const;
const CommenterView = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'the pseudonym that a comment names as its reader' }),
    state: Type.Union([Type.Literal('known'), Type.Literal('erased')]),
    comments: Type.Array(Type.String({ format: 'uuid' }), { description: 'what they wrote' }),
  },
  { ...strict, examples: [example] },
);
const CommenterActions = Type.Object(
  {
    actions: Type.Array(
      Type.Object(
        { command: Type.String(), by: Type.Array(Type.String(), { description: 'any of these roles' }) },
        strict,
      ),
    ),
  },
  { ...strict, examples: [commenterActions] },
);

/** Nothing is said with it: why somebody wants to be forgotten is nobody's business, and a reason would be remembered. */
class EraseCommenterBody {}

/** Readers who have written, each under a pseudonym. */
@Roles('privacy-officer', 'auditor')
@Controller('commenters')
export class CommenterController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(':id', CommenterView, 'What is kept of a reader who has written.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    const held = await this.store.keyring.holdings(id);
    const comments = held.map(({ stream }) => stream.slice(stream.indexOf('-') + 1));
    return tagged({ id, state: state.status === 'erased' ? 'erased' : 'known', comments }, version);
  }

  @ReadRoute(':id/actions', CommenterActions, 'What this caller may do next.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    return { actions: commenterLog.decider.actions(state, caller) };
  }

  /** Once it is answered, nobody can read any more what this reader wrote, or who they were; their comments follow. */
  @CommandRoute('erase', 'erased')
  async erase(@Param('id') id: string, @Order() { actor, ...rest }: OrderHeaders, @Body() _body: EraseCommenterBody) {
    const known = (await this.store.keyring.standing(id)) !== undefined;
    const order = { ...rest, id, command: { type: 'erase', data: { commenterId: id, known }, actor } as const };
    const executed = await this.store.execute<Commenter, CommenterCommand, CommenterEvent>(commenterLog, order);
    // What the event causes destroys the key as well: should this process end here, it is done all the same.
    await this.store.keyring.destroy(id);
    return answer(executed);
  }

  private async load(id: string) {
    if ((await this.store.keyring.standing(id)) === undefined)
      throw new Rejection('not-found', 'Nobody has written under that id.');
    return this.store.load(commenterLog, id);
  }
}
