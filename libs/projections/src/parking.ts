import type pg from 'pg';
import type { Incoming, Place } from '#messaging';
import { carryOutWishes } from '#parking';
import { countParked, type Standing } from './checkpoints.ts';
import { fold, type Projection, schemaOf } from './projection.ts';
import { allOf, isTransient } from './transaction.ts';
import { writeRows } from './write.ts';

const behind = 'waits for an earlier event of its key';
/** Events applied one by one between two signs of life to the group. */
const heartbeatEvery = 100;

const toJson = (message: Incoming) =>
  JSON.stringify(message, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

type Stored = Omit<Incoming, 'position' | 'previousPosition'> & { position: string; previousPosition: string };
const fromJson = (stored: Stored): Incoming => ({
  ...stored,
  position: BigInt(stored.position),
  previousPosition: BigInt(stored.previousPosition),
});

const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, 1000);

/**
 * Folds the events of each projection and writes the rows that they change, everything on its way at once, `then` behind it. Throws what a fold
 * or Postgres throws.
 */
export async function applyAll(
  client: pg.ClientBase,
  all: readonly { readonly projection: Projection; readonly events: readonly Incoming[] }[],
  then?: () => Promise<void>,
): Promise<void> {
  const folded = await Promise.all(
    all.map(async ({ projection, events }) => {
      return { projection, rows: fold(projection, (await projection.open?.(client, events, projection)) ?? events) };
    }),
  );
  const writes = folded.map(({ projection, rows }) => writeRows(client, projection, rows));
  await allOf(then ? [...writes, then()] : writes);
}

/** Undefined when they were applied; otherwise nothing was, and this is why. Throws what passes by itself. */
async function attempt(client: pg.ClientBase, projection: Projection, events: readonly Incoming[]): Promise<unknown> {
  await client.query('savepoint attempt');
  try {
    await applyAll(client, [{ projection, events }]);
    await client.query('release savepoint attempt');
    return undefined;
  } catch (error) {
    if (isTransient(error)) throw error;
    await client.query('rollback to savepoint attempt');
    return error ?? new Error('unknown');
  }
}

async function parkedKeys(client: pg.ClientBase, { name, version }: Projection, { topic, partition }: Place) {
  const { rows } = await client.query<{ key: string }>(
    `select distinct key from projection_parked
      where projection = $1 and version = $2 and topic = $3 and partition = $4`,
    [name, version, topic, partition],
  );
  return new Set(rows.map(({ key }) => key));
}

interface Failed {
  readonly event: Incoming;
  readonly reason: string;
}

async function park(client: pg.ClientBase, projection: Projection, place: Place, failed: readonly Failed[]) {
  await client.query(
    `insert into projection_parked (projection, version, topic, partition, key, message, reason)
     select $1, $2, $3, $4, key, message::json, reason
       from unnest($5::text[], $6::text[], $7::text[]) with ordinality as failed (key, message, reason, nr) order by nr`,
    [
      ...[projection.name, projection.version, place.topic, place.partition],
      ...[failed.map(({ event }) => event.key), failed.map(({ event }) => toJson(event))],
      failed.map(({ reason }) => reason),
    ],
  );
  await countParked(client, projection, place, failed.length);
}

interface Work {
  readonly events: readonly Incoming[];
  readonly heartbeat: () => Promise<void>;
}

/** Applies what it can; adds the keys of the rest to `stuck` and answers that rest. */
async function oneByOne(client: pg.ClientBase, projection: Projection, work: Work & { stuck: Set<string> }) {
  const failed: Failed[] = [];
  for (const [at, event] of work.events.entries()) {
    if (at % heartbeatEvery === 0) await work.heartbeat();
    const error = work.stuck.has(event.key) ? behind : await attempt(client, projection, [event]);
    if (error === undefined) continue;
    work.stuck.add(event.key);
    failed.push({ event, reason: reasonOf(error) });
  }
  return failed;
}

/**
 * Applies events of one partition whose line the caller has locked. If they cannot be applied as a whole, one by one: one that fails is
 * parked, and so is every later one of its key, in order; other keys go on. Throws only what passes by itself (the caller tries again).
 */
export async function applyOrPark(
  client: pg.ClientBase,
  { projection, parked }: Standing,
  { events, heartbeat }: Work,
): Promise<void> {
  const [place] = events;
  if (!place) return;
  const stuck = parked > 0 ? await parkedKeys(client, projection, place) : new Set<string>();
  const { waiting = [], free = [] } = Object.groupBy(events, ({ key }) => (stuck.has(key) ? 'waiting' : 'free'));
  const failed = waiting.map((event): Failed => ({ event, reason: behind }));
  if ((await attempt(client, projection, free)) !== undefined)
    failed.push(...(await oneByOne(client, projection, { events: free, heartbeat, stuck })));
  if (failed.length > 0) await park(client, projection, place, failed);
}

/**
 * Carries out what was wished for parked events of a partition whose line the caller has locked. Answers how many events are no longer parked.
 */
export async function carryOut(client: pg.ClientBase, projection: Projection, place: Place): Promise<number> {
  const { topic, partition } = place;
  const gone = await carryOutWishes(client, { reader: schemaOf(projection), topic, partition }, async (message) => {
    const error = await attempt(client, projection, [fromJson(message as Stored)]);
    return error === undefined ? undefined : reasonOf(error);
  });
  if (gone > 0) await countParked(client, projection, place, -gone);
  return gone;
}
