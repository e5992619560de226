import type pg from 'pg';

/** Whoever may read all schemas. */
interface Asking {
  readonly admin: Pick<pg.Pool, 'query'> | Pick<pg.Client, 'query'>;
}
const logs = ['drafting', 'publication', 'moderation'] as const;
/** Whose announcements each service reacts to. */
const heard = { drafting: ['publication'], publication: ['drafting'], moderation: ['publication', 'moderation'] };

const relayed = (of: string) =>
  `select sum(head.position - sent.position) from ${of}.head join ${of}.relay_cursor sent using (shard)`;
const reactedTo = (by: string, of: string) =>
  `select sum(greatest(0, head.internal_position - coalesce(read.last_position, 0))) from ${of}.head
     left join ${by}.reaction_checkpoint read on read.topic = '${of}' and read.partition = head.shard`;
const shown = (of: string) =>
  `select sum(greatest(0, head.internal_position - coalesce(read.position, 0))) from ${of}.head left join (
     select partition, min(last_position) as position
       from reading.projection_checkpoint join reading.projection_version using (projection, version)
      where serving and topic = '${of}' group by partition) read on read.partition = head.shard`;

/** How many events of a log the read models that serve do not show yet. */
export async function unseen({ admin }: Asking, of: (typeof logs)[number]): Promise<number> {
  const { rows } = await admin.query<{ events: number }>(`select (${shown(of)})::int as events`);
  return rows[0]?.events ?? 0;
}

const everything = [
  ...logs.flatMap((of) => [relayed(of), shown(of)]),
  ...Object.entries(heard).flatMap(([by, topics]) => topics.map((of) => reactedTo(by, of))),
];
/** Waits until all that was appended has been sent, reacted to and folded. All is asked at one moment, so nothing is between two steps. */
export async function untilLevel({ admin }: Asking, told: (left: string) => void = () => undefined): Promise<void> {
  const sum = everything.map((one) => `(${one})`).join(' + ');
  for (;;) {
    const { rows } = await admin.query<{ left: number }>(`select (${sum})::int as left`);
    const left = rows[0]?.left ?? 0;
    if (left === 0) return;
    told(`${left} steps are waiting`);
    await new Promise((go) => setTimeout(go, 50));
  }
}
