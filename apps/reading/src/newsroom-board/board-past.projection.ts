import { asOf, pastOf } from '../past.ts';
import type { Read } from './board.sql.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

/** The board as it was at any time. */
export const boardPast = pastOf(newsroomBoard, 'board_past');

/** In place of the table of the board: the rows as they were at the instant in this parameter. */
export const boardAt = (instant: string): Read => ({
  instant: `${instant}::timestamptz`,
  corrections: `with newsroom_correction as (select * from ${asOf('newsroom_correction', instant)})`,
  source: `(
  select board.* from newsroom_board_moment drafted
    left join newsroom_board_moment published on published.article_id = drafted.article_id and published.service = 'publication'
     and tstzrange(published.happened_at, published.until) @> ${instant}::timestamptz
   cross join lateral jsonb_populate_record(null::newsroom_board,
     '{"spiked": false, "not_for_publication": false, "open_tasks": 0, "corrections_waiting": 0, "overdue": false}'::jsonb || drafted.was
       || coalesce(published.was, '{}')) board
   where drafted.service = 'drafting' and tstzrange(drafted.happened_at, drafted.until) @> ${instant}::timestamptz
) newsroom_board`,
});
