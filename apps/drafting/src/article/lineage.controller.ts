import { Body, Controller, Param } from '@nestjs/common';
import type { LinkKind } from '#contracts';
import { derivedId, EventStore } from '#event-store';
import { answer, CommandRoute, CreateRoute, instantIn, Order, type OrderHeaders, Roles } from '#platform';
import { begin } from '../beginning.ts';
import { circleThrough } from '../on-article-linked.ts';
import { execute } from '../executing.ts';
import { articleLog } from './article.announcements.ts';
import { ReasonBody } from './article.bodies.ts';
import { DescendBody, LinkBody, SetEmbargoBody, TranslateBody, UnlinkBody } from './lineage.bodies.ts';
import { beginningOf, type LineageCommand, type Target } from './lineage.ts';
import { newsroom } from './state.ts';

type Descending = Extract<LineageCommand, { type: 'duplicate' | 'translate' | 'start-follow-up' }>;
type Sent = Descending extends infer C ? (C extends Descending ? Pick<C, 'type' | 'data'> : never) : never;

/** What an article comes of and what comes of it. */
@Roles(...newsroom)
@Controller('articles')
export class LineageController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute(':id/duplicate', 'draft')
  duplicate(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { desk }: DescendBody) {
    return this.descend(id, order, { type: 'duplicate', data: { ...descendant(order), desk } });
  }

  @CreateRoute(':id/translate', 'draft')
  translate(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { desk, language }: TranslateBody) {
    return this.descend(id, order, { type: 'translate', data: { ...descendant(order), desk, language } });
  }

  @CreateRoute(':id/start-follow-up', 'draft')
  startFollowUp(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { desk }: DescendBody) {
    return this.descend(id, order, { type: 'start-follow-up', data: { ...descendant(order), desk } });
  }

  @CommandRoute('link', 'editing')
  async link(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { as, to, version }: LinkBody) {
    const data = { as, to, version, target: await this.target(id, as, to) };
    return answer(await execute(this.store, id, order, { type: 'link', data }));
  }

  @CommandRoute('unlink', 'editing')
  async unlink(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { as, to }: UnlinkBody) {
    return answer(await execute(this.store, id, order, { type: 'unlink', data: { as, to } }));
  }

  @CommandRoute('set-embargo', 'editing')
  async setEmbargo(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: SetEmbargoBody) {
    const { at, zone, reason } = body;
    const data = { until: instantIn(at, zone), zone, reason };
    return answer(await execute(this.store, id, order, { type: 'set-embargo', data }));
  }

  @CommandRoute('drop-embargo', 'editing')
  async dropEmbargo(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await execute(this.store, id, order, { type: 'drop-embargo', data: { reason } }));
  }

  /** Its origin decides; then it begins. If this process ends in between, the reaction begins it. */
  private async descend(id: string, order: OrderHeaders, sent: Sent) {
    await execute(this.store, id, order, sent);
    const { descendantId } = sent.data;
    const { state } = await this.store.load(articleLog, id);
    return answer(await begin(this.store, beginningOf(state, descendantId), order.trace), `/articles/${descendantId}`);
  }

  private async target(id: string, as: LinkKind, to: string): Promise<Target> {
    const { state } = await this.store.load(articleLog, to);
    const cycle = as === 'follow-up-of' ? await circleThrough(this.store, { id, as, to }) : [];
    return { latest: state.line.at, cycle };
  }
}

const descendant = ({ commandId }: OrderHeaders) => ({ descendantId: derivedId(commandId, 'article') });
