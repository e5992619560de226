import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { autosavesOf } from './at-work/autosave.controller.ts';
import { changesOf } from './at-work/changes.controller.ts';
import { leasesOf } from './at-work/lease.controller.ts';
import { articleTexts, correctionTexts } from './texts.ts';
import { ArticleController } from './article/article.controller.ts';
import { LegalController } from './article/legal.controller.ts';
import { LineageController } from './article/lineage.controller.ts';
import { TeamworkController } from './article/teamwork.controller.ts';
import { NotesController } from './article/notes.controller.ts';
import { SuggestionsController } from './article/suggestions.controller.ts';
import { StepsController } from './article/steps.controller.ts';
import { CorrectionController } from './correction/correction.controller.ts';
import { DeskController } from './desk/desk.controller.ts';
import { AlertsController } from './source/alerts.controller.ts';
import { SourceController } from './source/source.controller.ts';
import { SourcingController } from './sourcing/sourcing.controller.ts';
import { PackageController } from './package/package.controller.ts';
import { PlanController } from './plan/plan.controller.ts';
import { StyleController, StyleRulesController } from './style/style.controller.ts';
import { TemplateController } from './template/template.controller.ts';

@Module({
  controllers: [
    ArticleController,
    ...[articleTexts, correctionTexts].flatMap((of) => [autosavesOf(of), changesOf(of), leasesOf(of)]),
    LegalController,
    NotesController,
    SuggestionsController,
    LineageController,
    TeamworkController,
    StepsController,
    CorrectionController,
    DeskController,
    SourceController,
    AlertsController,
    SourcingController,
    StyleController,
    StyleRulesController,
    TemplateController,
    PlanController,
    PackageController,
    ParkedController,
  ],
})
export class DraftingModule {}
