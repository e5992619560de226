import type pg from 'pg';
import { eventColumns, eventOf, type EventRow, type Folding, instant, upcast } from './event.ts';

/** What an accepted command left behind. */
export interface Known {
  fingerprint: string | null;
  status: string;
  version: string;
  shard: number;
  internal_position: string;
}
/** Another stream that a decision rests on. */
export interface Guard {
  readonly aggregate: Folding;
  readonly id: string;
}
/** What an accepted command left behind, whether it wrote events or not. */
const knownCommand = (id: string) => `
  select json_build_object('fingerprint', first.fingerprint, 'status', first.status, 'shard', first.shard,
           'version', first.version + first.events - 1,
           'internal_position', (case when last.internal_type is null then last.internal_previous else last.position end)::text) as known
    from event first join event last on last.shard = first.shard and last.position = first.position + first.events - 1
   where first.command_id = ${id}::uuid
  union all
  select json_build_object('fingerprint', fingerprint, 'status', status, 'shard', shard, 'version', version,
           'internal_position', internal_position::text)
    from repeat where command_id = ${id}::uuid`;

/** What is read of a log before a command is decided. */
export class Streams {
  constructor(private readonly pool: pg.Pool) {}

  /** The states of other streams by their names, and the versions that they must still be at. */
  async lookAtGuards(guards: Readonly<Record<string, Guard>>) {
    const found = await Promise.all(
      Object.entries(guards).map(async ([name, { aggregate, id }]) => {
        const { state, version } = await this.look(aggregate, id, null);
        return { name, state, version, stream: `${aggregate.category}-${id}` };
      }),
    );
    return {
      given: Object.fromEntries(found.map(({ name, state }) => [name, state])),
      guards: found.map(({ stream, version }) => ({ stream, version })),
    };
  }

  /** A stream's state now, with what is known of a command, and the database's clock: never before the stream's last event. */
  async look<S>(aggregate: Folding<S>, id: string, command: string | null) {
    const { rows } = await this.pool.query<EventRow & { now: string; known: Known | null }>({
      name: 'look',
      text: `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now, k.known, e.*
               from (select 1) as one
               left join lateral (${knownCommand('$2')}) k on true
               left join lateral (select ${eventColumns} from event where stream = $1) e on true
              order by e.version`,
      values: [`${aggregate.category}-${id}`, command],
    });
    const events = rows.filter((row) => row.stream as string | null).map(eventOf);
    const state = events.reduce(
      (folded, event) =>
        aggregate.decider.evolve(folded, upcast(event, aggregate.upcasters, aggregate.versionOf(event.type))),
      aggregate.decider.initial,
    );
    const last = events.at(-1);
    const clock = BigInt(rows[0]?.now ?? 0);
    const now = instant(last && last.recordedAt > clock ? last.recordedAt : clock);
    return { state, version: last?.version ?? 0, shard: last?.shard, now, known: rows[0]?.known ?? undefined };
  }

  /** What is known of a command that was accepted; anything else is a mistake of the program and throws. */
  async known(command: string): Promise<Known> {
    const { rows } = await this.pool.query<{ known: Known }>(knownCommand('$1'), [command]);
    if (!rows[0]) throw new Error(`Command ${command} was accepted, but is not in the log.`);
    return rows[0].known;
  }
}
