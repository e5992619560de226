import { Body, Controller, Param } from '@nestjs/common';
import type { CorrectionEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore, type Order as StreamOrder } from '#event-store';
import {
  answer,
  Caller,
  CommandRoute,
  CreateRoute,
  Order,
  type OrderHeaders,
  ReadRoute,
  Roles,
  tagged,
} from '#platform';
import { articleLog } from '../article/article.announcements.ts';
import {
  AnswerLegalCheckBody,
  ApproveBody,
  CountersignBody,
  NothingBody,
  ReadBackBody,
  ReasonBody,
  ReviseBody,
  revisionOf,
  WaiveLegalCheckBody,
} from '../article/article.bodies.ts';
import { Actions } from '../article/article.view.ts';
import { newsroom } from '../article/state.ts';
import { heldAgainst } from '../executing.ts';
import { noteStandings } from '../source-standing.ts';
import { sourcingLog } from '../sourcing/sourcing.announcements.ts';
import { correctionLog } from './correction.announcements.ts';
import { OpenBody } from './correction.bodies.ts';
import type { CorrectionCommand } from './correction.ts';
import { CorrectionView, correctionView } from './correction.view.ts';
import type { Correction } from './state.ts';

type Ordered = OrderHeaders & Pick<StreamOrder<CorrectionCommand, Correction>, 'guards' | 'besides'>;
type Sent<T extends CorrectionCommand['type']> = Extract<CorrectionCommand, { type: T }>['data'];

@Roles(...newsroom)
@Controller('corrections')
export class CorrectionController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'open')
  async open(@Order() order: OrderHeaders, @Body() { articleId }: OpenBody) {
    const correctionId = derivedId(order.commandId, 'correction');
    const guards = { article: { aggregate: articleLog, id: articleId } };
    return answer(await this.execute(correctionId, { ...order, guards }, 'open', { correctionId, articleId }), 'below');
  }

  @ReadRoute(':id', CorrectionView, 'The correction as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(correctionView(state), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    const { state: article } = await this.store.load(articleLog, state.articleId);
    const { state: sourcing } = await this.store.load(sourcingLog, state.articleId);
    const held = { article, sourcing, ...(await heldAgainst(this.store, state)) };
    const actions = correctionLog.decider.actions(state, caller, held);
    return { actions, knows: { publication: article.publication.position } };
  }

  @CommandRoute('revise', 'open')
  async revise(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ReviseBody) {
    return answer(await this.execute(id, order, 'revise', revisionOf(body)));
  }

  @CommandRoute('read-back', 'open')
  async readBack(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, blocks }: ReadBackBody) {
    return answer(await this.execute(id, order, 'read-back', { version, blocks }));
  }

  @CommandRoute('approve', 'approved')
  async approve(
    @Param('id') id: string,
    @Order() order: OrderHeaders,
    @Body() { version, confirm, alone }: ApproveBody,
  ) {
    const data = { version, confirm, alone };
    const { state } = await this.store.load(correctionLog, id);
    if (state.status === 'none') return answer(await this.execute(id, order, 'approve', data));
    await noteStandings(this.store, state.articleId, order);
    const guards = {
      sourcing: { aggregate: sourcingLog, id: state.articleId },
      article: { aggregate: articleLog, id: state.articleId },
    };
    const besides = (now: Correction) => heldAgainst(this.store, now);
    return answer(await this.execute(id, { ...order, guards, besides }, 'approve', data));
  }

  @CommandRoute('countersign', 'approved')
  async countersign(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: CountersignBody) {
    return answer(await this.execute(id, order, 'countersign', { version }));
  }

  @CommandRoute('request-legal-check', 'open')
  async requestCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'request-legal-check', { reason }));
  }

  @CommandRoute('answer-legal-check', 'open')
  async answerCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AnswerLegalCheckBody) {
    const { version, answer: given, reason } = body;
    return answer(await this.execute(id, order, 'answer-legal-check', { version, answer: given, reason }));
  }

  @CommandRoute('waive-legal-check', 'open')
  async waiveCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WaiveLegalCheckBody) {
    const { version, reason } = body;
    return answer(await this.execute(id, order, 'waive-legal-check', { version, reason }));
  }

  @CommandRoute('discard', 'discarded')
  async discard(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'discard', {}));
  }

  private execute<T extends CorrectionCommand['type']>(
    id: string,
    { actor, ...order }: Ordered,
    type: T,
    data: Sent<T>,
  ) {
    const command: Pick<CorrectionCommand, 'type' | 'data' | 'actor'> = { type, data, actor };
    return this.store.execute<Correction, CorrectionCommand, CorrectionEvent>(correctionLog, { ...order, id, command });
  }

  private async load(id: string) {
    const loaded = await this.store.load(correctionLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no correction by that id.');
    return loaded;
  }
}
