import pg from 'pg';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Victims } from './victims.ts';
import { articleFaults, type LogName, logs, type Sent } from './checking.ts';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const kafkaOf = (brokers: string) =>
  new Kafka({ brokers: brokers.split(','), clientId: 'checker', logLevel: logLevel.NOTHING });

/** Every message of a topic from its beginning, by a consumer that has nothing of ours. */
export async function readTopic(brokers: string, topic: string): Promise<Sent[]> {
  const left = await asked(brokers, (admin) => endsOf(admin, topic));
  const sent: Sent[] = [];
  if (left.size === 0) return sent;
  await readUntil(brokers, topic, (message, { partition, offset }) => {
    sent.push(message);
    if (BigInt(offset) + 1n >= (left.get(partition) ?? 0n)) left.delete(partition);
    return left.size === 0;
  });
  return sent;
}

/** What the topic of the newest items says that is not what the feed has said, once it has had the time to be written to the end. */
export async function newestFaults(brokers: string, feed: readonly Sent[]): Promise<string[]> {
  if (feed.length === 0) return [];
  const seen: Sent[] = [];
  const last = { at: performance.now() };
  // Where it ends is a mark of a transaction, which no consumer is shown: it is at its end when all is as it should be, and nothing more comes.
  const isOver = () => performance.now() - last.at > 1500 && articleFaults(feed, seen).length === 0;
  await readUntil(
    brokers,
    'stet.articles',
    (message) => {
      last.at = performance.now();
      seen.push(message);
      return false;
    },
    isOver,
  );
  return articleFaults(feed, seen);
}

async function asked<T>(brokers: string, what: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(brokers).admin();
  await admin.connect();
  try {
    return await what(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Reads until one of these says that it is enough, or nothing more is to be hoped for. */
async function readUntil(
  brokers: string,
  topic: string,
  take: (message: Sent, place: { partition: number; offset: string }) => boolean,
  isOver: () => boolean = () => false,
): Promise<void> {
  const consumer = kafkaOf(brokers).consumer({ groupId: `checker-${topic}-${process.pid}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const enough = new AbortController();
  const crashed = Promise.withResolvers<never>();
  crashed.promise.catch(() => undefined);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    crashed.reject(payload.error);
  });
  await consumer.run({
    autoCommit: false,
    eachMessage({ partition, message }) {
      const header = (name: string) => (message.headers?.[name] ?? '').toString();
      const sent = {
        ...{ partition, position: BigInt(header('ce_position')), previous: BigInt(header('ce_previousposition')) },
        ...{ id: header('ce_id'), type: header('ce_type') },
        ...{ key: message.key?.toString() ?? '', value: message.value?.toString() ?? '' },
      };
      if (take(sent, { partition, offset: message.offset })) enough.abort();
      return Promise.resolve();
    },
  });
  try {
    for (const deadline = Date.now() + restWithinMs; !enough.signal.aborted && !isOver() && Date.now() < deadline;)
      await Promise.race([pause(50), crashed.promise]);
  } finally {
    await consumer.disconnect();
  }
}

/** Where the partitions that hold anything end. */
async function endsOf(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(
    offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high)]),
  );
}

const restWithinMs = 120_000;

/** Waits until nothing is on its way any more. What still was when time is up. */
export async function atRest(admin: pg.Client): Promise<string[]> {
  for (const deadline = Date.now() + restWithinMs; ;) {
    const before = await underWay(admin);
    if (before.length === 0) {
      await pause(1500);
      const after = await underWay(admin);
      if (after.length === 0) return [];
    }
    if (Date.now() > deadline) return before.map((what) => `it does not come to rest: ${what}`);
    await pause(300);
  }
}

async function underWay(admin: pg.Client): Promise<string[]> {
  const found: string[] = [];
  // All that people set comes due within seconds.
  const { rows: timers } = await admin.query<{ stream: string }>('select stream from publication.timer');
  found.push(...timers.map(({ stream }) => `the timer of ${stream} has not fired`));
  const { rows: built } = await admin.query<{ generation: string }>(
    `select projection || '_v' || version as generation from reading.projection_version
      where state in ('building', 'alike') or lane = 'own'`,
  );
  found.push(...built.map(({ generation }) => `${generation} is still being built`));
  for (const log of logs) {
    const { rows } = await admin.query<{ shard: number; position: string; sent: string }>(
      `select shard, head.position, cursor.position as sent from ${log}.head join ${log}.relay_cursor as cursor using (shard)
        where head.position <> cursor.position`,
    );
    found.push(...rows.map((row) => `${log}/${row.shard} is sent up to ${row.sent} of ${row.position}`));
    found.push(...(await behind(admin, log)));
  }
  return found;
}

/** Who has not got to the end of a topic yet: reactions of all services, and read models. */
async function behind(admin: pg.Client, topic: LogName): Promise<string[]> {
  const readers = [
    ...logs.map((log) => `select '${log}' as reader, topic, partition, last_position from ${log}.reaction_checkpoint`),
    `select projection || '_v' || version, topic, partition, last_position
       from reading.projection_checkpoint join reading.projection_version using (projection, version) where lane <> 'none'`,
  ];
  const { rows } = await admin.query<{ reader: string; shard: number; at: string; end: string }>(
    `select reader, head.shard, last_position as at, head.internal_position as end
       from (${readers.join(' union all ')}) as at join ${topic}.head on head.shard = at.partition
      where at.topic = $1 and last_position < head.internal_position`,
    [topic],
  );
  return rows.map(({ reader, shard, at, end }) => `${reader} has read ${topic}/${shard} up to ${at} of ${end}`);
}

/** Of each read model one generation serves, and none came to other rows than the one beside which it was built. */
export async function generationFaults(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ what: string }>(
    `select projection || '_v' || version || ' came to other rows than what serves' as what
       from reading.projection_version where state = 'failed'
      union all select projection || ' has ' || count(*) filter (where serving) || ' that serve'
       from reading.projection_version group by projection having count(*) filter (where serving) <> 1`,
  );
  return rows.map(({ what }) => what);
}

/** Nothing is parked that nobody meant to be. */
export async function parkedFaults(admin: pg.Client): Promise<string[]> {
  const tables = [...logs, 'reading'].map(
    (schema) => `select '${schema}' as service, key, type, reason from ${schema}.parked`,
  );
  const { rows } = await admin.query<{ service: string; key: string; type: string; reason: string }>(
    tables.join(' union all '),
  );
  return rows.map(({ service, key, type, reason }) => `${service} has parked ${type} of ${key}: ${reason}`);
}

/** What read models hold is what a fold of the topics from their beginning comes to; and the history has every event announced. */
export async function readModelFaults(victims: Victims, admin: pg.Client): Promise<string[]> {
  const operator = victims.newsroom.as('operator', 'omar');
  const digests = async (after?: string) => {
    for (const deadline = Date.now() + restWithinMs; Date.now() < deadline;) {
      const { status, body } = await operator.get('reading', `/operations/digests${after ? `?after=${after}` : ''}`);
      if (status === 200)
        return body.digests as { readModel: string; digest: string; rows: unknown; position: string }[];
      if (status !== 504 && status !== 503) throw new Error(`Digests were answered ${status}.`);
    }
    return [];
  };
  const found: string[] = [];
  const { rows } = await admin.query<{ missing: string }>(
    logs
      .map(
        (log) => `select '${log} ' || position || ' ' || internal_type as missing from ${log}.event e
                   where internal_type is not null and coalesce(internal_payload, payload)::jsonb ? 'articleId' and not exists (
                     select from reading.article_event r where r.service = '${log}' and r.event_id = e.event_id)`,
      )
      .join(' union all '),
  );
  found.push(...rows.slice(0, 10).map(({ missing }) => `no history has ${missing}`));
  const before = await digests();
  await operator.command('reading', '/operations/rebuild', { fromNothing: 'yes' });
  for (const { readModel, digest, position } of before) {
    const after = (await digests(position)).find((one) => one.readModel === readModel);
    if (after?.digest !== digest) found.push(`${readModel}: from its topics it comes to other rows than it has`);
  }
  return found;
}

/** The system's own checker finds nothing to name, once everything is at rest: whoever was killed or slow has left no hole. */
export async function holeFaults({ urls, newsroom }: Victims): Promise<string[]> {
  const token = await newsroom.stack.token?.({ sub: 'omar', name: 'Omar', roles: ['operator'], desks: [] });
  const asked = urls.reading.map(async (url) => {
    for (const deadline = Date.now() + restWithinMs; ;) {
      const answer = await fetch(`${url}/operations/holes`, { headers: { authorization: `Bearer ${token ?? ''}` } });
      const { checkedSecondsAgo: ago, holes } = (await answer.json()) as { checkedSecondsAgo: number; holes: object[] };
      if ((ago < 5 && holes.length === 0) || Date.now() > deadline)
        return [
          ...holes.map((hole) => `a hole is named: ${JSON.stringify(hole)}`),
          ...(ago < 5 ? [] : [`nobody has looked for holes for ${ago} s`]),
        ];
      await pause(500);
    }
  });
  return (await Promise.all(asked)).flat();
}
