import type { Projection } from '#projections';
import { articleHistory } from './article-history/article-history.projection.ts';
import { articlePage } from './article-page/article-page.projection.ts';
import { coverages } from './coverages/coverages.projection.ts';
import { moderationQueue } from './moderation-queue/moderation-queue.projection.ts';
import { newsroomBoard } from './newsroom-board/newsroom-board.projection.ts';
import { notifications } from './notifications/notifications.projection.ts';
import { publicationLog } from './publication-log/publication-log.projection.ts';

/** Everything that this service keeps up to date. */
export const readModels: readonly Projection[] = [
  ...[articlePage, articleHistory, newsroomBoard, moderationQueue, publicationLog, notifications, coverages],
];
export const readModelNames = readModels.map(({ name }) => name);
