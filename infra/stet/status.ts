import type pg from 'pg';
import { type Command, table } from './command.ts';
import { type Writer, writers } from './ground.ts';

/** Positions and counts are text: JSON has no such numbers. */
interface Shard {
  readonly shard: number;
  readonly position: string;
  readonly cursor: string;
  readonly behind: string;
}
interface Checkpoint {
  readonly topic: string;
  readonly partition: number;
  readonly log_id: string;
  readonly position: string;
  readonly offset: string;
  /** How many positions of the log it has still to pass. */
  readonly behind: string;
}
interface Parked {
  readonly reader: string;
  readonly keys: number;
  readonly events: number;
}
interface Timers {
  readonly waiting: number;
  readonly overdue: number;
  /** When the first of them is due; null when there is none. */
  readonly next: string | null;
  /** For how many seconds the first has been overdue. */
  readonly late: number;
}
interface LogStatus {
  readonly service: Writer;
  readonly log_id: string;
  readonly shards: readonly Shard[];
  readonly lease: { readonly holder: string | null; readonly epoch: string; readonly held: boolean };
  readonly timers: Timers;
  readonly reactions: readonly Checkpoint[];
  readonly parked: readonly Parked[];
}
interface ReadModel {
  readonly read_model: string;
  readonly version: number;
  readonly lane: string;
  readonly serving: boolean;
  readonly checkpoints: readonly Checkpoint[];
  readonly parked: readonly Parked[];
}

/** What every topic has been given so far, by partition. A log's topic has its service's name. */
const given = writers
  .map(
    (service) => `select '${service}' as topic, shard as partition, internal_position as position from ${service}.head`,
  )
  .join(' union all ');
const behind = 'greatest(given.position - c.last_position, 0)::text as behind';
const parkedBy = (schema: string) =>
  `select reader, count(distinct (topic, key))::int as keys, count(*)::int as events from ${schema}.parked group by 1 order by 1`;

async function ask<R extends object>(client: pg.ClientBase, sql: string): Promise<R[]> {
  return (await client.query<R>(sql)).rows;
}

async function logStatus(client: pg.ClientBase, service: Writer): Promise<LogStatus> {
  const [log] = await ask<{ id: string }>(client, `select id from ${service}.log`);
  const shards = await ask<Shard>(
    client,
    `select shard, h.position::text, c.position::text as cursor, (h.position - c.position)::text as behind
       from ${service}.head h join ${service}.relay_cursor c using (shard) order by shard`,
  );
  const [lease] = await ask<LogStatus['lease']>(
    client,
    `select holder, epoch::text, holder is not null and expires_at > clock_timestamp() as held from ${service}.relay_lease`,
  );
  const reactions = await ask<Checkpoint>(
    client,
    `select topic, partition, log_id, last_position::text as position, next_offset::text as offset, ${behind}
       from ${service}.reaction_checkpoint c left join (${given}) as given using (topic, partition) order by 1, 2`,
  );
  const parked = await ask<Parked>(client, parkedBy(service));
  const [timers] = await ask<Timers>(
    client,
    `select count(*) filter (where due_at > now)::int as waiting, count(*) filter (where due_at <= now)::int as overdue,
            to_char(to_timestamp(min(due_at) / 1e6) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as next,
            greatest(coalesce((max(now) - min(due_at)) / 1000000, 0), 0)::int as late
       from ${service}.timer, (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now) as clock`,
  );
  const none = { holder: null, epoch: '0', held: false };
  const idle = { waiting: 0, overdue: 0, next: null, late: 0 };
  return {
    ...{ service, log_id: log?.id ?? '', shards, lease: lease ?? none },
    ...{ timers: timers ?? idle, reactions, parked },
  };
}

async function readModels(client: pg.ClientBase): Promise<ReadModel[]> {
  const versions = await ask<Omit<ReadModel, 'checkpoints' | 'parked'>>(
    client,
    'select projection as read_model, version, lane, serving from reading.projection_version order by 1, 2',
  );
  const checkpoints = await ask<Checkpoint & { projection: string; version: number }>(
    client,
    `select projection, version, topic, partition, log_id, last_position::text as position, next_offset::text as offset, ${behind}
       from reading.projection_checkpoint c left join (${given}) as given using (topic, partition) order by 1, 2, 3, 4`,
  );
  const parked = await ask<Parked>(client, parkedBy('reading'));
  return versions.map((one) => ({
    ...one,
    checkpoints: checkpoints
      .filter(({ projection, version }) => projection === one.read_model && version === one.version)
      .map(({ projection: _projection, version: _version, ...checkpoint }) => checkpoint),
    parked: parked.filter(({ reader }) => reader === `${one.read_model}_v${one.version}`),
  }));
}

const checkpointRows = (checkpoints: readonly Checkpoint[]) =>
  table(
    checkpoints.map(({ topic, partition, position, offset, behind: left }) => [
      ...[`${topic}/${partition}`, `position ${position}`, `offset ${offset}`, `${left} behind`],
    ]),
  );
const parkedLines = (parked: readonly Parked[]) =>
  parked.map(({ reader, keys, events }) => `  PARKED: ${events} events of ${keys} keys (${reader})`);

/** Seconds that a timer may be due and not fired. */
const tooLate = 5;
const timerLine = ({ waiting, overdue, next, late }: Timers) =>
  `  timers: ${waiting} waiting, ${overdue} overdue${overdue > 0 ? ` by up to ${late} s` : ''}${next === null ? '' : `, the first due ${next}`}`;

const linesOfLog = ({ service, log_id, shards, lease, timers, reactions, parked }: LogStatus) => [
  `${service}  log ${log_id}`,
  `  relay: ${lease.held ? `held by ${lease.holder ?? ''}` : 'held by nobody'}, epoch ${lease.epoch}`,
  ...table(
    shards.map(({ shard, position, cursor, behind: left }) => [
      ...[`shard ${shard}`, `position ${position}`, `relayed ${cursor}`, `${left} behind`],
    ]),
  ),
  timerLine(timers),
  ...(reactions.length > 0 ? ['  reactions:', ...checkpointRows(reactions)] : []),
  ...parkedLines(parked),
];
const linesOfModel = ({ read_model, version, lane, serving, checkpoints, parked }: ReadModel) => [
  `${read_model} v${version}  ${serving ? 'serves' : 'does not serve'}${lane === 'own' ? ', being built' : ''}`,
  ...checkpointRows(checkpoints),
  ...parkedLines(parked),
];

export const statusCommand: Command = {
  operands: [],
  about: 'heads, relays, reactions and read models: how far each has come, and what is parked',
  async run(ground) {
    const client = await ground.pool('reading').connect();
    try {
      // One moment for all of it; what is behind is never less than it was.
      await client.query('begin isolation level repeatable read read only');
      const logs: LogStatus[] = [];
      for (const service of writers) logs.push(await logStatus(client, service));
      const models = await readModels(client);
      const wrong =
        [...logs, ...models].some(({ parked }) => parked.length > 0) ||
        logs.some(({ timers }) => timers.late > tooLate);
      return {
        lines: [...logs.flatMap(linesOfLog), ...models.flatMap(linesOfModel)],
        json: { logs, read_models: models },
        wrong,
      };
    } finally {
      client.release(true);
    }
  },
};
