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
import { ApproveBody, NothingBody, ReadBackBody, ReviseBody, revisionOf } from '../article/article.bodies.ts';
import { Actions } from '../article/article.view.ts';
import { newsroom } from '../article/state.ts';
import { noteStandings } from '../source-standing.ts';
import { sourcingLog } from '../sourcing/sourcing.announcements.ts';
import { correctionLog } from './correction.announcements.ts';
import { OpenBody } from './correction.bodies.ts';
import type { Correction, CorrectionCommand } from './correction.ts';
import { CorrectionView, correctionView } from './correction.view.ts';

type Ordered = OrderHeaders & Pick<StreamOrder<CorrectionCommand>, 'guards'>;
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
    const article = await this.store.load(articleLog, state.articleId);
    const { state: sourcing } = await this.store.load(sourcingLog, state.articleId);
    const actions = correctionLog.decider.actions(state, caller, { sourcing });
    return { actions, knows: { publication: article.state.publication.position } };
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
  async approve(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: ApproveBody) {
    const { state } = await this.store.load(correctionLog, id);
    if (state.status === 'none') return answer(await this.execute(id, order, 'approve', { version }));
    await noteStandings(this.store, state.articleId, order);
    const guards = { sourcing: { aggregate: sourcingLog, id: state.articleId } };
    return answer(await this.execute(id, { ...order, guards }, 'approve', { version }));
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
