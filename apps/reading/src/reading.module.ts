import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { ArticleBlameController } from './article-history/article-blame.controller.ts';
import { ArticleHistoryController } from './article-history/article-history.controller.ts';
import { ArticleVersionsController } from './article-history/article-versions.controller.ts';
import { MovesController } from './article-history/moves.controller.ts';
import { ArticlePageController } from './article-page/article-page.controller.ts';
import { CoverageController } from './coverages/coverages.controller.ts';
import { HolesController } from './holes/holes.controller.ts';
import { ModerationQueueController } from './moderation-queue/moderation-queue.controller.ts';
import { NewsroomBoardController } from './newsroom-board/newsroom-board.controller.ts';
import { NotificationsController } from './notifications/notifications.controller.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { PublicationLogController } from './publication-log/publication-log.controller.ts';

@Module({
  controllers: [
    ArticleBlameController,
    MovesController,
    ...[ArticlePageController, ArticleHistoryController, ArticleVersionsController, NewsroomBoardController],
    ...[ModerationQueueController, PublicationLogController, NotificationsController, CoverageController],
    ...[OperationsController, ParkedController, HolesController],
  ],
})
export class ReadingModule {}
