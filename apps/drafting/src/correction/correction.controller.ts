import { Body, Controller, Param } from '@nestjs/common';
import { type Actor, Rejection } from '#decider';
import { derivedId, EventStore } from '#event-store';
import {
  answer,
  Caller,
  CommandRoute,
  CreateRoute,
  Order,
  type OrderHeaders,
  ReadRoute,
  Roles,
  tagged,
} from '#platform';
import { articleLog } from '../article/article.announcements.ts';
import { hasWritten } from '../article/line.ts';
import {
  AnswerLegalCheckBody,
  ApproveBody,
  CountersignBody,
  NothingBody,
  ReadBackBody,
  ReasonBody,
  RejectApprovalBody,
  RestoreVersionBody,
  revisionOf,
  SaveBody,
  SkipApprovalStepBody,
  WaiveLegalCheckBody,
} from '../article/article.bodies.ts';
import { Actions } from '../article/article.view.ts';
import { newsroom } from '../article/state.ts';
import { clearing } from '../autosaving.ts';
import { correctionTexts } from '../texts.ts';
import { executeOfCorrection as execute, heldAgainst } from '../executing.ts';
import { noteStandings } from '../source-standing.ts';
import { sourcingLog } from '../sourcing/sourcing.announcements.ts';
import { correctionLog } from './correction.announcements.ts';
import { OpenBody } from './correction.bodies.ts';
import { CorrectionView, correctionView } from './correction.view.ts';

@Roles(...newsroom)
@Controller('corrections')
export class CorrectionController {
  constructor(private readonly store: EventStore) {}

  @CreateRoute('', 'open')
  async open(@Order() order: OrderHeaders, @Body() { articleId }: OpenBody) {
    const correctionId = derivedId(order.commandId, 'correction');
    const guarded = { ...order, guards: { article: { aggregate: articleLog, id: articleId } } };
    const sent = { type: 'open', data: { correctionId, articleId } } as const;
    return answer(await execute(this.store, correctionId, guarded, sent), 'below');
  }

  @ReadRoute(':id', CorrectionView, 'The correction as it stands, folded from its log.')
  async read(@Param('id') id: string) {
    const { state, version } = await this.load(id);
    const { state: article } = await this.store.load(articleLog, state.articleId);
    return tagged(correctionView(state, article), version);
  }

  @ReadRoute(':id/actions', Actions, 'What this caller may do next, as far as this service knows.')
  async actions(@Param('id') id: string, @Caller() caller: Actor) {
    const { state } = await this.load(id);
    const { state: article } = await this.store.load(articleLog, state.articleId);
    const { state: sourcing } = await this.store.load(sourcingLog, state.articleId);
    const held = { article, sourcing, ...(await heldAgainst(this.store, state)) };
    const actions = correctionLog.decider.actions(state, caller, held);
    return { actions, knows: { publication: article.publication.position } };
  }

  @CommandRoute('revise', 'open')
  async revise(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: SaveBody) {
    const text = revisionOf(body);
    const of = { stream: correctionTexts.streamOf(id), person: order.actor.id, session: body.session ?? '' };
    const save = () => execute(this.store, id, order, { type: 'revise', data: text });
    const wrote = async () => hasWritten((await this.load(id)).state.line, order.actor.id);
    return answer(await clearing(this.store.work, { of, text, wrote }, save));
  }

  @CommandRoute('restore-version', 'open')
  async restore(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, seen }: RestoreVersionBody) {
    return answer(await execute(this.store, id, order, { type: 'restore-version', data: { version, seen } }));
  }

  @CommandRoute('read-back', 'open')
  async readBack(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, blocks }: ReadBackBody) {
    return answer(await execute(this.store, id, order, { type: 'read-back', data: { version, blocks } }));
  }

  @CommandRoute('approve', 'approved')
  async approve(
    @Param('id') id: string,
    @Order() order: OrderHeaders,
    @Body() { version, confirm, alone }: ApproveBody,
  ) {
    const data = { version, confirm, alone };
    const { state } = await this.store.load(correctionLog, id);
    if (state.status === 'none') return answer(await execute(this.store, id, order, { type: 'approve', data }));
    await noteStandings(this.store, state.articleId, order);
    const guards = {
      sourcing: { aggregate: sourcingLog, id: state.articleId },
      article: { aggregate: articleLog, id: state.articleId },
    };
    return answer(await execute(this.store, id, { ...order, guards }, { type: 'approve', data }));
  }

  @CommandRoute('reject-approval', 'open')
  async reject(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version, reason }: RejectApprovalBody) {
    return answer(await execute(this.store, id, order, { type: 'reject-approval', data: { version, reason } }));
  }

  @CommandRoute('skip-approval-step', 'open')
  async skip(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { step, reason }: SkipApprovalStepBody) {
    return answer(await execute(this.store, id, order, { type: 'skip-approval-step', data: { step, reason } }));
  }

  @CommandRoute('resume-approval', 'open')
  async resume(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'resume-approval', data: {} }));
  }

  @CommandRoute('take-approval-steps', 'open')
  async takeSteps(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'take-approval-steps', data: {} }));
  }

  @CommandRoute('countersign', 'approved')
  async countersign(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { version }: CountersignBody) {
    return answer(await execute(this.store, id, order, { type: 'countersign', data: { version } }));
  }

  @CommandRoute('request-legal-check', 'open')
  async requestCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() { reason }: ReasonBody) {
    return answer(await execute(this.store, id, order, { type: 'request-legal-check', data: { reason } }));
  }

  @CommandRoute('answer-legal-check', 'open')
  async answerCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: AnswerLegalCheckBody) {
    const { version, answer: given, reason } = body;
    const data = { version, answer: given, reason };
    return answer(await execute(this.store, id, order, { type: 'answer-legal-check', data }));
  }

  @CommandRoute('waive-legal-check', 'open')
  async waiveCheck(@Param('id') id: string, @Order() order: OrderHeaders, @Body() body: WaiveLegalCheckBody) {
    const { version, reason } = body;
    return answer(await execute(this.store, id, order, { type: 'waive-legal-check', data: { version, reason } }));
  }

  @CommandRoute('discard', 'discarded')
  async discard(@Param('id') id: string, @Order() order: OrderHeaders, @Body() _body: NothingBody) {
    return answer(await execute(this.store, id, order, { type: 'discard', data: {} }));
  }

  private async load(id: string) {
    const loaded = await this.store.load(correctionLog, id);
    if (loaded.version === 0) throw new Rejection('not-found', 'There is no correction by that id.');
    return loaded;
  }
}
