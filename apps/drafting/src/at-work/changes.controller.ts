import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Actor } from '#decider';
import { EventStore } from '#event-store';
import { Caller, EventStreams, LastEventId, Problem, Roles, StreamRoute } from '#platform';
import * as examples from '../article/article.examples.ts';
import { person } from '../article/editing.ts';
import { newsroom } from '../article/state.ts';
import { named, type Texts } from '../texts.ts';

/** What happens to a text, and who is at it, told as it happens. */
export function changesOf(of: Texts) {
  @Roles(...newsroom)
  @Controller(of.path)
  class ChangesController {
    constructor(
      private readonly store: EventStore,
      private readonly streams: EventStreams,
    ) {}

    @StreamRoute(
      ':id/events',
      '`changed`: an event of its log; its `id` is the version that it is at then. `presence`: who has this stream open, and who has the text in hand.',
      examples.changes,
    )
    async changes(
      @Param('id') id: string,
      @Caller() caller: Actor,
      @LastEventId() last: string | undefined,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      const version = await of.versionOf(this.store, id);
      const after = last === undefined ? version : versionIn(last);
      const stream = this.streams.open(reply, caller.id);
      let told = after;
      const leave = this.store.watching.follow({
        ...{ stream: of.streamOf(id), after, by: person(caller) },
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
  return named(of, ChangesController);
}

function versionIn(last: string): number {
  if (/^\d{1,9}$/.test(last)) return Number(last);
  const detail = 'must be the id of an event of this stream';
  throw new Problem('invalid-parameter', { errors: [{ parameter: 'Last-Event-ID', code: 'not-an-id', detail }] });
}
