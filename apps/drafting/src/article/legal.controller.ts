import { Body, Controller, Param } from '@nestjs/common';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, Roles } from '#platform';
import { execute } from '../executing.ts';
import {
  AnswerArticleCheckBody,
  MarkNotForPublicationBody,
  ReasonBody,
  WaiveLegalCheckBody,
} from './article.bodies.ts';
import { newsroom } from './state.ts';

/** What may stand against publication whatever the text says: the legal check, and "not for publication". */
@Roles(...newsroom)
@Controller('articles')
export class LegalController {
  constructor(private readonly store: EventStore) {}

  @CommandRoute('request-legal-check', 'editing')
  async request(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await execute(this.store, id, order, { type: 'request-legal-check', data: { reason } }));
  }

  @CommandRoute('answer-legal-check', 'editing')
  async answer(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AnswerArticleCheckBody) {
    const { version, answer: given, reason, ifOut } = body;
    const data = { version, answer: given, reason, ifOut };
    return answer(await execute(this.store, id, order, { type: 'answer-legal-check', data }));
  }

  @CommandRoute('waive-legal-check', 'editing')
  async waive(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WaiveLegalCheckBody) {
    const { version, reason } = body;
    return answer(await execute(this.store, id, order, { type: 'waive-legal-check', data: { version, reason } }));
  }

  @CommandRoute('mark-not-for-publication', 'editing')
  async mark(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: MarkNotForPublicationBody) {
    const { reason, ifOut } = body;
    return answer(await execute(this.store, id, order, { type: 'mark-not-for-publication', data: { reason, ifOut } }));
  }

  @CommandRoute('unmark-not-for-publication', 'editing')
  async unmark(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await execute(this.store, id, order, { type: 'unmark-not-for-publication', data: { reason } }));
  }
}
