import { utc } from '../lists.ts';

/** A spike covers the state of the line; what a row does not say has not happened. */
export const stateNow = `case when spiked then 'spiked' else state end`;
export const publicationNow = `coalesce(publication_state, 'none')`;
export const updated = 'greatest(drafted_at, publication_at)';

/** What was changed since the version that was passed or waived is required again. */
export const legalNow = `case when legal in ('passed', 'waived') and coalesce(legal_pending, version <> legal_version) then 'required' else legal end`;
/** The articles of which an open correction is so. */
export const withCorrection = (condition: string) =>
  `article_id in (select article_id from newsroom_correction where state = 'open' and ${condition})`;
/** The step that an approval stands at. */
export const awaits = `(case when state = 'editing' and not spiked then coalesce(next_step, first_step) end)`;
const awaited = (by: string) => `${awaits}->>'by' = '${by}' and ${awaits}->>'rejected' is null`;
/** A correction that reads otherwise than what it corrects, and waits for this step. */
const fixAwaits = (by: string) => withCorrection(`version > 1 and next_step->>'by' = '${by}'`);
const worked = `not spiked and state <> 'killed'`;
/** Who must act next. */
export const turns = {
  writer: `${worked} and state in ('draft', 'returned')`,
  desk: `${worked} and (state = 'submitted' or second_look is not null or ${fixAwaits('editor')})`,
  editor: `${worked} and state = 'editing' and (${awaits} is null or ${awaits}->>'by' = 'editor' or ${awaits}->>'rejected' is not null)`,
  legal: `${worked} and (${legalNow} = 'required' or ${withCorrection(`${legalNow} = 'required'`)} or ${awaited('legal')} or ${fixAwaits('legal')})`,
  chief: `(${awaited('chief')} or ${fixAwaits('chief')})`,
  'duty-editor': `publication_state = 'cleared' or waiting_version is not null
    or (corrections_waiting > 0 and publication_state in ('published', 'held', 'unpublished')) or ${awaited('duty-editor')} or ${fixAwaits('duty-editor')}`,
  'kill-signer': `publication_state = 'kill-asked'`,
};
export const turnNames = Object.keys(turns) as (keyof typeof turns)[];
export const nextNow = `array_remove(array[${turnNames.map((name) => `case when ${turns[name]} then '${name}' end`).join(', ')}], null)`;

/** A step that whoever passed the one before it may not take. */
const laterStep = `(coalesce(next_step->>'step' <> first_step->>'step', false) and next_step->>'rejected' is null)`;
/** What a person is to do: in which way they are who must act next. Values: their id three times, their roles, their desks. What no editor has in hand is anybody's. */
export const mineNow = `(
  (${turns.writer} or (${turns.editor}) and editor_id is null)
     and (? in (writer_id, assignee_id) or article_id in (select article_id from co_writer where person_id = ? and writes))
  or (${turns.editor}) and editor_id = ?
  or (${turns.desk} or (${turns.editor}) and (editor_id is null or ${laterStep})) and (('editor' = any(?::text[]) and desk = any(?::text[])) or 'chief' = any(?::text[]))
  or (${turns.legal}) and 'legal' = any(?::text[])
  or (${turns.chief}) and 'chief' = any(?::text[])
  or (${turns['duty-editor']}) and array['duty-editor', 'chief'] && ?::text[]
  or (${turns['kill-signer']}) and array['legal', 'chief', 'duty-editor'] && ?::text[])`;

/** Whether its deadline is over by an instant, and the text not approved. */
export const missedBy = (instant: string) =>
  `(${worked} and state <> 'approved' and coalesce(deadline < ${instant}, false))`;

/** What is read, and the instant that it is as of. */
export interface Read {
  readonly source: string;
  /** The row of one article. */
  readonly one: (articleId: string) => string;
  /** What is read beside it, where that is not of now. */
  readonly besides: readonly string[];
  /** Whether those that are found are kept while a page is made of them: no index has them in the order of another instant. */
  readonly kept: 'materialized' | 'not materialized';
  readonly instant: string;
}
export const boardNow: Read = {
  ...{ source: 'newsroom_board', besides: [], kept: 'not materialized', instant: 'now()' },
  one: (articleId) => `(select * from newsroom_board where article_id = ${articleId}) newsroom_board`,
};
const rowsOf = (from: string, instant: string) => `
  select article_id as "articleId", desk, coalesce(stage, '') as stage, kind, ${stateNow} as state, slugline, headline, section, urgency,
         version, approved_version as approved, writer_name as writer,
         case when assignee_id is not null then json_build_object('id', assignee_id, 'name', assignee_name) end as assignee,
         case when editor_id is not null then json_build_object('id', editor_id, 'name', editor_name) end as editor,
         case when deadline is not null then json_build_object(
           'at', ${utc('deadline')}, 'zone', deadline_zone, 'missed', ${missedBy(instant)}) end as deadline,
         second_look as "secondLook", open_tasks as tasks, ${awaits} as awaits, ${legalNow} as legal, not_for_publication as "notForPublication", ${nextNow} as next,
         (select coalesce(json_agg(json_build_object('correctionId', correction_id, 'legal', ${legalNow}, 'awaits', next_step) order by correction_id), '[]')
            from newsroom_correction open where open.article_id = newsroom_board.article_id and open.state = 'open') as corrections,
         json_build_object('state', ${publicationNow}, 'pinned', pinned_version, 'waiting', waiting_version,
                           'out', out_version, 'corrections', corrections_waiting, 'drift', schedule_drift, 'scheduled',
                           case when scheduled_at is not null then json_build_object(
                             'due', ${utc('scheduled_at')}, 'zone', scheduled_zone, 'overdue', overdue) end) as publication,
         ${utc(updated)} as "updatedAt"
    from ${from}
   where state is not null
   order by ${updated} desc, article_id desc`;
/** The row of a board that is about one article. */
export const boardOf = ({ besides, one, instant }: Read, articleId: string) =>
  `with ${besides.join()} ${rowsOf(one(articleId), instant)}`;

/** What a list of the board asks: conditions, where the page begins, and the parameter that says how long it is. */
export interface Asked {
  readonly condition: string;
  readonly place: string;
  readonly limit: string;
}
/** A page of the board. */
export interface BoardPage {
  readonly count: number;
  /** How many there are from where the page begins. */
  readonly left: number;
  /** JSON. */
  readonly items: string;
  /** Where the next page begins: the time and the id of the last. */
  readonly last: [string, string] | null;
}
/**
 * A page of the board, what changed last first, and how many there are on all of them. Of those that are found only what puts them in order is
 * read; whole rows are read of those alone that are shown.
 */
export const boardPage = (
  { condition, place, limit }: Asked,
  { source, one, besides, kept, instant }: Read = boardNow,
) => `
  with ${[...besides, `found as ${kept} (select article_id, ${updated} as updated from ${source} where state is not null and ${condition})`].join()}
  select counted.*, coalesce(items::text, '[]') as items, last
    from (select count(*)::int as count, (count(*) filter (where ${place}))::int as left from found) counted,
         (select json_agg(item) as items, (array_agg(json_build_array("updatedAt", "articleId")))[count(*)::int] as last
            from (select row.*, false as parked from (${rowsOf(
              `(select article_id as id from found where ${place} order by updated desc, article_id desc limit ${limit}) page
                cross join lateral ${one('page.id')}`,
              instant,
            )}) row) item) page`;
