import { Body, Controller, Param } from '@nestjs/common';
import type { DeskEvent } from '#contracts';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles, tagged } from '#platform';
import { kinds } from '../article/article.bodies.ts';
import { newsroom } from '../article/state.ts';
import { allDesks, deskLog } from './desk.announcements.ts';
import {
  moveRulesIn,
  requirementsIn,
  SetApprovalBody,
  SetLoneApprovalBody,
  SetMemberBody,
  SetMoveRulesBody,
  SetRequirementsBody,
  SetStagesBody,
} from './desk.bodies.ts';
import type { Desk, DeskCommand } from './desk.ts';
import { Desks, DeskView, deskView } from './desk.view.ts';

type Sent<C> = C extends DeskCommand ? { type: C['type']; data: Omit<C['data'], 'desk'> } : never;

/** Desks by their names. One that nothing was said of is there as well: what holds everywhere holds for it. */
@Roles(...newsroom, 'operator')
@Controller('desks')
export class DeskController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute('', Desks, 'Those that have settled something for themselves.')
  async list() {
    const ids = await this.store.idsOf(deskLog.category, allDesks);
    const versions = await Promise.all(ids.map(async (id) => (await this.store.load(deskLog, id)).version));
    return { items: ids.map((desk, at) => ({ desk, version: versions[at] ?? 0 })) };
  }

  @ReadRoute(':desk', DeskView, 'What holds for articles that are with it.')
  async read(@Param('desk') desk: string) {
    const { state, version } = await this.store.load(deskLog, desk);
    return tagged(deskView(desk, state, kinds), version);
  }

  @CommandRoute('set-requirements', 'kept', 'desk')
  async setRequirements(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() body: SetRequirementsBody) {
    const data = { kind: body.kind, requirements: requirementsIn(body) };
    return answer(await this.execute(desk, order, { type: 'set-requirements', data }));
  }

  @CommandRoute('set-member', 'kept', 'desk')
  async setMember(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() { person, roles }: SetMemberBody) {
    return answer(await this.execute(desk, order, { type: 'set-member', data: { person, roles } }));
  }

  @CommandRoute('set-stages', 'kept', 'desk')
  async setStages(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() { stages }: SetStagesBody) {
    return answer(await this.execute(desk, order, { type: 'set-stages', data: { stages } }));
  }

  @CommandRoute('set-approval', 'kept', 'desk')
  async setApproval(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() body: SetApprovalBody) {
    const steps = body.steps.map(({ step, by }) => ({ step, by }));
    return answer(await this.execute(desk, order, { type: 'set-approval', data: { steps } }));
  }

  @CommandRoute('set-lone-approval', 'kept', 'desk')
  async setLone(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() { allowed }: SetLoneApprovalBody) {
    return answer(await this.execute(desk, order, { type: 'set-lone-approval', data: { allowed } }));
  }

  @CommandRoute('set-move-rules', 'kept', 'desk')
  async setMoveRules(@Param('desk') desk: string, @Order() order: OrderHeaders, @Body() body: SetMoveRulesBody) {
    return answer(await this.execute(desk, order, { type: 'set-move-rules', data: { rules: moveRulesIn(body) } }));
  }

  private execute(desk: string, { actor, ...order }: OrderHeaders, { type, data }: Sent<DeskCommand>) {
    const command: Pick<DeskCommand, 'type' | 'data' | 'actor'> = { type, data: { desk, ...data }, actor };
    return this.store.execute<Desk, DeskCommand, DeskEvent>(deskLog, { ...order, id: desk, command });
  }
}
