import { Body, Controller, Param } from '@nestjs/common';
import type { PlanEvent } from '#contracts';
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
import { articleLog } from '../article/article.announcements.ts';
import { NothingBody } from '../article/article.bodies.ts';
import { newsroom } from '../article/state.ts';
import { planLog } from './plan.announcements.ts';
import {
  AssignBody,
  CancelPlanBody,
  ChangeCoverageBody,
  CoverageBody,
  CoverageReasonBody,
  happeningOf,
  LinkArticleBody,
  MakePlanBody,
  PlanBody,
  WantedBody,
  wantedOf,
} from './plan.bodies.ts';
import type { Plan, PlanCommand } from './plan.ts';
import { PlanActions, PlanView, planView } from './plan.view.ts';

type Sent<C> = C extends PlanCommand ? Pick<C, 'type' | 'data'> : never;

/** Events to come, and who covers them. */
@Roles(...newsroom)
@Controller('plans')
export class PlanController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'planned')
  async make(@Order() order: OrderHeaders, @Body() body: MakePlanBody) {
    const planId = derivedId(order.commandId, 'plan');
    const data = { planId, desk: body.desk, ...happeningOf(body) };
    return answer(await this.execute(planId, order, { type: 'make', data }), 'below');
  }

  @ReadRoute(':id', PlanView, 'The plan as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(planView(state), version);
  }

  @ReadRoute(
    ':id/actions',
    PlanActions,
    'What this caller may do next; which of it a coverage allows is for its state to say.',
  )
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    return { actions: planLog.decider.actions((await this.load(id)).state, caller) };
  }

  @CommandRoute('change', 'planned')
  change(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: PlanBody) {
    return this.command(id, order, { type: 'change', data: happeningOf(body) });
  }

  @CommandRoute('cancel', 'cancelled')
  cancel(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: CancelPlanBody) {
    return this.command(id, order, { type: 'cancel', data: { reason } });
  }

  @CommandRoute('restore', 'planned')
  restore(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return this.command(id, order, { type: 'restore', data: {} });
  }

  @CommandRoute('add-coverage', 'planned')
  add(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WantedBody) {
    return this.command(id, order, { type: 'add-coverage', data: wantedOf(body) });
  }

  @CommandRoute('change-coverage', 'planned')
  changeCoverage(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ChangeCoverageBody) {
    const data = { coverageId: body.coverageId, ...wantedOf(body) };
    return this.command(id, order, { type: 'change-coverage', data });
  }

  @CommandRoute('assign', 'planned')
  assign(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { coverageId, to }: AssignBody) {
    return this.command(id, order, { type: 'assign', data: { coverageId, to } });
  }

  @CommandRoute('accept', 'planned')
  accept(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { coverageId }: CoverageBody) {
    return this.command(id, order, { type: 'accept', data: { coverageId } });
  }

  @CommandRoute('decline', 'planned')
  decline(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { coverageId, reason }: CoverageReasonBody) {
    return this.command(id, order, { type: 'decline', data: { coverageId, reason } });
  }

  @CommandRoute('link-article', 'planned')
  async link(
    @Param('id') id: string,
    @Order() order: OrderHeaders,
    @Body() { coverageId, articleId }: LinkArticleBody,
  ) {
    const known = (await this.store.load(articleLog, articleId)).version > 0;
    return this.command(id, order, { type: 'link-article', data: { coverageId, article: articleId, known } });
  }

  @CommandRoute('complete', 'planned')
  complete(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { coverageId }: CoverageBody) {
    return this.command(id, order, { type: 'complete', data: { coverageId } });
  }

  @CommandRoute('cancel-coverage', 'planned')
  cancelCoverage(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: CoverageReasonBody) {
    const { coverageId, reason } = body;
    return this.command(id, order, { type: 'cancel-coverage', data: { coverageId, reason } });
  }

  @CommandRoute('restore-coverage', 'planned')
  restoreCoverage(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { coverageId }: CoverageBody) {
    return this.command(id, order, { type: 'restore-coverage', data: { coverageId } });
  }

  private async command(id: string, order: OrderHeaders, sent: Sent<PlanCommand>) {
    return answer(await this.execute(id, order, sent));
  }

  private execute(id: string, { actor, ...order }: OrderHeaders, sent: Sent<PlanCommand>) {
    const command: Pick<PlanCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
    return this.store.execute<Plan, PlanCommand, PlanEvent>(planLog, { ...order, id, command });
  }

  private async load(id: string) {
    const loaded = await this.store.load(planLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no plan by that id.');
    return loaded;
  }
}
