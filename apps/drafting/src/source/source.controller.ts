import { Body, Controller, Param } from '@nestjs/common';
import type { SourceEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { commandId, derivedId, EventStore } from '#event-store';
import { Vault } from '#keyring';
import {
  Answer,
  answer,
  AskRoute,
  Caller,
  CommandRoute,
  CreateRoute,
  Order,
  type OrderHeaders,
  ReadRoute,
  Roles,
  tagged,
} from '#platform';
import { tellArticles } from '../source-standing.ts';
import { articleLog } from '../article/article.announcements.ts';
import { sourcingLog } from '../sourcing/sourcing.announcements.ts';
import { sourceLog } from './source.announcements.ts';
import { LookBody, RegisterSourceBody, RetractSourceBody, SourceNothingBody } from './source.bodies.ts';
import { isKnower, mayKnowOf, type Source, type SourceCommand } from './source.ts';
import { listed, Seen, SourceActions, Sources, SourceView, sourceView, useOf, Uses } from './source.view.ts';

type Sent<T extends SourceCommand['type']> = Extract<SourceCommand, { type: T }>['data'];
/** Without a fingerprint, nothing of its body is compared with an earlier one. */
type Ordered = Omit<OrderHeaders, 'fingerprint'> & Partial<Pick<OrderHeaders, 'fingerprint'>>;
const writers = ['reporter', 'editor', 'chief'];
const missing = () => new Rejection('not-found', 'There is no source by that id.');

/** The vault. Who a source is stands in the log as ciphertext and leaves it by `look` alone; nothing of a source leaves the service. */
@Roles(...writers, 'privacy-officer', 'auditor')
@Controller('sources')
export class SourceController {
  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  @Roles(...writers)
  @CreateRoute('', 'registered')
  async register(@Order() { fingerprint, ...order }: OrderHeaders, @Body() body: RegisterSourceBody) {
    const sourceId = derivedId(order.commandId, 'source');
    const key = await this.vault.take(sourceId);
    if (!key) return answer(await this.answered(sourceId, order), 'below');
    const { desk, description, why, identity } = body;
    const told = { desk, description, why: key.seal('why', why) };
    const data = { sourceId, ...told, identity: key.seal('identity', JSON.stringify(identity)) };
    const ordered = { ...order, fingerprint: key.fingerprint(fingerprint) };
    return answer(await this.execute(sourceId, ordered, 'register', data), 'below');
  }

  @ReadRoute(
    '',
    Sources,
    'Those that the caller knows, and those of their desks. No query of read models: nothing of them leaves here.',
  )
  async list(@Caller() caller: Actor) {
    const ids = await this.vault.sources();
    const states = await Promise.all(ids.map(async (id) => (await this.store.load(sourceLog, id)).state));
    const known = states.filter((state) => isKnower(state, caller)).map(({ id }) => id);
    const alerts = (await this.vault.alerts(known, caller.id)).filter(({ seen }) => !seen);
    return { items: states.filter((state) => mayKnowOf(state, caller)).map((state) => listed(state, caller, alerts)) };
  }

  @ReadRoute(':id', SourceView, 'The source as it stands, without who it is.')
  async read(@Param('id') id: string, @Caller() caller: Actor) {
    const { state, version } = await this.load(id, caller);
    const key = (await this.vault.keys([id])).get(id);
    const open = (field: string, sealed: string) => key?.open(field, sealed) ?? '';
    return tagged(sourceView(state, open), version);
  }

  @ReadRoute(':id/actions', SourceActions, 'What this caller may do next.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id, caller);
    return { actions: sourceLog.decider.actions(state, caller) };
  }

  @ReadRoute(
    ':id/uses',
    Uses,
    'Every article that rests on it, or did, with what readers have of it and the task that a retraction opened.',
  )
  async uses(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id, caller);
    const items = state.articles.map(async (articleId) => {
      const { state: article } = await this.store.load(articleLog, articleId);
      const { state: sourcing } = await this.store.load(sourcingLog, articleId);
      return useOf(
        article,
        sourcing.quotes.filter(({ source }) => source === id),
      );
    });
    return { items: await Promise.all(items) };
  }

  /** Each look is an event, so none is a repeat of another. */
  @AskRoute(
    'look',
    Seen,
    'Who it is. That the caller looked, and why, is recorded each time; an Idempotency-Key is not heeded.',
  )
  async look(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: LookBody) {
    const { key } = await this.opened(id, order);
    const { fingerprint: _compared, ...rest } = order;
    const own = { ...rest, commandId: commandId('look', crypto.randomUUID()) };
    const { version } = await this.execute(id, own, 'look', { reason: key.seal('reason', reason) });
    const { state } = await this.store.load(sourceLog, id);
    const identity = JSON.parse(key.open('identity', state.identity)) as object;
    return new Answer({ id, version, identity }, () => ({ 'Cache-Control': 'no-store' }));
  }

  @CommandRoute('verify', 'verified')
  async verify(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: SourceNothingBody) {
    await this.toCommand(id, order);
    const executed = await this.execute(id, order, 'verify', {});
    await tellArticles(this.store, id, order);
    return answer(executed);
  }

  /** Answered once each article that rests on it knows; asked again, it tells those that do not. */
  @CommandRoute('retract', 'retracted')
  async retract(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason, ifOut }: RetractSourceBody) {
    await this.toCommand(id, order);
    const key = (await this.vault.keys([id])).get(id);
    const { fingerprint, ...rest } = order;
    const ordered = { ...rest, ...(key && { fingerprint: key.fingerprint(fingerprint) }) };
    const executed = await this.execute(id, ordered, 'retract', { reason: key?.seal('reason', reason) ?? '', ifOut });
    await tellArticles(this.store, id, order);
    return answer(executed);
  }

  /** Recorded first: if this process ends in between, asking again destroys it. */
  @CommandRoute('destroy-key', 'destroyed')
  async destroyKey(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: SourceNothingBody) {
    await this.toCommand(id, order);
    const executed = await this.execute(id, order, 'destroy-key', {});
    await this.vault.destroy(id);
    return answer(executed);
  }

  /** A retry of what was taken before the key was destroyed is answered as it was then. */
  private async answered(id: string, { commandId: of }: Pick<OrderHeaders, 'commandId'>) {
    const before = await this.store.answered(sourceLog, { id, commandId: of });
    if (before) return before;
    throw missing();
  }

  private execute<T extends SourceCommand['type']>(id: string, order: Ordered, type: T, data: Sent<T>) {
    const { actor, ...rest } = order;
    const command: Pick<SourceCommand, 'type' | 'data' | 'actor'> = { type, data, actor };
    return this.store.execute<Source, SourceCommand, SourceEvent>(sourceLog, { ...rest, id, command });
  }

  /** With its key, which whatever is said with a command is sealed under. */
  private async opened(id: string, order: OrderHeaders) {
    const { state } = await this.toCommand(id, order);
    const key = (await this.vault.keys([id])).get(id);
    if (!key)
      throw new Rejection('not-allowed-now', 'Its key is destroyed.', {
        state: state.status,
        allowed: sourceLog.decider.possible(state),
      });
    return { key, state };
  }

  /** To whom it is as if there were none, a key that they used before is still one that was used before. */
  private async toCommand(id: string, { actor, commandId: of }: OrderHeaders) {
    const loaded = await this.store.load(sourceLog, id);
    if (mayKnowOf(loaded.state, actor)) return loaded;
    await this.answered(id, { commandId: of });
    throw new Rejection('idempotency-mismatch', 'This Idempotency-Key was used for another request.');
  }

  private async load(id: string, caller: Actor) {
    const { state, version } = await this.store.load(sourceLog, id);
    if (!mayKnowOf(state, caller)) throw missing();
    return { state, version };
  }
}
