import type { Incoming } from '#messaging';
import type { Columns, Rows } from '#projections';

/** What is told of: an article, a plan, or a package. */
type Subject = { readonly articleId: string } | { readonly planId: string } | { readonly packageId: string };
export type By = { readonly by: { readonly id: string; readonly name: string } } & Subject;
type Told<D extends By = By> = Omit<Incoming, 'data'> & { readonly data: D };
/**
 * Whom something is told: a person by their id; whoever has a role; or a part in the subject, which its events say who had: whoever has
 * it at that point of the log, the event itself not counted.
 */
type Recipient = `person ${string}` | `role ${string}` | `part ${string}`;

export interface Message {
  readonly kind: string;
  readonly to: readonly Recipient[];
  /** Words that were said with it. */
  readonly said?: string;
  readonly about?: Columns;
  /** Who tells it, where that is not whoever did it. */
  readonly by?: By['by'];
}
function subjectOf(data: Subject): string {
  if ('packageId' in data) return data.packageId;
  return 'planId' in data ? data.planId : data.articleId;
}
export function tell({ data, position, partition, time }: Told, rows: Rows, message: Message): void {
  const { kind, to, said = '', about = {}, by = data.by } = message;
  const { id: by_id, name: by_name } = by;
  const article_id = 'articleId' in data ? data.articleId : null;
  const of = 'planId' in data ? { planId: data.planId } : 'packageId' in data ? { packageId: data.packageId } : {};
  for (const recipient of to)
    rows.set(
      'notification',
      { subject: subjectOf(data), position: String(position), recipient },
      {
        ...{ article_id, shard: partition, kind, by_id, by_name, happened_at: time },
        said,
        about: { ...of, ...about },
      },
    );
}
/**
 * From here on somebody has this part in the subject; nobody, where no person is named. Where several people have one at a time, each has
 * a place of their own in it.
 */
export function part({ data, position }: Told, rows: Rows, name: string, { person = '', place = '' }): void {
  rows.set(
    'part_had',
    { subject: subjectOf(data), part: name, place, position: String(position) },
    { person_id: person },
  );
}
/** Tells the same people of every event of a type. */
export const telling =
  <D extends By>(kind: string, to: readonly Recipient[], said: (data: D) => string = () => '') =>
  (event: Told<D>, rows: Rows): void => {
    tell(event, rows, { kind, to, said: said(event.data) });
  };
