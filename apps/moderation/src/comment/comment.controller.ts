import { Body, Controller, Param } from '@nestjs/common';
import { type CommentEvent, decodePositions } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore, type Guard } from '#event-store';
import {
  answer,
  Caller,
  CommandRoute,
  CreateRoute,
  Order,
  type OrderHeaders,
  Problem,
  ReadRoute,
  Roles,
  tagged,
} from '#platform';
import { housePolicy } from '../policy/policy.ts';
import { fold, wordingOf } from '../screening/folding.ts';
import { concerned } from '../rights.ts';
import { threadLog } from '../thread/thread.announcements.ts';
import { wordingLog } from '../wording/wording.announcements.ts';
import { commentLog } from './comment.announcements.ts';
import { ApproveCommentBody, RejectCommentBody, SubmitCommentBody, WithdrawCommentBody } from './comment.bodies.ts';
import type { Comment, CommentCommand } from './comment.ts';
import { Actions, CommentView, commentView } from './comment.view.ts';

type Sent<T extends CommentCommand['type']> = Extract<CommentCommand, { type: T }>['data'];
interface Asked<T extends CommentCommand['type']> {
  readonly type: T;
  readonly data: Sent<T>;
  readonly guards?: Readonly<Record<string, Guard>>;
}
/** Without a fingerprint, nothing of its body is compared with an earlier one. */
type Ordered = Omit<OrderHeaders, 'fingerprint'> & Partial<Pick<OrderHeaders, 'fingerprint'>>;
/** What may not have moved when the comment is taken or decided. */
const threadOf = (articleId: string) => ({ thread: { aggregate: threadLog, id: articleId } });

@Roles(...concerned)
@Controller('comments')
export class CommentController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'pending')
  async submit(@Order() order: OrderHeaders, @Body() body: SubmitCommentBody) {
    const { articleId, reader, text, articleVersion, after } = body;
    // There is no comment yet that it could match, and nothing may be claimed for what will be refused.
    if (order.expected !== undefined) throw new Problem('stale-if-match', { details: { actual: 0 } });
    const heard = await this.heard(after);
    const commentId = derivedId(order.commandId, 'comment');
    const commenterId = this.store.keyring.pseudonym(reader.id);
    // No hash of the words, nor of the request: a guess at them could be held against it for ever.
    const said = ['wording', articleId, wordingOf(fold(text))];
    const met = await this.store.keyring.meet(commenterId, { request: order.fingerprint, said });
    if (!met) return this.answered(commentId, order);
    const { fingerprint, alias: wordingId } = met;
    try {
      await this.claim(order, wordingId, { commentId, articleId });
      const guards = { ...threadOf(articleId), wording: { aggregate: wordingLog, id: wordingId } };
      const { id: _kept, ...known } = reader;
      const data = { commentId, articleId, commenterId, reader: known, text, articleVersion, policy: housePolicy };
      const executed = await this.execute(commentId, { ...order, fingerprint }, { type: 'submit', data, guards });
      return answer(executed, 'below');
    } catch (error) {
      if (!heard && error instanceof Rejection && error.code === 'not-found') throw new Problem('not-here-yet');
      throw error;
    }
  }

  @ReadRoute(':id', CommentView, 'The comment as it stands, folded from its log.')
  async read(@Param('id') id: string, @Caller() caller: Actor) {
    const { state, version, thread } = await this.load(id);
    return tagged(commentView(state, thread, caller), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state, thread } = await this.load(id);
    const actions = commentLog.decider.actions(state, caller, { thread });
    return { actions, knows: { publication: thread.position } };
  }

  @CommandRoute('approve', 'published')
  async approve(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ApproveCommentBody) {
    const { revision, state = 'pending' } = body;
    return answer(await this.decide(id, order, 'approve', { revision, state }));
  }

  @CommandRoute('reject', 'rejected')
  async reject(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: RejectCommentBody) {
    const { revision, state = 'pending', reason, note = '' } = body;
    return answer(await this.decide(id, order, 'reject', { revision, state, reason, note }));
  }

  @CommandRoute('withdraw', 'withdrawn')
  async withdraw(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WithdrawCommentBody) {
    const { revision, readerId } = body;
    const { keyring } = this.store;
    const commenterId = keyring.pseudonym(readerId);
    const { fingerprint: ofBody, ...rest } = order;
    const met = await keyring.meet(commenterId, { request: ofBody });
    const data = { revision, author: [commenterId, readerId] as const };
    const asked = { type: 'withdraw', data } as const;
    return answer(await this.execute(id, { ...rest, ...(met && { fingerprint: met.fingerprint }) }, asked));
  }

  /** A retry of what was taken before its reader was erased is answered as it was then; nothing else is taken for them any more. */
  private async answered(id: string, { commandId }: OrderHeaders) {
    const before = await this.store.answered(commentLog, { id, commandId });
    if (before) return answer(before, 'below');
    throw new Rejection('person-erased', 'This reader was erased: nothing is taken under that id any more.');
  }

  /** The first of these words in the thread. Derived from the submission's command, it is claimed once. */
  private async claim(order: OrderHeaders, id: string, data: { commentId: string; articleId: string }) {
    const guards = threadOf(data.articleId);
    await this.store.execute(wordingLog, {
      ...{ id, commandId: derivedId(order.commandId, 'wording'), trace: order.trace, guards },
      command: { type: 'claim', data, actor: order.actor },
    });
  }

  private async decide<T extends 'approve' | 'reject'>(id: string, order: OrderHeaders, type: T, data: Sent<T>) {
    const { state } = await this.store.load(commentLog, id);
    return this.execute(id, order, { type, data, guards: threadOf(state.articleId) });
  }

  private execute<T extends CommentCommand['type']>(id: string, order: Ordered, asked: Asked<T>) {
    const { actor, ...rest } = order;
    const { type, data, guards = {} } = asked;
    const command: Pick<CommentCommand, 'type' | 'data' | 'actor'> = { type, data, actor };
    return this.store.execute<Comment, CommentCommand, CommentEvent>(commentLog, { ...rest, id, command, guards });
  }

  private async load(id: string) {
    const { state, version } = await this.store.load(commentLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no comment by that id.');
    const { state: thread } = await this.store.load(threadLog, state.articleId);
    return { state, version, thread };
  }

  /** Whether this service has reacted to all that the caller has seen of publication. */
  private async heard(after: string | undefined): Promise<boolean> {
    if (after === undefined) return true;
    const positions = decodePositions(after);
    if (!positions) throw new Problem('bad-position');
    const seen = positions.filter(({ service }) => service === 'publication');
    const reached = await Promise.all(seen.map((position) => this.store.reactions.reached('publication', position)));
    return reached.every(Boolean);
  }
}
