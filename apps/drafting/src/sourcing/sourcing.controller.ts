import { Body, Controller, Param } from '@nestjs/common';
import Type from 'typebox';
import { Id, type SourcingEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { checkExpected, derivedId, EventStore } from '#event-store';
import { Vault } from '#keyring';
import { answer, Caller, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles, tagged } from '#platform';
import { articleLog } from '../article/article.announcements.ts';
import { currentOf } from '../article/line.ts';
import { type Article, newsroom } from '../article/state.ts';
import { articleTexts, correctionTexts } from '../texts.ts';
import { namesOf, newNames } from '../leak-watch.ts';
import { textsIn } from '../naming/texts.ts';
import { sourceLog } from '../source/source.announcements.ts';
import { correctionLog } from '../correction/correction.announcements.ts';
import type { Correction } from '../correction/state.ts';
import { isKnower, mayKnowOf, type Source } from '../source/source.ts';
import { standingOf } from '../source-standing.ts';
import { sourcingLog } from './sourcing.announcements.ts';
import { AnswerCheckBody, AttributeBody } from './sourcing.bodies.ts';
import * as examples from './sourcing.examples.ts';
import type { SourcingCommand } from './sourcing.ts';
import type { Sourcing } from './state.ts';

const strict = { additionalProperties: false } as const;
const Offset = Type.Integer({ minimum: 0 });
const SourcingView = Type.Object(
  {
    attributions: Type.Array(
      Type.Object(
        {
          block: Type.String(),
          speaker: Type.String({ description: 'as printed' }),
          verified: Type.Boolean(),
          retracted: Type.Boolean({ description: 'whoever may must take it out, or find another source for it' }),
          sourceId: Type.Optional({ ...Id, description: 'for those who may know of the source' }),
        },
        strict,
      ),
    ),
    named: Type.Array(
      Type.Object(
        {
          sourceId: Id,
          in: Type.String({ description: 'text, note, suggestion, correction or autosave' }),
          ...{ field: Type.Optional(Type.String()), block: Type.Optional(Type.String()) },
          ...{ from: Offset, to: Offset },
        },
        strict,
      ),
      {
        description:
          'where names stand, or parts of them, of the sources that the caller knows, in UTF-16 units; nothing for anybody else',
      },
    ),
    checks: Type.Array(
      Type.Object(
        { correctionId: Type.Optional(Id), version: Type.Integer({ minimum: 1 }), answer: Type.String() },
        strict,
      ),
    ),
  },
  { ...strict, examples: [examples.view] },
);
/** The text of an article, or of a correction of it. */
interface Which {
  readonly id: string;
  readonly correctionId: string | undefined;
}
type Asked = Pick<SourcingCommand, 'type' | 'data'>;

/** What the anonymous attributions of an article rest on. */
@Roles(...newsroom)
@Controller('articles')
export class SourcingController {
  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  @CommandRoute('attribute', 'kept')
  async attribute(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AttributeBody) {
    const { block, speaker, sourceId, correctionId } = body;
    const { actor, trace } = order;
    const asked = async () => {
      const { state } = await this.store.load(sourceLog, sourceId);
      if (!mayKnowOf(state, actor)) throw new Rejection('unknown-source', 'There is no source by that id.');
      return { type: 'attribute' as const, data: { block, speaker, sourceId, ...standingOf(state) } };
    };
    if (!(await this.store.answered(sourcingLog, { id, commandId: order.commandId }))) {
      await this.wouldBeTaken({ id, correctionId }, order, asked);
      // The source knows of the article before the article rests on it: whatever happens to it then reaches both.
      await this.store.execute(sourceLog, {
        ...{ id: sourceId, commandId: derivedId(order.commandId, 'quote'), trace },
        command: { type: 'quote', data: { articleId: id }, actor },
      });
    }
    return answer(await this.execute({ id, correctionId }, order, await asked()));
  }

  @CommandRoute('source-check', 'kept')
  async check(
    @Param('id') id: string,
    @Order() order: OrderHeaders,
    @Body() { version, answer: said, correctionId }: AnswerCheckBody,
  ) {
    const asked = { type: 'answer-check' as const, data: { version, answer: said } };
    return answer(await this.execute({ id, correctionId }, order, asked));
  }

  @ReadRoute(
    ':id/sourcing',
    SourcingView,
    'What its anonymous attributions rest on, and how their sources were checked.',
  )
  async read(@Param('id') id: string, @Caller() caller: Actor) {
    const article = await this.article(id);
    const { state, version } = await this.store.load(sourcingLog, id);
    const sources = await Promise.all(state.quotes.map(({ source }) => this.store.load(sourceLog, source)));
    const attributions = state.quotes.map(({ block, speaker, source: sourceId }, at) => {
      const { verifiedBy = [], retracted = false } = state.standings.get(sourceId) ?? {};
      const of = sources[at]?.state;
      const shown = { block, speaker, verified: verifiedBy.length > 0, retracted };
      return of && mayKnowOf(of, caller) ? { ...shown, sourceId } : shown;
    });
    const known = sources.map(({ state: of }) => of).filter((of) => isKnower(of, caller));
    const named = await this.named(article, known);
    return tagged(
      {
        attributions,
        named,
        checks: state.checks.map(({ correction, version: of, answer: said }) => ({
          ...{ correctionId: correction, version: of, answer: said },
        })),
      },
      version,
    );
  }

  /** Looked for in the names of these sources alone, so that the time it takes says nothing of others. */
  private async named(article: Article, sources: readonly Source[]) {
    const keys = await this.vault.keys(sources.map(({ id }) => id));
    const names = newNames();
    for (const { id, identity } of sources) {
      const key = keys.get(id);
      if (key) names.add(id, namesOf(key, identity), true);
    }
    const ids = await this.store.idsOf('correction', article.id);
    const corrections = await Promise.all(ids.map((id) => this.store.load(correctionLog, id)));
    const streams = [articleTexts.streamOf(article.id), ...ids.map(correctionTexts.streamOf)];
    const all = {
      ...{ text: currentOf(article.line).content, note: article.notes, suggestion: article.suggestions },
      correction: corrections
        .filter(({ state }) => state.status === 'open')
        .map(({ state }) => currentOf(state.line).content),
      autosave: (await Promise.all(streams.map((stream) => this.store.work.autosavesOf(stream)))).flat(),
    };
    return Object.entries(all).flatMap(([where, value]) =>
      textsIn(value).flatMap((placed) =>
        names.find(placed).map(({ of: sourceId, from, to }) => {
          const { field, block } = placed;
          return { sourceId, in: where, field, block, from, to };
        }),
      ),
    );
  }

  /** Before anything of it is recorded with the source. */
  private async wouldBeTaken(
    { id, correctionId }: Which,
    { actor, expected }: OrderHeaders,
    asked: () => Promise<Asked>,
  ): Promise<void> {
    const correction = await this.correction(id, correctionId);
    const given = { article: await this.article(id), ...(correction && { correction }) };
    const { state, version, now } = await this.store.load(sourcingLog, id);
    checkExpected(expected ?? 'any', version);
    const command = { ...(await asked()), actor, now, id: '', given } as SourcingCommand;
    sourcingLog.decider.decide(command, state);
  }

  private async article(id: string) {
    const { state, version } = await this.store.load(articleLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return state;
  }

  /** Refused unless it is of this article, and so in one order with it. */
  private async correction(articleId: string, id: string | undefined): Promise<Correction | undefined> {
    if (id === undefined) return undefined;
    const { state } = await this.store.load(correctionLog, id);
    if (state.articleId !== articleId) throw new Rejection('not-found', 'There is no correction of it by that id.');
    return state;
  }

  private async execute({ id, correctionId }: Which, order: OrderHeaders, asked: Asked) {
    const { actor, ...rest } = order;
    const correction = await this.correction(id, correctionId);
    const guards = {
      article: { aggregate: articleLog, id },
      ...(correction && { correction: { aggregate: correctionLog, id: correction.id } }),
    };
    const command = { ...asked, actor } as Pick<SourcingCommand, 'type' | 'data' | 'actor'>;
    return this.store.execute<Sourcing, SourcingCommand, SourcingEvent>(sourcingLog, { ...rest, id, command, guards });
  }
}
