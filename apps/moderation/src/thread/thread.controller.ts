import { Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Rejection } from '#decider';
import { EventStore } from '#event-store';
import { ReadRoute, Roles, tagged } from '#platform';
import { thread as example } from '../comment/comment.examples.ts';
import { Knows } from '../comment/comment.view.ts';
import { concerned } from '../rights.ts';
import { threadLog } from './thread.announcements.ts';

const ThreadView = Type.Object(
  {
    articleId: Type.String({ format: 'uuid' }),
    state: Type.String(),
    mode: Type.String(),
    versions: Type.Array(Type.Integer(), { description: 'versions of the article that readers have had' }),
    knows: Knows,
  },
  { additionalProperties: false, examples: [example] },
);

/** A thread follows its article; it is read, never commanded. Its id is the article's. */
@Roles(...concerned)
@Controller('threads')
export class ThreadController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(':id', ThreadView, 'The thread of the article of this id, as it stands.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.store.load(threadLog, id);
    if (version === 0) throw new Rejection('not-found', 'No article of that id has a thread.');
    const { id: articleId, status, mode, versions, position: publication } = state;
    return tagged({ articleId, state: status, mode, versions, knows: { publication } }, version);
  }
}
