import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Actor, Rejection } from '#decider';
import { EventStore } from '#event-store';
import { Caller, EventStreams, LastEventId, Problem, Roles, StreamRoute } from '#platform';
import { articleLog } from './article.announcements.ts';
import * as examples from './article.examples.ts';
import { person } from './editing.ts';
import { newsroom, streamOf } from './state.ts';

/** What happens to an article, and who is at it, told as it happens. */
@Roles(...newsroom)
@Controller('articles')
export class ChangesController {
  constructor(
    private readonly store: EventStore,
    private readonly streams: EventStreams,
  ) {}

  @StreamRoute(
    ':id/events',
    '`changed`: an event of its log; its `id` is the version that the article is at then. `presence`: who has this stream open, and who has the text in hand.',
    examples.changes,
  )
  async changes(
    @Param('id') id: string,
    @Caller() caller: Actor,
    @LastEventId() last: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { version } = await this.store.load(articleLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    const after = last === undefined ? version : versionIn(last);
    const stream = this.streams.open(reply, caller.id);
    let told = after;
    const leave = this.store.watching.follow({
      ...{ stream: streamOf(id), after, by: person(caller) },
      changed(change) {
        told = change.version;
        stream.send('changed', change, String(told));
      },
      present(presence) {
        stream.send('presence', presence, String(told));
      },
    });
    leave.catch(() => {
      stream.end();
    });
    stream.onEnd(() => {
      leave.then((end) => end()).catch(() => undefined);
    });
  }
}

function versionIn(last: string): number {
  if (/^\d{1,9}$/.test(last)) return Number(last);
  const detail = 'must be the id of an event of this stream';
  throw new Problem('invalid-parameter', { errors: [{ parameter: 'Last-Event-ID', code: 'not-an-id', detail }] });
}
