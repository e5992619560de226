import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Block, Instant, Person } from '#contracts';
import { Rejection } from '#decider';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles } from '#platform';
import { execute } from '../executing.ts';
import { articleLog } from './article.announcements.ts';
import { AcceptSuggestionBody, blockOf, RejectSuggestionBody, SuggestEditBody } from './article.bodies.ts';
import * as examples from './article.examples.ts';
import { newsroom } from './state.ts';

const strict = { additionalProperties: false } as const;
const said = { by: Person, at: Instant };
const Suggestions = Type.Object(
  {
    suggestions: Type.Array(
      Type.Object(
        {
          ...{ id: Type.String(), ...said },
          version: Type.Integer({ minimum: 1, description: 'of the text that it was proposed for' }),
          proposed: Block,
          note: Type.String(),
          decided: Type.Optional(Type.Object({ ...said, accepted: Type.Boolean(), reason: Type.String() }, strict)),
        },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.suggestions] },
);

/** Other words for a block, which wait until somebody who may write the text takes or turns them down. */
@Roles(...newsroom)
@Controller('articles')
export class SuggestionsController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(':id/suggestions', Suggestions, 'Every suggestion on it, decided or not, oldest first.')
  async suggestions(@Param('id') id: string) {
    const { state, version } = await this.store.load(articleLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return { suggestions: state.suggestions ?? [] };
  }

  @CommandRoute('suggest-edit', 'editing')
  async suggest(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: SuggestEditBody) {
    const { version, block, note = '' } = body;
    const data = { version, proposed: blockOf(block), note };
    return answer(await execute(this.store, id, order, { type: 'suggest-edit', data }));
  }

  @CommandRoute('accept-suggestion', 'editing')
  async accept(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AcceptSuggestionBody) {
    const { suggestionId, version } = body;
    return answer(await execute(this.store, id, order, { type: 'accept-suggestion', data: { suggestionId, version } }));
  }

  @CommandRoute('reject-suggestion', 'editing')
  async reject(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: RejectSuggestionBody) {
    const { suggestionId, reason = '' } = body;
    return answer(await execute(this.store, id, order, { type: 'reject-suggestion', data: { suggestionId, reason } }));
  }
}
