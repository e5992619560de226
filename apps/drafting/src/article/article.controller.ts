import { Body, Controller, Param } from '@nestjs/common';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore } from '#event-store';
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
import { articleLog } from './article.announcements.ts';
import {
  ApproveBody,
  ClaimBody,
  contentOf,
  MoveBody,
  NothingBody,
  ReadBackBody,
  RestoreVersionBody,
  ReturnBody,
  revisionOf,
  SaveBody,
  SettleTaskBody,
  SpikeBody,
  StartBody,
  WithdrawApprovalBody,
} from './article.bodies.ts';
import { Actions, ArticleView, articleView } from './article.view.ts';
import { clearing } from '../autosaving.ts';
import { articleTexts } from '../texts.ts';
import { execute, heldAgainst } from '../executing.ts';
import { noteStandings } from '../source-standing.ts';
import { sourcingLog } from '../sourcing/sourcing.announcements.ts';
import { newsroom, writesOrWrote } from './state.ts';

@Roles(...newsroom)
@Controller('articles')
export class ArticleController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'draft')
  async start(@Order() order: OrderHeaders, @Body() body: StartBody) {
    const articleId = derivedId(order.commandId, 'article');
    const data = { articleId, desk: body.desk, kind: body.kind, content: contentOf(body) };
    return answer(await execute(this.store, articleId, order, { type: 'start', data }), 'below');
  }

  @ReadRoute(':id', ArticleView, 'The article as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    const { behind } = await heldAgainst(this.store, state);
    return tagged(articleView(state, behind), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    const { state: sourcing } = await this.store.load(sourcingLog, id);
    const held = { sourcing, ...(await heldAgainst(this.store, state)) };
    const actions = articleLog.decider.actions(state, caller, held);
    return { actions, knows: { publication: state.publication.position } };
  }

  @CommandRoute('revise', 'draft')
  async revise(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: SaveBody) {
    const text = revisionOf(body);
    const of = { stream: articleTexts.streamOf(id), person: order.actor.id, session: body.session ?? '' };
    const wrote = async () => writesOrWrote((await this.load(id)).state, order.actor);
    const save = () => execute(this.store, id, order, { type: 'revise', data: text });
    return answer(await clearing(this.store.work, { of, text, wrote }, save));
  }

  @CommandRoute('restore-version', 'draft')
  async restore(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, seen }: RestoreVersionBody) {
    return answer(await execute(this.store, id, order, { type: 'restore-version', data: { version, seen } }));
  }

  @CommandRoute('submit', 'submitted')
  async submit(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'submit', data: {} }));
  }

  @CommandRoute('recall', 'draft')
  async recall(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'recall', data: {} }));
  }

  @CommandRoute('claim', 'editing')
  async claim(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ClaimBody) {
    return answer(await execute(this.store, id, order, { type: 'claim', data: { reason } }));
  }

  @CommandRoute('return', 'returned')
  async return(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { note }: ReturnBody) {
    return answer(await execute(this.store, id, order, { type: 'return', data: { note } }));
  }

  @CommandRoute('read-back', 'editing')
  async readBack(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, blocks }: ReadBackBody) {
    return answer(await execute(this.store, id, order, { type: 'read-back', data: { version, blocks } }));
  }

  @CommandRoute('approve', 'approved')
  async approve(
    @Param('id') id: string,
    @Order() order: OrderHeaders,
    @Body() { version, confirm, alone }: ApproveBody,
  ) {
    await noteStandings(this.store, id, order);
    const guards = { sourcing: { aggregate: sourcingLog, id } };
    const sent = { type: 'approve', data: { version, confirm, alone } } as const;
    return answer(await execute(this.store, id, { ...order, guards }, sent));
  }

  @CommandRoute('withdraw-approval', 'editing')
  async withdraw(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WithdrawApprovalBody) {
    const { version, reason, ifOut } = body;
    const sent = { type: 'withdraw-approval', data: { version, reason, ifOut } } as const;
    return answer(await execute(this.store, id, order, sent));
  }

  @CommandRoute('open-next-version', 'editing')
  async openNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'open-next-version', data: {} }));
  }

  @CommandRoute('discard-next-version', 'approved')
  async discardNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'discard-next-version', data: {} }));
  }

  @CommandRoute('move', 'submitted')
  async move(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { desk, stage, reason }: MoveBody) {
    return answer(await execute(this.store, id, order, { type: 'move', data: { desk, stage, reason } }));
  }

  @CommandRoute('settle-task', 'editing')
  async settleTask(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { taskId, how }: SettleTaskBody) {
    return answer(await execute(this.store, id, order, { type: 'settle-task', data: { taskId, how } }));
  }

  @CommandRoute('spike', 'spiked')
  async spike(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: SpikeBody) {
    return answer(await execute(this.store, id, order, { type: 'spike', data: { reason } }));
  }

  @CommandRoute('unspike', 'editing')
  async unspike(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'unspike', data: {} }));
  }

  private async load(id: string) {
    const loaded = await this.store.load(articleLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return loaded;
  }
}
