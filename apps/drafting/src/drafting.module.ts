import { Module } from '@nestjs/common';
import { ArticleController } from './article/article.controller.ts';
import { CorrectionController } from './correction/correction.controller.ts';

@Module({ controllers: [ArticleController, CorrectionController] })
export class DraftingModule {}
