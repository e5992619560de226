import { Body, Controller, Param } from '@nestjs/common';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, Roles } from '#platform';
import { execute } from '../executing.ts';
import { CountersignBody, NothingBody, RejectApprovalBody, SkipApprovalStepBody } from './article.bodies.ts';
import { newsroom } from './state.ts';

/** An approval in several steps, besides passing one, which is to approve; and the second look at one by a single person. */
@Roles(...newsroom)
@Controller('articles')
export class StepsController {
  constructor(private readonly store: EventStore) {}

  @CommandRoute('countersign', 'approved')
  async countersign(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: CountersignBody) {
    return answer(await execute(this.store, id, order, { type: 'countersign', data: { version } }));
  }

  @CommandRoute('reject-approval', 'editing')
  async reject(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, reason }: RejectApprovalBody) {
    return answer(await execute(this.store, id, order, { type: 'reject-approval', data: { version, reason } }));
  }

  @CommandRoute('skip-approval-step', 'editing')
  async skip(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { step, reason }: SkipApprovalStepBody) {
    return answer(await execute(this.store, id, order, { type: 'skip-approval-step', data: { step, reason } }));
  }

  @CommandRoute('resume-approval', 'editing')
  async resume(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'resume-approval', data: {} }));
  }
}
