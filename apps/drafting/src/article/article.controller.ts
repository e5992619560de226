import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { type ArticleEvent, type Block, Content } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore } from '#event-store';
import { answer, Caller, CommandRoute, CreateRoute, Order, type OrderHeaders, ReadRoute, tagged } from '#platform';
import { articleLog } from './article.announcements.ts';
import {
  ApproveBody,
  type BlockBody,
  ClaimBody,
  type FieldsBody,
  NothingBody,
  ReadBackBody,
  ReturnBody,
  ReviseBody,
  SpikeBody,
  StartBody,
} from './article.bodies.ts';
import type { ArticleCommand } from './article.ts';
import { articleView } from './article.view.ts';
import { clean } from './markup.ts';
import type { Article } from './state.ts';

type Sent<T extends ArticleCommand['type']> = Extract<ArticleCommand, { type: T }>['data'];

const empty: Content = {
  ...{ slugline: '', headline: '', standfirst: '', byline: [], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
const blocksOf = (given: readonly BlockBody[]): Block[] =>
  given.map(({ id, kind, html, attributions = [] }) =>
    clean({
      id,
      kind,
      html,
      attributions: attributions.map(({ speaker, kind: of, terms }) => ({ speaker, kind: of, terms })),
    }),
  );
/** Only the fields that were sent; a class's own undefined ones would overwrite what stands. */
const fieldsOf = (given: FieldsBody): Partial<Omit<Content, 'blocks'>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

const View = Type.Object({ id: Type.String(), state: Type.String(), version: Type.Integer(), content: Content });
const Actions = Type.Object({
  actions: Type.Array(Type.Object({ command: Type.String(), by: Type.Array(Type.String()) })),
  knows: Type.Object({
    publication: Type.String({ description: "the last position of publication's log that counted" }),
  }),
});

@Controller('articles')
export class ArticleController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute()
  async start(@Order() order: OrderHeaders, @Body() body: StartBody) {
    const articleId = derivedId(order.commandId, 'article');
    const content = { ...empty, ...fieldsOf(body.fields ?? {}), blocks: blocksOf(body.blocks ?? []) };
    const data = { articleId, desk: body.desk, kind: body.kind, content };
    return answer(await this.execute(articleId, order, 'start', data), 'below');
  }

  @ReadRoute(':id', View, 'The article as it stands, folded from its log.')
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

  @CommandRoute('revise')
  async revise(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ReviseBody) {
    const { base, fields, put, remove, order: sequence } = body;
    const data = { base, fields: fields && fieldsOf(fields), put: put && blocksOf(put), remove, order: sequence };
    return answer(await this.execute(id, order, 'revise', data));
  }

  @CommandRoute('submit')
  async submit(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'submit', {}));
  }

  @CommandRoute('recall')
  async recall(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'recall', {}));
  }

  @CommandRoute('claim')
  async claim(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ClaimBody) {
    return answer(await this.execute(id, order, 'claim', { reason }));
  }

  @CommandRoute('return')
  async return(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { note }: ReturnBody) {
    return answer(await this.execute(id, order, 'return', { note }));
  }

  @CommandRoute('read-back')
  async readBack(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, blocks }: ReadBackBody) {
    return answer(await this.execute(id, order, 'read-back', { version, blocks }));
  }

  @CommandRoute('approve')
  async approve(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: ApproveBody) {
    return answer(await this.execute(id, order, 'approve', { version }));
  }

  @CommandRoute('open-next-version')
  async openNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'open-next-version', {}));
  }

  @CommandRoute('discard-next-version')
  async discardNext(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'discard-next-version', {}));
  }

  @CommandRoute('spike')
  async spike(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: SpikeBody) {
    return answer(await this.execute(id, order, 'spike', { reason }));
  }

  @CommandRoute('unspike')
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
