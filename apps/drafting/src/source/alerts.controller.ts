import { Body, Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Actor, Rejection } from '#decider';
import { EventStore } from '#event-store';
import { Vault } from '#keyring';
import { Caller, EventStreams, KeepRoute, ReadRoute, Roles, StreamRoute } from '#platform';
import { AlertTail, spotIn } from '../alert-tail.ts';
import { sourceLog } from './source.announcements.ts';
import { SeeAlertsBody } from './source.bodies.ts';
import { alertTold } from './source.examples.ts';
import { isKnower, mayKnowOf } from './source.ts';
import { Alerts, AlertsSeen } from './source.view.ts';

/** Where names of sources were found. It stands in no log, and neither does who has seen it. */
@Roles('reporter', 'editor', 'chief', 'privacy-officer', 'auditor')
@Controller('sources')
export class AlertsController {
  private readonly tail: AlertTail;

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
    private readonly streams: EventStreams,
  ) {
    this.tail = new AlertTail(store, vault);
  }

  @StreamRoute(
    'alerts/events',
    '`alert`: where a name was found of a source whom the caller knows; first all that they have not seen, then each as it is found. There is nothing to go on from: whoever comes back hears all that they have not seen.',
    `event: alert\ndata: ${JSON.stringify(alertTold)}\n\n`,
  )
  listen(@Caller() caller: Actor, @Res() reply: FastifyReply): void {
    const stream = this.streams.open(reply, caller.id);
    const end = this.tail.follow(caller, (alert) => {
      stream.send('alert', alert);
    });
    stream.onEnd(end);
  }

  @ReadRoute(
    ':id/alerts',
    Alerts,
    'Where a name of it was found in what does not rest on it, for those who know who it is. It may be no leak: the named may be in the news.',
  )
  async alerts(@Param('id') id: string, @Caller() caller: Actor) {
    await this.checkKnower(id, caller);
    const key = (await this.vault.keys([id])).get(id);
    const alerts = key ? await this.vault.alerts([id], caller.id) : [];
    const items = alerts.map(({ place, seen, sealed }) => ({
      ...{ id: place, seen },
      ...spotIn(sealed, key),
    }));
    return { items };
  }

  @KeepRoute('see-alerts', AlertsSeen, 'Marks these alerts as seen by the caller, who knows who it is.')
  async see(@Param('id') id: string, @Caller() caller: Actor, @Body() { alerts }: SeeAlertsBody) {
    await this.checkKnower(id, caller);
    await this.vault.see(id, alerts, caller.id);
    const standing = await this.vault.alerts([id], caller.id);
    return { unseen: standing.filter(({ seen }) => !seen).length };
  }

  private async checkKnower(id: string, caller: Actor): Promise<void> {
    const { state } = await this.store.load(sourceLog, id);
    if (!mayKnowOf(state, caller)) throw new Rejection('not-found', 'There is no source by that id.');
    if (!isKnower(state, caller))
      throw new Rejection('role-required', 'This is for who knows who it is.', { by: ['knower'] });
  }
}
