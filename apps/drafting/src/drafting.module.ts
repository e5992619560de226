import { Module } from '@nestjs/common';
import { ArticleController } from './article/article.controller.ts';

@Module({ controllers: [ArticleController] })
export class DraftingModule {}
