import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Kafka, logLevel } from 'kafkajs';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Figure, held, inTurns, type Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { each, timed } from './load.ts';
import { drafted, write } from './seeding.ts';
import type { System } from './system.ts';

const eventsOfAnArticle = 20;
/** Both read the topics of drafting; the history has a row for each event, the board one for each article. */
const models = [
  { name: 'article_history', tables: ['article_event'], topics: ['drafting', 'publication', 'moderation'] },
  { name: 'newsroom_board', tables: ['newsroom_board'], topics: ['drafting', 'publication'] },
];
type Model = (typeof models)[number];

interface Generation {
  readonly readModel: string;
  readonly version: number;
  readonly serving: boolean;
  readonly state: string;
}

/** Until the new generation serves; the old one is dropped, so that nobody goes on feeding it. Seconds. */
async function rebuilt(system: System, { name }: Model): Promise<number> {
  const operator = await system.as('operator', 'reading');
  const generations = async () => {
    const { body } = await operator.send('/operations/generations');
    return (JSON.parse(body) as { generations: Generation[] }).generations.filter(
      ({ readModel }) => readModel === name,
    );
  };
  const took = await timed(async () => {
    const { body } = await operator.send('/operations/rebuild', JSON.stringify({ readModel: name }));
    const [begun] = (JSON.parse(body) as { rebuilding: { version: number }[] }).rebuilding;
    for (;;) {
      const own = (await generations()).find(({ version }) => version === begun?.version);
      if (own?.serving) return;
      if (own?.state === 'failed') throw new Error(`${name} came to something else when it was built again.`);
      await new Promise((done) => setTimeout(done, 20));
    }
  });
  for (const { version, serving } of await generations())
    if (!serving) await operator.send(`/operations/generations/${name}/${version}/drop`, '{}');
  operator.close();
  return took / 1000;
}

/** The rows that it came to, copied into tables of the same columns and indexes. Seconds. */
async function copied({ admin }: System, { tables }: Model): Promise<number> {
  const client = await admin.connect();
  try {
    let seconds = 0;
    for (const table of tables) {
      const rows = await Readable.from(
        client.query(copyTo(`copy (select * from reading.${table}) to stdout`)),
      ).toArray();
      const { rows: found } = await client.query<{ original: string }>(
        // The name is that of a view; the table is in a schema of its version.
        `select format('%I.%I', view.table_schema, view.table_name) as original from information_schema.view_table_usage view
          where view.view_schema = 'reading' and view.view_name = $1`,
        [table],
      );
      await client.query(`create table public.copied (like ${found[0]?.original ?? table} including all)`);
      seconds += await timed(() =>
        pipeline(Readable.from(rows), client.query(copyFrom('copy public.copied from stdin'))),
      );
      await client.query('drop table public.copied');
    }
    return seconds / 1000;
  } finally {
    client.release();
  }
}

/** The topics that it reads, from their start to their end, by a consumer that counts. Seconds. */
async function read({ stack }: System, { topics }: Model, events: number): Promise<number> {
  const kafka = new Kafka({ brokers: stack.brokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map((topic) => `stet.${topic}`), fromBeginning: true });
  const done = Promise.withResolvers<undefined>();
  let counted = 0;
  const took = await timed(async () => {
    await consumer.run({
      autoCommit: false,
      eachBatch({ batch }) {
        counted += batch.messages.length;
        if (counted >= events) done.resolve(undefined);
        return Promise.resolve();
      },
    });
    await done.promise;
  });
  await consumer.disconnect();
  return took / 1000;
}

async function countOf({ admin }: System, { topics }: Model): Promise<number> {
  const counts = topics.map((topic) => `(select count(*) from ${topic}.event where internal_type is not null)`);
  const { rows } = await admin.query<{ events: number }>(`select (${counts.join(' + ')})::int as events`);
  return rows[0]?.events ?? 0;
}

/** At least 200,000 events; what serves goes on meanwhile. Held against copying the rows in and reading the topics, one after the other. */
export async function rebuild(system: System, scale: Scale, told: (soFar: string) => void): Promise<Figure[]> {
  const store = await system.log('drafting');
  const { rows } = await system.admin.query<{ events: number }>('select count(*)::int as events from drafting.event');
  const missing = Math.max(0, 200_000 * scale.share - (rows[0]?.events ?? 0));
  told('writing articles');
  await each(50, Array.from({ length: Math.ceil(missing / eventsOfAnArticle) }), () => write(store, drafted));
  await untilLevel(system, told);
  const figures: Figure[] = [];
  for (const model of models) {
    const events = await countOf(system, model);
    const measured = await inTurns(
      { rounds: Math.min(2, scale.rounds) },
      {
        own: async () => events / (await rebuilt(system, model)),
        beside: async () => events / ((await copied(system, model)) + (await read(system, model, events))),
      },
    );
    figures.push({
      name: `${model.name} built again from ${events.toLocaleString('en')} events; beside COPY and reading`,
      ...{ unit: 'events/s', ...held(measured.own, measured.beside) },
      aims: { value: { least: 50_000 }, ratio: { least: 0.4 } },
    });
  }
  return figures;
}
