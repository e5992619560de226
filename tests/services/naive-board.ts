import type { Incoming } from '#messaging';
import { Rows } from '#projections';
import { newsroomBoard } from '../../apps/reading/src/newsroom-board/newsroom-board.projection.ts';
import { fix } from './happenings.ts';

interface Step {
  readonly step: string;
  readonly by: string;
  readonly rejected?: boolean;
}
export type Row = Record<string, string | number | boolean | object | null | undefined>;

/** The board, by playing everything up to an instant again. */
export function replayed(all: readonly Incoming[], instant: string): Row[] {
  const rows = new Rows(newsroomBoard);
  for (const event of all.filter(({ time }) => time <= instant)) newsroomBoard.on[event.type]?.(event, rows);
  const changed = ({ drafted_at: drafted = '', publication_at: out = '' }: Record<string, string>) =>
    [drafted, out].toSorted().at(-1) ?? '';
  const tableOf = (name: string) =>
    [...(rows.tables.get(name)?.values() ?? [])].map(({ key, set, add }): Row => ({ ...key, ...set, ...add }));
  // Each has one correction at most, and that one beside its own columns.
  const open = tableOf('newsroom_correction').filter(({ state }) => state === 'open');
  return tableOf('newsroom_board')
    .filter(({ state }) => state !== undefined)
    .map((row): Row => ({ ...row, changed: changed(row as Record<string, string>) }))
    .map((row): Row => ({ ...row, state: row.spiked === true ? 'spiked' : row.state }))
    .map((row): Row => ({ ...row, fixed: open.find(({ article_id: id }) => id === row.article_id) }))
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
}
const placeOf = ({ changed, article_id: id }: Row) => JSON.stringify([changed, id]);
const fixedOf = ({ fixed }: Row) => fixed as Row | undefined;

const legalOf = ({ legal, version, legal_version: answered, legal_pending: pending }: Row) =>
  legal === 'passed' && (pending ?? version !== answered) ? 'required' : (legal ?? null);
const legalsOf = (row: Row) => [legalOf(row), ...[fixedOf(row) ?? []].flat().map(legalOf)];
const stepOf = ({ state, next_step: next, first_step: first }: Row) =>
  state === 'editing' ? ((next ?? first ?? null) as Step | null) : null;
const fixStepOf = (row: Row) => (fixedOf(row)?.next_step ?? null) as Step | null;

/** What waits for somebody to take a step: the article, or a correction of it that reads otherwise. */
const waitsFor = (row: Row, by: string) => stepOf(row)?.by === by && !stepOf(row)?.rejected;
const fixWaitsFor = (row: Row, by: string) => fixStepOf(row)?.by === by && Number(fixedOf(row)?.version) > 1;
const isOpen = ({ state }: Row) => state !== 'spiked' && state !== 'killed';
const isReady = ({ corrections_waiting: waiting = 0, publication_state: out }: Row) =>
  Number(waiting) > 0 && ['published', 'held', 'unpublished'].includes(out as string);
const any = (...reasons: unknown[]) => reasons.some(Boolean);
const turns: Readonly<Record<string, (row: Row) => boolean>> = {
  writer: ({ state }) => state === 'draft' || state === 'returned',
  desk: (row) => isOpen(row) && any(row.state === 'submitted', row.second_look, fixWaitsFor(row, 'editor')),
  editor: (row) => row.state === 'editing' && any(stepOf(row)?.rejected, (stepOf(row)?.by ?? 'editor') === 'editor'),
  legal: (row) =>
    isOpen(row) && any(legalsOf(row).includes('required'), waitsFor(row, 'legal'), fixWaitsFor(row, 'legal')),
  chief: (row) => any(waitsFor(row, 'chief'), fixWaitsFor(row, 'chief')),
  'duty-editor': (row) =>
    any(row.publication_state === 'cleared', row.waiting_version, isReady(row)) ||
    any(waitsFor(row, 'duty-editor'), fixWaitsFor(row, 'duty-editor')),
  'kill-signer': (row) => row.publication_state === 'kill-asked',
};
/** Who must act next. */
const turnsOf = (row: Row) => Object.keys(turns).filter((name) => turns[name]?.(row));

/** What a filter of the board asks of a row, where that is not the column of its name. */
const columns: Readonly<Record<string, (row: Row) => unknown[]>> = {
  legal: legalsOf,
  assignee: (row) => [row.assignee_id],
  secondLook: (row) => [row.second_look],
  publication: (row) => [row.publication_state ?? 'none'],
  awaits: (row) => [stepOf(row)?.by, fixStepOf(row)?.by],
  next: turnsOf,
};
export const fits = (row: Row, [name, value]: readonly [string, unknown]) =>
  (columns[name] ?? ((one) => [one[name]]))(row).includes(value);

/** A row as the board answers it, as far as this goes. */
export const asItem = (row: Row) => ({
  ...{ articleId: row.article_id, desk: row.desk, stage: row.stage ?? '', state: row.state, headline: row.headline },
  ...{ version: row.version, approved: row.approved_version ?? null, awaits: stepOf(row), next: turnsOf(row) },
  ...{ assignee: row.assignee_id ? { id: row.assignee_id, name: row.assignee_name } : null },
  ...{ legal: legalOf(row), notForPublication: row.not_for_publication ?? false, secondLook: row.second_look ?? null },
  corrections: [fixedOf(row) ?? []]
    .flat()
    .map((fixed) => ({ ...fix, legal: legalOf(fixed), awaits: fixed.next_step ?? null })),
  publication: outOf(row),
  updatedAt: row.changed,
});
const outOf = (row: Row) => ({
  ...{ state: row.publication_state ?? 'none', corrections: row.corrections_waiting ?? 0 },
  ...{ out: row.out_version ?? null, waiting: row.waiting_version ?? null },
});
