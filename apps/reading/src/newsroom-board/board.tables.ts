/** Of every article its row; its corrections, and who writes it as well. */
export const boardTables = `
    create table newsroom_board (
      article_id uuid primary key,
      -- from drafting
      desk text,
      stage text,
      -- the first step of the approval, and what it waits for once it is past that
      first_step json,
      next_step json,
      kind text,
      state text,
      spiked boolean not null default false,
      version int,
      approved_version int,
      slugline text,
      headline text,
      section text,
      urgency int,
      writer_id text,
      writer_name text,
      assignee_id text,
      assignee_name text,
      editor_id text,
      editor_name text,
      deadline timestamptz,
      deadline_zone text,
      -- owed or overdue, where one person has approved it alone
      second_look text,
      open_tasks int not null default 0,
      -- required, changes-wanted, passed, waived or refused, once one was asked for; and the version answered for
      legal text,
      legal_version int,
      -- whether anything reads otherwise than in that version; where nobody has told, other versions do
      legal_pending boolean,
      not_for_publication boolean not null default false,
      drafted_at timestamptz,
      -- from publication
      publication_state text,
      pinned_version int,
      waiting_version int,
      out_version int,
      corrections_waiting int not null default 0,
      scheduled_at timestamptz,
      scheduled_zone text,
      overdue boolean not null default false,
      schedule_drift double precision,
      publication_at timestamptz
    );
    create index on newsroom_board (greatest(drafted_at, publication_at), article_id) where state is not null;
    create table newsroom_correction (
      article_id uuid,
      correction_id uuid,
      state text,
      version int,
      -- what its approval waits for, where it has steps
      next_step json,
      legal text,
      legal_version int,
      legal_pending boolean,
      primary key (article_id, correction_id)
    );
    create index on newsroom_correction (article_id) where state = 'open';
    create table co_writer (
      article_id uuid,
      person_id text,
      writes boolean,
      primary key (article_id, person_id)
    );
    create index on co_writer (person_id) where writes;`;
