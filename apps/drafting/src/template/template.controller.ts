import { Body, Controller, Param, Query } from '@nestjs/common';
import type { TemplateEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore } from '#event-store';
import {
  answer,
  Caller,
  CommandRoute,
  CreateRoute,
  nextTime,
  Order,
  type OrderHeaders,
  ReadRoute,
  Roles,
  tagged,
} from '#platform';
import { NothingBody } from '../article/article.bodies.ts';
import { newsroom } from '../article/state.ts';
import { begin } from '../beginning.ts';
import { allTemplates, templateLog } from './template.announcements.ts';
import { CreateTemplateBody, ScheduleTemplateBody, TemplateBody, TemplatesQuery, textOf } from './template.bodies.ts';
import { beginningFrom, type Template, type TemplateCommand } from './template.ts';
import { listed, TemplateActions, Templates, TemplateView, templateView } from './template.view.ts';

type Sent<C> = C extends TemplateCommand ? Pick<C, 'type' | 'data'> : never;

/** How articles of a desk begin: asked for by somebody, or each week by themselves. */
@Roles(...newsroom)
@Controller('templates')
export class TemplateController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'kept')
  async create(@Order() order: OrderHeaders, @Body() body: CreateTemplateBody) {
    const templateId = derivedId(order.commandId, 'template');
    const data = { templateId, desk: body.desk, ...textOf(body) };
    return answer(await this.execute(templateId, order, { type: 'create', data }), 'below');
  }

  @ReadRoute('', Templates, 'Those that are not retired, of one desk or of all.')
  async list(@Query() { desk }: TemplatesQuery) {
    const ids = await this.store.idsOf(templateLog.category, allTemplates);
    const states = await Promise.all(ids.map(async (id) => (await this.store.load(templateLog, id)).state));
    const kept = states.filter((state) => state.status === 'kept' && (desk === undefined || state.desk === desk));
    return { items: kept.map(listed) };
  }

  @ReadRoute(':id', TemplateView, 'The template as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(templateView(state), version);
  }

  @ReadRoute(':id/actions', TemplateActions, 'What this caller may do next.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    return { actions: templateLog.decider.actions((await this.load(id)).state, caller) };
  }

  @CommandRoute('change', 'kept')
  async change(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: TemplateBody) {
    return answer(await this.execute(id, order, { type: 'change', data: textOf(body) }));
  }

  /** What a zone's clocks show is looked up here, and when it comes due: the rules of zones change, what was decided does not. */
  @CommandRoute('schedule', 'kept')
  async schedule(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ScheduleTemplateBody) {
    const { days, time, zone } = body;
    const { now } = await this.store.load(templateLog, id);
    const data = { days, time, zone, next: nextTime(body, now) };
    return answer(await this.execute(id, order, { type: 'schedule', data }));
  }

  @CommandRoute('unschedule', 'kept')
  async unschedule(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, { type: 'unschedule', data: {} }));
  }

  @CommandRoute('retire', 'retired')
  async retire(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, { type: 'retire', data: {} }));
  }

  /** The template records it; then the article begins. If this process ends in between, the reaction begins it. */
  @CreateRoute(':id/start-article', 'draft')
  async start(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    const started = derivedId(order.commandId, 'article');
    await this.execute(id, order, { type: 'start-article', data: { started } });
    const { state } = await this.load(id);
    const beginning = beginningFrom({ ...state, started, by: order.actor });
    return answer(await begin(this.store, beginning, order.trace), `/articles/${started}`);
  }

  private execute(id: string, { actor, ...order }: OrderHeaders, sent: Sent<TemplateCommand>) {
    const command: Pick<TemplateCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
    return this.store.execute<Template, TemplateCommand, TemplateEvent>(templateLog, { ...order, id, command });
  }

  private async load(id: string) {
    const loaded = await this.store.load(templateLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no template by that id.');
    return loaded;
  }
}
