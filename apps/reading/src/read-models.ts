import type { Projection } from '#projections';
import { articleHistory } from './article-history/article-history.projection.ts';
import { articlePage } from './article-page/article-page.projection.ts';
import { coverages } from './coverages/coverages.projection.ts';
import { moderationQueue } from './moderation-queue/moderation-queue.projection.ts';
import { boardPast } from './newsroom-board/board-past.projection.ts';
import { newsroomBoard } from './newsroom-board/newsroom-board.projection.ts';
import { notifications } from './notifications/notifications.projection.ts';
import { packages } from './packages/packages.projection.ts';
import { publicationLog } from './publication-log/publication-log.projection.ts';
import { articleSearch } from './search/article-search.projection.ts';

/** Everything that this service keeps up to date. */
export const readModels: readonly Projection[] = [
  ...[
    articlePage,
    articleHistory,
    newsroomBoard,
    boardPast,
    moderationQueue,
    publicationLog,
    notifications,
    articleSearch,
    coverages,
    packages,
  ],
];
export const readModelNames = readModels.map(({ name }) => name);
