import { Body, Controller, Param } from '@nestjs/common';
import type { StyleEvent } from '#contracts';
import { Rejection } from '#decider';
import { EventStore } from '#event-store';
import { answer, CommandRoute, Order, type OrderHeaders, ReadRoute, Roles, tagged } from '#platform';
import { articleLog } from '../article/article.announcements.ts';
import { currentOf, type Line } from '../article/line.ts';
import { newsroom } from '../article/state.ts';
import { correctionLog } from '../correction/correction.announcements.ts';
import { styleFor } from '../executing.ts';
import { styleHits } from './matching.ts';
import { styleLog } from './style.announcements.ts';
import { DropRuleBody, SetRuleBody } from './style.bodies.ts';
import { languageOf, type Style, type StyleCommand } from './style.ts';
import { StyleHits, StyleView } from './style.view.ts';

type Sent<C> = C extends StyleCommand ? { type: C['type']; data: Omit<C['data'], 'language'> } : never;

/** House style by language, as a tag of BCP 47 has it first. */
@Roles(...newsroom)
@Controller()
export class StyleController {
  constructor(private readonly store: EventStore) {}

  @ReadRoute(
    'style/:language',
    StyleView,
    'The rules that hold: those that Stet comes with, and what editors have made of them.',
  )
  async read(@Param('language') tag: string) {
    const { rules, version } = await styleFor(this.store, tag);
    return tagged({ language: languageOf(tag), rules: [...rules] }, version);
  }

  @ReadRoute('articles/:id/style', StyleHits, 'What house style has to say of the text as it stands.')
  async check(@Param('id') id: string) {
    const { state, version } = await this.store.load(articleLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no article by that id.');
    return this.hitsIn(state.line);
  }

  @ReadRoute('corrections/:id/style', StyleHits, 'What house style has to say of the corrected text as it stands.')
  async checkCorrection(@Param('id') id: string) {
    const { state, version } = await this.store.load(correctionLog, id);
    if (version === 0) throw new Rejection('not-found', 'There is no correction by that id.');
    return this.hitsIn(state.line);
  }

  private async hitsIn(line: Line) {
    const { number, content } = currentOf(line);
    const { rules } = await styleFor(this.store, content.language);
    const hits = styleHits(content, rules).map((hit) => ({ ...hit, instead: [...hit.instead] }));
    return { version: number, language: content.language, hits };
  }
}

@Roles(...newsroom)
@Controller('style')
export class StyleRulesController {
  constructor(private readonly store: EventStore) {}

  @CommandRoute('set-rule', 'kept', 'language')
  async set(@Param('language') tag: string, @Order() order: OrderHeaders, @Body() body: SetRuleBody) {
    const { rule, find, instead, why, level } = body;
    const data = { rule: { rule, find, instead, why, level } };
    return answer(await this.execute(tag, order, { type: 'set-rule', data }));
  }

  @CommandRoute('drop-rule', 'kept', 'language')
  async drop(@Param('language') tag: string, @Order() order: OrderHeaders, @Body() { rule }: DropRuleBody) {
    return answer(await this.execute(tag, order, { type: 'drop-rule', data: { rule } }));
  }

  private execute(tag: string, { actor, ...order }: OrderHeaders, { type, data }: Sent<StyleCommand>) {
    const language = languageOf(tag);
    const command = { type, data: { language, ...data }, actor } as Pick<StyleCommand, 'type' | 'data' | 'actor'>;
    return this.store.execute<Style, StyleCommand, StyleEvent>(styleLog, { ...order, id: language, command });
  }
}
