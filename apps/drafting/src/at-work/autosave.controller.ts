import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Block, Content, Instant } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { EventStore } from '#event-store';
import { Caller, KeepRoute, ReadRoute, Roles } from '#platform';
import { AutosaveBody, revisionOf, SessionBody } from '../article/article.bodies.ts';
import * as examples from '../article/article.examples.ts';
import { keepText, type KeptText } from '../autosaving.ts';
import { newsroom } from '../article/state.ts';
import { named, type Texts } from '../texts.ts';

const strict = { additionalProperties: false } as const;
const { blocks: _blocks, ...fields } = Content.properties;
const Ids = Type.Optional(Type.Array(Type.String()));
const at = { session: Type.String(), at: Instant };
const Kept = Type.Object(at, { ...strict, examples: [examples.kept] });
const Discarded = Type.Object({ session: Type.String() }, { ...strict, examples: [{ session: examples.session }] });
const Autosaves = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          ...at,
          refused: Type.Boolean({ description: 'it was sent as a save, and refused because of what others had done' }),
          text: Type.Object(
            {
              base: Type.Integer({ minimum: 1 }),
              fields: Type.Optional(Type.Partial(Type.Object(fields, strict), strict)),
              put: Type.Optional(Type.Array(Block)),
              remove: Ids,
              order: Ids,
            },
            { ...strict, description: 'a save as it would be sent' },
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [{ items: [examples.autosaved] }] },
);

/** Text that is not saved yet: its author's alone, one for each of their sessions, and no version. */
export function autosavesOf(of: Texts) {
  @Roles(...newsroom)
  @Controller(of.path)
  class AutosaveController {
    constructor(private readonly store: EventStore) {}

    @KeepRoute(
      'autosave',
      Kept,
      'Keeps a text that is not saved yet, in place of the one that this session kept before.',
    )
    async keep(@Param('id') id: string, @Caller() caller: Actor, @Body() body: AutosaveBody) {
      await of.versionOf(this.store, id);
      const { session } = body;
      const mine = { stream: of.streamOf(id), person: caller.id, session };
      await this.store.work.atWork(mine);
      return { session, at: await keepText(this.store.work, mine, { refused: false, text: revisionOf(body) }) };
    }

    @KeepRoute('discard-autosave', Discarded, 'Gives it up.')
    async discard(@Param('id') id: string, @Caller() caller: Actor, @Body() { session }: SessionBody) {
      const mine = { stream: of.streamOf(id), person: caller.id, session };
      const kept = await this.store.work.atWork(mine);
      if (kept === undefined) throw new Rejection('not-found', 'This session has kept no text of it.');
      await this.store.work.clearAutosave(mine, kept);
      return { session };
    }

    @ReadRoute(':id/autosaves', Autosaves, 'What the caller typed and did not save, in any session, the newest first.')
    async mine(@Param('id') id: string, @Caller() caller: Actor) {
      await of.versionOf(this.store, id);
      const kept = await this.store.work.autosaves({ stream: of.streamOf(id), person: caller.id });
      return { items: kept.map(({ session, at, value }) => ({ session, at, ...(value as KeptText) })) };
    }
  }
  return named(of, AutosaveController);
}
