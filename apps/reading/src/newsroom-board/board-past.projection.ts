import type { Incoming } from '#messaging';
import { type Projection, Rows } from '#projections';
import type { Read } from './board.sql.ts';
import { newsroomBoard } from './newsroom-board.projection.ts';

/** What an event makes of the row that an article has on the board: told by the board's own fold. */
function record(event: Incoming, rows: Rows): void {
  const board = new Rows(newsroomBoard);
  newsroomBoard.on[event.type]?.(event, board);
  for (const { key, set, add } of board.tables.get('newsroom_board')?.values() ?? [])
    rows.set(
      'board_moment',
      { ...key, service: event.topic, position: String(event.position) },
      { happened_at: event.time, changes: set, counts: add },
    );
}

/**
 * The board as it was at any time: for each event that changed an article's row, the row as it was from then on, as far as the columns of
 * that event's topic go. The two topics come in no order to each other; what one of them has written of an article is in order.
 */
export const boardPast: Projection = {
  name: 'board_past',
  // Whatever makes another board makes another past.
  version: newsroomBoard.version,
  differs: true,
  topics: newsroomBoard.topics,
  tables: { board_moment: ['article_id', 'service', 'position'] },
  ddl: `
    create table board_moment (
      article_id uuid,
      service text,
      position bigint,
      happened_at timestamptz not null,
      until timestamptz not null default 'infinity',
      -- what the event changed, and added to; empty once it is in the row
      changes jsonb,
      counts jsonb,
      board jsonb,
      primary key (article_id, service, position)
    );
    create index on board_moment using gist (tstzrange(happened_at, until));
    -- Each row goes on from the one before it, and ends it.
    create function go_on() returns trigger language plpgsql set search_path from current as $$
    declare before jsonb;
    begin
      update board_moment set until = new.happened_at
       where article_id = new.article_id and service = new.service and until = 'infinity' and position < new.position
      returning board into before;
      new.board := coalesce(before, '{}') || new.changes || (
        select coalesce(jsonb_object_agg(key, coalesce((before->>key)::int, 0) + value::int), '{}') from jsonb_each_text(new.counts));
      new.changes := null;
      new.counts := null;
      return new;
    end $$;
    create trigger going_on before insert on board_moment for each row execute function go_on();`,
  on: Object.fromEntries(Object.keys(newsroomBoard.on).map((type) => [type, record])),
};

/** In place of the table of the board: the rows as they were at the instant in this parameter. */
export const boardAt = (instant: string): Read => ({
  instant: `${instant}::timestamptz`,
  source: `(
  select board.* from board_moment drafted
    left join board_moment published on published.article_id = drafted.article_id and published.service = 'publication'
     and tstzrange(published.happened_at, published.until) @> ${instant}::timestamptz
   cross join lateral jsonb_populate_record(null::newsroom_board,
     '{"spiked": false, "not_for_publication": false, "open_tasks": 0, "corrections_waiting": 0, "overdue": false}'::jsonb || drafted.board
       || coalesce(published.board, '{}') || jsonb_build_object('article_id', drafted.article_id)) board
   where drafted.service = 'drafting' and tstzrange(drafted.happened_at, drafted.until) @> ${instant}::timestamptz
) newsroom_board`,
});
