import { Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Rejection } from '#decider';
import { EventStore } from '#event-store';
import { ReadRoute, tagged } from '#platform';
import { threadLog } from './thread.announcements.ts';

const ThreadView = Type.Object({
  ...{ articleId: Type.String(), state: Type.String(), mode: Type.String() },
  versions: Type.Array(Type.Integer(), { description: 'versions of the article that readers have had' }),
  knows: Type.Object({
    publication: Type.String({ description: "the last position of publication's log that counted" }),
  }),
});

/** A thread follows its article; it is read, never commanded. */
@Controller('threads')
export class ThreadController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(':articleId', ThreadView, 'The thread of an article as it stands.')
  async read(@Param('articleId') articleId: string) {
    const { state, version } = await this.store.load(threadLog, articleId);
    if (version === 0) throw new Rejection('not-found', 'No article of that id has a thread.');
    const { status, mode, versions, position: publication } = state;
    return tagged({ articleId, state: status, mode, versions, knows: { publication } }, version);
  }
}
