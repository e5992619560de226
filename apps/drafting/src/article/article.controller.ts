import { Body, Controller, Param } from '@nestjs/common';
import type { ArticleEvent } from '#contracts';
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
  NothingBody,
  ReadBackBody,
  RestoreVersionBody,
  ReturnBody,
  revisionOf,
  SaveBody,
  SpikeBody,
  StartBody,
} from './article.bodies.ts';
import type { ArticleCommand } from './article.ts';
import { Actions, ArticleView, articleView } from './article.view.ts';
import { clearing } from '../autosaving.ts';
import { type Article, newsroom, streamOf } from './state.ts';

type Sent<T extends ArticleCommand['type']> = Extract<ArticleCommand, { type: T }>['data'];

@Roles(...newsroom)
@Controller('articles')
export class ArticleController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'draft')
  async start(@Order() order: OrderHeaders, @Body() body: StartBody) {
    const articleId = derivedId(order.commandId, 'article');
    const data = { articleId, desk: body.desk, kind: body.kind, content: contentOf(body) };
    return answer(await this.execute(articleId, order, 'start', data), 'below');
  }

  @ReadRoute(':id', ArticleView, 'The article as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(articleView(state), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    const actions = articleLog.decider.actions(state, caller);
    return { actions, knows: { publication: state.publication.position } };
  }

  @CommandRoute('revise', 'draft')
  async revise(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: SaveBody) {
    const text = revisionOf(body);
    const of = { stream: streamOf(id), person: order.actor.id, session: body.session ?? '' };
    return answer(await clearing(this.store.work, of, text, () => this.execute(id, order, 'revise', text)));
  }

  @CommandRoute('restore-version', 'draft')
  async restore(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, seen }: RestoreVersionBody) {
    return answer(await this.execute(id, order, 'restore-version', { version, seen }));
  }

  @CommandRoute('submit', 'submitted')
  async submit(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'submit', {}));
  }

  @CommandRoute('recall', 'draft')
  async recall(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'recall', {}));
  }

  @CommandRoute('claim', 'editing')
  async claim(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ClaimBody) {
    return answer(await this.execute(id, order, 'claim', { reason }));
  }

  @CommandRoute('return', 'returned')
  async return(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { note }: ReturnBody) {
    return answer(await this.execute(id, order, 'return', { note }));
  }

  @CommandRoute('read-back', 'editing')
  async readBack(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, blocks }: ReadBackBody) {
    return answer(await this.execute(id, order, 'read-back', { version, blocks }));
  }

  @CommandRoute('approve', 'approved')
  async approve(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: ApproveBody) {
    return answer(await this.execute(id, order, 'approve', { version }));
  }

  @CommandRoute('open-next-version', 'editing')
  async openNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'open-next-version', {}));
  }

  @CommandRoute('discard-next-version', 'approved')
  async discardNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'discard-next-version', {}));
  }

  @CommandRoute('spike', 'spiked')
  async spike(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: SpikeBody) {
    return answer(await this.execute(id, order, 'spike', { reason }));
  }

  @CommandRoute('unspike', 'editing')
  async unspike(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'unspike', {}));
  }

  private execute<T extends ArticleCommand['type']>(id: string, order: OrderHeaders, type: T, data: Sent<T>) {
    const { actor, ...rest } = order;
    const command: Pick<ArticleCommand, 'type' | 'data' | 'actor'> = { type, data, actor };
    return this.store.execute<Article, ArticleCommand, ArticleEvent>(articleLog, { ...rest, id, command });
  }

  private async load(id: string) {
    const loaded = await this.store.load(articleLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return loaded;
  }
}
