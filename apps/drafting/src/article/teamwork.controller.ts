import { Body, Controller, Param } from '@nestjs/common';
import { EventStore } from '#event-store';
import { answer, CommandRoute, instantIn, Order, type OrderHeaders, Roles } from '#platform';
import { execute } from '../executing.ts';
import { newsroom } from './state.ts';
import { AddCoWriterBody, AssignArticleBody, RemoveCoWriterBody, SetDeadlineBody } from './teamwork.bodies.ts';

/** Who writes an article, and until when. */
@Roles(...newsroom)
@Controller('articles')
export class TeamworkController {
  constructor(private readonly store: EventStore) {}

  @CommandRoute('add-co-writer', 'editing')
  async addCoWriter(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { writer }: AddCoWriterBody) {
    return answer(await execute(this.store, id, order, { type: 'add-co-writer', data: { writer } }));
  }

  @CommandRoute('remove-co-writer', 'editing')
  async removeCoWriter(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { writer }: RemoveCoWriterBody) {
    return answer(await execute(this.store, id, order, { type: 'remove-co-writer', data: { writer } }));
  }

  @CommandRoute('assign', 'editing')
  async assign(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { to }: AssignArticleBody) {
    return answer(await execute(this.store, id, order, { type: 'assign', data: { to } }));
  }

  @CommandRoute('unassign', 'editing')
  async unassign(@Param('id') id: string, @Order() order: OrderHeaders) {
    return answer(await execute(this.store, id, order, { type: 'unassign', data: {} }));
  }

  @CommandRoute('set-deadline', 'editing')
  async setDeadline(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { at, zone }: SetDeadlineBody) {
    const data = { deadline: instantIn(at, zone), zone };
    return answer(await execute(this.store, id, order, { type: 'set-deadline', data }));
  }

  @CommandRoute('clear-deadline', 'editing')
  async clearDeadline(@Param('id') id: string, @Order() order: OrderHeaders) {
    return answer(await execute(this.store, id, order, { type: 'clear-deadline', data: {} }));
  }
}
