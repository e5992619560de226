import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Instant, Person } from '#contracts';
import { Rejection } from '#decider';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles } from '#platform';
import { execute } from '../executing.ts';
import { articleLog } from './article.announcements.ts';
import { AddNoteBody, ResolveNoteBody } from './article.bodies.ts';
import * as examples from './article.examples.ts';
import { newsroom } from './state.ts';

const strict = { additionalProperties: false } as const;
const Offset = Type.Integer({ minimum: 0 });
const Notes = Type.Object(
  {
    notes: Type.Array(
      Type.Object(
        {
          ...{ id: Type.String(), by: Person, at: Instant, note: Type.String(), blocking: Type.Boolean() },
          mentions: Type.Array(Type.String(), { description: 'ids of persons' }),
          legal: Type.Optional(Type.Boolean({ description: 'what the legal check wants changed' })),
          block: Type.Optional(Type.String({ description: 'what it is on; without it, the article' })),
          range: Type.Optional(
            Type.Object(
              { from: Offset, to: Offset },
              { ...strict, description: 'of the HTML of the block as it stands now, in UTF-16 units' },
            ),
          ),
          resolved: Type.Optional(Type.Object({ by: Person, at: Instant }, strict)),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.notes] },
);

/** What people tell each other about a text. */
@Roles(...newsroom)
@Controller('articles')
export class NotesController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(':id/notes', Notes, 'Every note on it, resolved or not, oldest first.')
  async notes(@Param('id') id: string) {
    const { state, version } = await this.store.load(articleLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return { notes: state.notes ?? [] };
  }

  @CommandRoute('add-note', 'editing')
  async add(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AddNoteBody) {
    const { note, blocking = false, mentions = [], on } = body;
    const data = { note, blocking, mentions, on };
    return answer(await execute(this.store, id, order, { type: 'add-note', data }));
  }

  @CommandRoute('resolve-note', 'editing')
  async resolve(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { noteId }: ResolveNoteBody) {
    return answer(await execute(this.store, id, order, { type: 'resolve-note', data: { noteId } }));
  }
}
