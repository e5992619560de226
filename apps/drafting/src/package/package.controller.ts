import { Body, Controller, Param } from '@nestjs/common';
import type { PackageEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore, type Order as StreamOrder } from '#event-store';
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
import { NothingBody } from '../article/article.bodies.ts';
import { newsroom } from '../article/state.ts';
import { guardsOf, unfitIn } from '../package-parts.ts';
import { allPackages, packageLog } from './package.announcements.ts';
import { ArrangeBody, CreatePackageBody, DiscardPackageBody, RenamePackageBody } from './package.bodies.ts';
import type { Package, PackageCommand } from './package.ts';
import { listed, PackageActions, Packages, PackageView, packageView } from './package.view.ts';

type Ordered = OrderHeaders & Pick<StreamOrder<PackageCommand>, 'guards'>;
type Sent<C> = C extends PackageCommand ? Pick<C, 'type' | 'data'> : never;

/** Packages and lists of articles that editors keep, in order, one in another. */
@Roles(...newsroom)
@Controller('packages')
export class PackageController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'open')
  async create(@Order() order: OrderHeaders, @Body() { desk, kind, name }: CreatePackageBody) {
    const packageId = derivedId(order.commandId, 'package');
    const sent = { type: 'create', data: { packageId, desk, kind, name } } as const;
    return answer(await this.execute(packageId, order, sent), 'below');
  }

  @ReadRoute('', Packages, 'Those that are not discarded.')
  async list() {
    const ids = await this.store.idsOf(packageLog.category, allPackages);
    const states = await Promise.all(ids.map(async (id) => (await this.store.load(packageLog, id)).state));
    return { items: states.filter(({ status }) => status !== 'discarded').map(listed) };
  }

  @ReadRoute(':id', PackageView, 'The package as it stands, and what keeps it from being shown.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(packageView(state, await unfitIn(this.store, state.parts)), version);
  }

  @ReadRoute(':id/actions', PackageActions, 'What this caller may do next.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    return { actions: packageLog.decider.actions((await this.load(id)).state, caller) };
  }

  @CommandRoute('rename', 'open')
  async rename(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { name }: RenamePackageBody) {
    return answer(await this.execute(id, order, { type: 'rename', data: { name } }));
  }

  @CommandRoute('arrange', 'open')
  async arrange(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { parts }: ArrangeBody) {
    const guards = await guardsOf(this.store, parts);
    return answer(await this.execute(id, { ...order, guards }, { type: 'arrange', data: { parts } }));
  }

  @CommandRoute('mark-ready', 'ready')
  async markReady(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    const { state } = await this.store.load(packageLog, id);
    const data = { unfit: await unfitIn(this.store, state.parts) };
    return answer(await this.execute(id, order, { type: 'mark-ready', data }));
  }

  @CommandRoute('discard', 'discarded')
  async discard(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: DiscardPackageBody) {
    return answer(await this.execute(id, order, { type: 'discard', data: { reason } }));
  }

  private execute(id: string, { actor, ...order }: Ordered, sent: Sent<PackageCommand>) {
    const command: Pick<PackageCommand, 'type' | 'data' | 'actor'> = { ...sent, actor };
    return this.store.execute<Package, PackageCommand, PackageEvent>(packageLog, { ...order, id, command });
  }

  private async load(id: string) {
    const loaded = await this.store.load(packageLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no package by that id.');
    return loaded;
  }
}
