import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { ArticleController } from './article/article.controller.ts';
import { CorrectionController } from './correction/correction.controller.ts';

@Module({ controllers: [ArticleController, CorrectionController, ParkedController] })
export class DraftingModule {}
