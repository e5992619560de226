import { readModels } from '../read-models.ts';
import { type LogName, logs, owed } from './expected.ts';
import { type Announced, type Ask, type Hole, holeOf } from './hole.ts';

/** Where one shard of a log ends. */
export interface Head {
  readonly log: LogName;
  readonly shard: number;
  readonly logId: string;
  readonly position: bigint;
  /** Of the last event that leaves. */
  readonly end: bigint;
}
/** How far one reader of a log came in one shard. */
export interface Stand {
  readonly where: string;
  readonly head: Head;
  readonly at: bigint;
  readonly logId: string;
}
interface Row {
  readonly where: string;
  readonly topic: string;
  readonly shard: number;
  readonly log_id: string;
  readonly at: string;
}

export const relay = 'relay';
export const reactionsOf = (service: string) => `reactions of ${service}`;
/** Everybody who must come to the end of a log. */
const readers: readonly { where: string; topic: LogName }[] = [
  ...logs.map((topic) => ({ where: relay, topic })),
  ...[...new Set(owed.map(({ by, topic }) => `${by} ${topic}`))].map((pair) => {
    const [by = '', topic = ''] = pair.split(' ');
    return { where: reactionsOf(by), topic: topic as LogName };
  }),
  ...readModels.flatMap(({ name, topics }) => topics.map((topic) => ({ where: name, topic: topic as LogName }))),
];

const headsSql = logs
  .map(
    (log) => `select '${log}' as log, shard, (select id::text from ${log}.log) as "logId", position::text,
                internal_position::text as end from ${log}.head`,
  )
  .join(' union all ');
const standsSql = [
  ...logs.map(
    (log) => `select '${relay}' as "where", '${log}' as topic, shard, (select id::text from ${log}.log) as log_id,
                position::text as at from ${log}.relay_cursor`,
  ),
  ...logs.map(
    (log) =>
      `select '${reactionsOf(log)}', topic, partition, log_id, last_position::text from ${log}.reaction_checkpoint`,
  ),
  `select projection, topic, partition, log_id, last_position::text
     from projection_checkpoint join projection_version using (projection, version) where serving`,
].join(' union all ');

export async function headsOf(ask: Ask): Promise<Head[]> {
  const rows = await ask<Omit<Head, 'position' | 'end'> & { position: string; end: string }>(headsSql);
  return rows.map(({ position, end, ...head }) => ({ ...head, position: BigInt(position), end: BigInt(end) }));
}

export async function standsOf(ask: Ask, heads: readonly Head[]): Promise<Stand[]> {
  const rows = await ask<Row>(standsSql);
  const keyOf = (where: string, topic: string, shard: number) => [where, topic, shard].join('/');
  const found = new Map(rows.map((row) => [keyOf(row.where, row.topic, row.shard), row]));
  return readers.flatMap(({ where, topic }) =>
    heads
      .filter(({ log }) => log === topic)
      .map((head) => {
        const row = found.get(keyOf(where, topic, head.shard));
        // Nothing is written down before the first event.
        return {
          where,
          head,
          at: BigInt(row?.at ?? 0),
          logId: row === undefined || row.log_id === '' ? head.logId : row.log_id,
        };
      }),
  );
}

/** Readers that stand where nothing is: past the end of the log, or at a position of another one. */
export function astray(stands: readonly Stand[]): Hole[] {
  return stands.flatMap(({ where, head, at, logId }) => {
    const place = { shard: head.shard, position: String(at), key: '', type: '' };
    const hole = (detail: string) => [holeOf('ahead', place, { where, service: head.log, detail })];
    if (logId !== head.logId) return hole(`it stands in another log (${logId}); this one is ${head.logId}`);
    const last = where === relay ? head.position : head.end;
    return at > last ? hole(`it stands at ${at}, but the last position is ${last}`) : [];
  });
}

/** Longer than this nothing is on its way: seconds from when it was recorded, and for which a reader must have been seen behind. */
const grace = { age: 4, behind: 2 };

/** Remembers since when readers are behind, so that nobody is blamed for having been away. */
export class Lateness {
  private behindSince = new Map<string, number>();

  /** The first event that each late reader has not passed. */
  async look(ask: Ask, stands: readonly Stand[]): Promise<Hole[]> {
    const since = new Map<string, number>();
    const late: Hole[] = [];
    for (const [log, own] of Map.groupBy(stands, ({ head }) => head.log)) {
      const behind = own.filter(({ at, head }) => at < head.end);
      if (behind.length === 0) continue;
      for (const { where, at, age, ...event } of await firstAfter(ask, log, behind)) {
        if (age < grace.age) continue;
        const name = [where, log, event.shard].join('/');
        const from = this.behindSince.get(name) ?? performance.now();
        since.set(name, from);
        const detail = `it stands at ${at}, and this was recorded ${Math.round(age)} s ago`;
        if (performance.now() - from > 1000 * grace.behind)
          late.push(holeOf('late', event, { where, service: log, detail }));
      }
    }
    this.behindSince = since;
    return late;
  }
}

function firstAfter(ask: Ask, log: LogName, behind: readonly Stand[]) {
  return ask<Announced & { where: string; at: string; age: number }>(
    `select at.reader as "where", at.after::text as at, e.shard, e.position::text, e.stream, e.key, e.id, e.type,
            (extract(epoch from clock_timestamp()) - e.recorded_at / 1e6)::float8 as age
       from unnest($1::text[], $2::int[], $3::bigint[]) as at(reader, shard, after)
      cross join lateral (select * from ${log}.announced a where slot = 'internal' and a.shard = at.shard and a.position > at.after
                           order by a.position limit 1) as e`,
    [behind.map(({ where }) => where), behind.map(({ head }) => head.shard), behind.map(({ at }) => String(at))],
  );
}
