import { asOf, oneAsOf, pastOf } from '../past.ts';
import type { Read } from './board.sql.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

/** The board as it was at any time. */
export const boardPast = pastOf(newsroomBoard, 'board_past', {
  newsroom_board: ['article_id', 'state', 'drafted_at', 'publication_at'],
});

/** In place of the table of the board: its rows as they were at the instant in this parameter. */
export const boardAt = (instant: string): Read => ({
  ...{ source: asOf('newsroom_board', instant), kept: 'materialized', instant: `${instant}::timestamptz` },
  one: (articleId) => oneAsOf('newsroom_board', `article_id = ${articleId}`, instant),
  besides: ['newsroom_correction', 'co_writer'].map((table) => `${table} as (select * from ${asOf(table, instant)})`),
});
