import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Instant, Person } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { EventStore, type Lease } from '#event-store';
import { answer, Caller, CommandRoute, KeepRoute, Order, type OrderHeaders, ReadRoute, Roles } from '#platform';
import { SessionBody, TakeOverBody } from '../article/article.bodies.ts';
import * as examples from '../article/article.examples.ts';
import { newsroom } from '../article/state.ts';
import { named, type Texts } from '../texts.ts';

const strict = { additionalProperties: false } as const;
const Held = Type.Object(
  {
    by: Person,
    session: Type.String(),
    since: Instant,
    until: { ...Instant, description: 'it expires then unless its holder does something' },
  },
  { ...strict, examples: [examples.lease] },
);
const Standing = Type.Object(
  { lease: Type.Union([Held, Type.Null()]) },
  { ...strict, examples: [{ lease: examples.lease }] },
);
const Released = Type.Object({ session: Type.String() }, { ...strict, examples: [{ session: examples.session }] });

/** Who has a text in hand: a soft lease that stops nobody, and expires by itself. A save without it goes through the merge like any other. */
export function leasesOf(of: Texts) {
  @Roles(...newsroom)
  @Controller(of.path)
  class LeaseController {
    constructor(private readonly store: EventStore) {}

    @ReadRoute(':id/lease', Standing, 'Who has it in hand.')
    async standing(@Param('id') id: string) {
      await of.versionOf(this.store, id);
      return { lease: (await this.store.work.lease(of.streamOf(id))) ?? null };
    }

    @KeepRoute('lease', Held, 'Takes the lease, or renews it. Another session of the same person is another holder.')
    async take(@Param('id') id: string, @Caller() caller: Actor, @Body() { session }: SessionBody): Promise<Lease> {
      await of.versionOf(this.store, id);
      const held = await this.store.work.takeLease(of.streamOf(id), { by: caller, session });
      if (held.by.id !== caller.id || held.session !== session)
        throw new Rejection('lease-held', `${held.by.name} has it in hand.`, { lease: held });
      return held;
    }

    @KeepRoute('release-lease', Released, 'Gives the lease back.')
    async release(@Param('id') id: string, @Caller() caller: Actor, @Body() { session }: SessionBody) {
      const had = await this.store.work.releaseLease({ stream: of.streamOf(id), person: caller.id, session });
      if (!had) throw new Rejection('not-found', 'This session does not have it in hand.');
      return { session };
    }

    @CommandRoute('take-over-lease', of.state)
    async takeOver(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { session, reason }: TakeOverBody) {
      const { actor } = order;
      const held = await this.store.work.lease(of.streamOf(id));
      const mine = held?.by.id === actor.id && held.session === session;
      const from = held && !mine ? { by: held.by, session: held.session } : undefined;
      const data = { session, reason, from };
      const done = await of.takeOver(this.store, id, order, data);
      // A repeat that comes late takes nothing from whoever has it since.
      await this.store.work.takeLease(of.streamOf(id), { by: actor, session }, done.replayed ? undefined : 'over');
      return answer(done);
    }
  }
  return named(of, LeaseController);
}
