import type pg from 'pg';
import type { Incoming } from '#messaging';
import type { Place } from './checkpoints.ts';
import { type Projection, Rows } from './projection.ts';
import { writeRows } from './write.ts';

export interface Parked {
  readonly id: string;
  readonly projection: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly message: Incoming;
  readonly reason: string;
  readonly wish: 'retry' | 'skip' | null;
}
/** How many events after each parked one wait for it is told by the list, not by the reason. */
const behind = 'waits for an earlier event of its key';

const toJson = (message: Incoming) =>
  JSON.stringify(message, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

type Stored = Omit<Incoming, 'position' | 'previousPosition'> & { position: string; previousPosition: string };
const fromJson = (stored: Stored): Incoming => ({
  ...stored,
  position: BigInt(stored.position),
  previousPosition: BigInt(stored.previousPosition),
});

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 1000);

/** Errors that pass by themselves: the connection, a dead-lock, a server that stops or is full. They park nothing. */
export function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    /^(08|40|53|55P03|57P|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI)/.test(code) ||
    reasonOf(error).includes('Connection terminated')
  );
}

/** Folds events and writes the rows they change; throws what the fold or Postgres throws. */
export async function applyAll(client: pg.ClientBase, projection: Projection, events: readonly Incoming[]) {
  const rows = new Rows(projection);
  for (const event of events) projection.on[event.type]?.(event, rows);
  await writeRows(client, projection, rows);
}

async function attempt(client: pg.ClientBase, projection: Projection, events: readonly Incoming[]): Promise<unknown> {
  await client.query('savepoint attempt');
  try {
    await applyAll(client, projection, events);
    await client.query('release savepoint attempt');
    return undefined;
  } catch (error) {
    if (isTransient(error)) throw error;
    await client.query('rollback to savepoint attempt');
    return error ?? new Error('unknown');
  }
}

async function parkedKeys(client: pg.ClientBase, projection: Projection, topic: string): Promise<Set<string>> {
  const { rows } = await client.query<{ key: string }>(
    'select distinct key from projection_parked where projection = $1 and topic = $2',
    [projection.name, topic],
  );
  return new Set(rows.map(({ key }) => key));
}

async function park(client: pg.ClientBase, projection: Projection, message: Incoming, reason: string) {
  await client.query(
    'insert into projection_parked (projection, topic, partition, key, message, reason) values ($1, $2, $3, $4, $5, $6)',
    [projection.name, message.topic, message.partition, message.key, toJson(message), reason],
  );
}

/**
 * Applies a batch of one partition inside the caller's transaction. If it cannot be applied as a whole, event by event: one that fails is
 * parked, and so is every later one of its key, in order; other keys go on. Throws only what passes by itself (the caller retries).
 */
export async function applyOrPark(
  client: pg.ClientBase,
  projection: Projection,
  events: readonly Incoming[],
): Promise<void> {
  const [first] = events;
  if (!first) return;
  const parked = await parkedKeys(client, projection, first.topic);
  if (parked.size === 0 && (await attempt(client, projection, events)) === undefined) return;
  for (const event of events) {
    if (parked.has(event.key)) {
      await park(client, projection, event, behind);
      continue;
    }
    const error = await attempt(client, projection, [event]);
    if (error === undefined) continue;
    parked.add(event.key);
    await park(client, projection, event, reasonOf(error));
  }
}

/** Carries out what was asked for parked events of a partition; the caller holds the partition. Answers whether anything was done. */
export async function carryOutWishes(client: pg.ClientBase, projection: Projection, place: Place): Promise<boolean> {
  const { rows: wishes } = await client.query<{ id: string; key: string; wish: string }>(
    `select id, key, wish from projection_parked
      where projection = $1 and topic = $2 and partition = $3 and wish is not null order by id`,
    [projection.name, place.topic, place.partition],
  );
  for (const { id, key, wish } of wishes) {
    if (wish === 'skip') await client.query('delete from projection_parked where id = $1', [id]);
    const { rows } = await client.query<{ id: string; message: Stored }>(
      'select id, message from projection_parked where projection = $1 and topic = $2 and key = $3 order by id',
      [projection.name, place.topic, key],
    );
    for (const row of rows) {
      const error = await attempt(client, projection, [fromJson(row.message)]);
      if (error !== undefined) {
        await client.query('update projection_parked set wish = null, reason = $2 where id = $1', [
          row.id,
          reasonOf(error),
        ]);
        break;
      }
      await client.query('delete from projection_parked where id = $1', [row.id]);
    }
  }
  return wishes.length > 0;
}
