import { Body, Controller, Param } from '@nestjs/common';
import type { PublicationEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { EventStore } from '#event-store';
import { answer, Caller, CommandRoute, instantIn, Order, type OrderHeaders, ReadRoute, Roles, tagged } from '#platform';
import { arrived } from '../arrival.ts';
import { originalsOf } from '../originals.ts';
import { Paper } from './paper.ts';
import { publicationLog } from './publication.announcements.ts';
import {
  CorrectBody,
  NothingBody,
  PublishBody,
  ReasonBody,
  RefileBody,
  RepeatBody,
  ScheduleBody,
  TakeVersionBody,
  UpdateBody,
} from './publication.bodies.ts';
import type { PeoplesCommand, PublicationCommand } from './publication.ts';
import { Actions, PublicationView, publicationView } from './publication.view.ts';
import { newsroom, type Publication } from './state.ts';

type Sent<T extends PeoplesCommand['type']> = Extract<PeoplesCommand, { type: T }>['data'];

@Roles(...newsroom)
@Controller('publications')
export class PublicationController {
  constructor(
    private readonly store: EventStore,
    private readonly paper: Paper,
  ) {}

  @ReadRoute(':id', PublicationView, 'The publication of this article as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    return tagged(publicationView(state), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    return { actions: publicationLog.decider.actions(state, caller), knows: { drafting: state.position } };
  }

  @CommandRoute('take-version', 'cleared')
  async takeVersion(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: TakeVersionBody) {
    return answer(await this.execute(id, order, 'take-version', { version }));
  }

  @CommandRoute('publish', 'published')
  async publish(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: PublishBody) {
    const { version, edition, after } = body;
    await arrived(this.store, after, () => this.store.answered(publicationLog, { id, ...order }));
    const originals = await originalsOf(this.store, id);
    return answer(await this.execute(id, order, 'publish', { version, edition, paper: this.paper.name, originals }));
  }

  @CommandRoute('schedule', 'scheduled')
  async schedule(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ScheduleBody) {
    return answer(await this.execute(id, order, 'schedule', await this.when(id, body)));
  }

  @CommandRoute('reschedule', 'scheduled')
  async reschedule(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: ScheduleBody) {
    return answer(await this.execute(id, order, 'reschedule', await this.when(id, body)));
  }

  @CommandRoute('deschedule', 'cleared')
  async deschedule(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'deschedule', {}));
  }

  @CommandRoute('correct', 'published')
  async correct(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { after, ...body }: CorrectBody) {
    await arrived(this.store, after, () => this.store.answered(publicationLog, { id, ...order }));
    return answer(await this.execute(id, order, 'correct', body));
  }

  @CommandRoute('refile', 'published')
  async refile(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { after, ...body }: RefileBody) {
    await arrived(this.store, after, () => this.store.answered(publicationLog, { id, ...order }));
    return answer(await this.execute(id, order, 'refile', body));
  }

  @CommandRoute('update', 'published')
  async update(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { after, ...body }: UpdateBody) {
    await arrived(this.store, after, () => this.store.answered(publicationLog, { id, ...order }));
    return answer(await this.execute(id, order, 'update', body));
  }

  @CommandRoute('repeat', 'published')
  async repeat(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { item }: RepeatBody) {
    return answer(await this.execute(id, order, 'repeat', { item }));
  }

  @CommandRoute('hold', 'held')
  async hold(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'hold', { reason }));
  }

  @CommandRoute('release', 'published')
  async release(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'release', { reason }));
  }

  @CommandRoute('unpublish', 'unpublished')
  async unpublish(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'unpublish', { reason }));
  }

  @CommandRoute('stop', 'stopped')
  async stop(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'stop', { reason }));
  }

  @CommandRoute('ask-kill', 'kill-asked')
  async askKill(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'ask-kill', { reason }));
  }

  @CommandRoute('sign-kill', 'killed')
  async signKill(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await this.execute(id, order, 'sign-kill', {}));
  }

  @CommandRoute('decline-kill', 'published')
  async declineKill(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await this.execute(id, order, 'decline-kill', { reason }));
  }

  /** What a zone's clocks show is looked up here: the rules of zones change, what was decided does not. */
  private async when(id: string, { at, ...body }: ScheduleBody) {
    const [due, day] = [instantIn(at, body.zone), at.slice(0, 10)];
    return { ...body, due, day, paper: this.paper.name, originals: await originalsOf(this.store, id) };
  }

  private execute<T extends PeoplesCommand['type']>(id: string, order: OrderHeaders, type: T, data: Sent<T>) {
    const { actor, ...rest } = order;
    const command: Pick<PublicationCommand, 'type' | 'data' | 'actor'> = { type, data, actor };
    return this.store.execute<Publication, PublicationCommand, PublicationEvent>(publicationLog, {
      ...rest,
      ...{ id, command },
    });
  }

  private async load(id: string) {
    const loaded = await this.store.load(publicationLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'No approval of an article by that id has arrived.');
    return loaded;
  }
}
