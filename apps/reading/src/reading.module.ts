import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { ArticleBlameController } from './article-history/article-blame.controller.ts';
import { ArticleHistoryController } from './article-history/article-history.controller.ts';
import { ArticleMomentController } from './article-history/article-moment.controller.ts';
import { ArticleVersionsController } from './article-history/article-versions.controller.ts';
import { MovesController } from './article-history/moves.controller.ts';
import { ArticlePageController } from './article-page/article-page.controller.ts';
import { CoverageController } from './coverages/coverages.controller.ts';
import { HolesController } from './holes/holes.controller.ts';
import { ModerationQueueController } from './moderation-queue/moderation-queue.controller.ts';
import { NewsroomBoardController } from './newsroom-board/newsroom-board.controller.ts';
import { NotificationsController } from './notifications/notifications.controller.ts';
import { Tail } from './notifications/tail.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { PackagesController } from './packages/packages.controller.ts';
import { PublicationLogController } from './publication-log/publication-log.controller.ts';
import { ArticleSearchController } from './search/article-search.controller.ts';

@Module({
  providers: [Tail],
  controllers: [
    ArticleBlameController,
    MovesController,
    ...[ArticlePageController, ArticleHistoryController, ArticleVersionsController, NewsroomBoardController],
    ...[
      ModerationQueueController,
      PublicationLogController,
      NotificationsController,
      ArticleSearchController,
      ArticleMomentController,
      CoverageController,
      PackagesController,
    ],
    ...[OperationsController, ParkedController, HolesController],
  ],
})
export class ReadingModule {}
