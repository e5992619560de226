import type pg from 'pg';

/** What an operator may wish for a message that is parked: to have it tried again, or left out for good. */
export type Wish = 'retry' | 'skip';
/** A message that could not be applied, or that waits for an earlier one of its key. */
export interface Parked {
  readonly number: string;
  /** `reactions`, or a read model with its version: `article_page_v1`. */
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  /** The id of the article that it is about. */
  readonly key: string;
  readonly messageId: string;
  readonly type: string;
  readonly reason: string;
  readonly parkedAt: Date;
  /** What was wished for it and is not done yet. */
  readonly wish: Wish | null;
}
/** What an operator wished for a parked message, and what came of it. */
export interface Wished {
  readonly id: string;
  readonly number: string;
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly messageId: string;
  readonly type: string;
  /** Why it was parked, as it stood when this was asked. */
  readonly parkedBecause: string;
  readonly wish: Wish;
  readonly reason: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly askedAt: Date;
  readonly doneAt: Date | null;
  /** `failed`: it is still parked. `gone`: it was not there any more. */
  readonly outcome: 'applied' | 'skipped' | 'failed' | 'gone' | null;
  readonly failure: string;
}
export interface Asking {
  readonly wish: Wish;
  readonly by: { readonly id: string; readonly name: string };
  readonly reason?: string;
}
/** A page of a list: so many, after that number. */
interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const parkedColumns = `p.id::text as number, reader, topic, partition, key, message_id as "messageId", type, reason, parked_at as "parkedAt",
  (select wish from parked_wish w where w.parked_id = p.id and w.done_at is null order by w.id desc limit 1) as wish`;
const wishColumns = `id::text, parked_id::text as number, reader, topic, partition, key, message_id as "messageId", type,
  parked_because as "parkedBecause", wish, reason, json_build_object('id', by_id, 'name', by_name) as by,
  asked_at as "askedAt", done_at as "doneAt", outcome, failure`;

/**
 * What is parked in a service, for its operators. What they wish is written down with their name, carried out by whoever reads the
 * partition, and kept for ever with what came of it.
 */
export class Parking {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** Oldest first. */
  async list({ limit, cursor = '0' }: Page): Promise<Parked[]> {
    const { rows } = await this.pool.query<Parked>(
      `select ${parkedColumns} from parked p where p.id > $1 order by p.id limit $2`,
      [cursor, limit],
    );
    return rows;
  }

  /** One, with its message as it came, how many of its key wait behind it, and all that was ever wished for it. */
  async find(number: string) {
    const { rows } = await this.pool.query<Parked & { message: unknown; behind: number }>(
      `select ${parkedColumns}, message, (select count(*)::int from parked b
          where b.reader = p.reader and b.topic = p.topic and b.key = p.key and b.id > p.id) as behind
         from parked p where p.id = $1`,
      [number],
    );
    const [found] = rows;
    if (!found) return undefined;
    const { rows: wishes } = await this.pool.query<Wished>(
      `select ${wishColumns} from parked_wish where parked_id = $1 order by id`,
      [number],
    );
    return { ...found, wishes };
  }

  /** False: it is not parked (any more). */
  async ask(number: string, asking: Asking): Promise<boolean> {
    return (await this.askFor('p.id = $1', number, asking)) > 0;
  }

  /** Has everything tried again, each key from its first. Answers how many keys that are. */
  async retryAll(by: Asking['by']): Promise<number> {
    const first =
      '$1::bigint is null and p.id = (select min(id) from parked o where (o.reader, o.topic, o.key) = (p.reader, p.topic, p.key))';
    return this.askFor(first, null, { wish: 'retry', by });
  }

  /** All that was ever wished, the newest first. */
  async history({ limit, cursor }: Page): Promise<Wished[]> {
    const { rows } = await this.pool.query<Wished>(
      `select ${wishColumns} from parked_wish where $1::bigint is null or id < $1 order by id desc limit $2`,
      [cursor, limit],
    );
    return rows;
  }

  private async askFor(which: string, number: string | null, { wish, by, reason = '' }: Asking): Promise<number> {
    const { rows } = await this.pool.query<{ asked: number }>(
      `with meant as (select * from parked p where ${which}),
            asked as (
              insert into parked_wish (parked_id, reader, topic, partition, key, message_id, type, parked_because, wish, reason, by_id, by_name)
              select id, reader, topic, partition, key, message_id, type, reason, $2, $3, $4, $5 from meant on conflict do nothing)
       select count(*)::int as asked from meant`,
      [number, wish, reason, by.id, by.name],
    );
    return rows[0]?.asked ?? 0;
  }
}

/** One reader's part of what is parked. */
export interface Line {
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
}
type Client = Pick<pg.ClientBase, 'query'>;
const at = ({ reader, topic, partition }: Line) => [reader, topic, partition];

/** Whether anything is parked in this partition, and whether anything was wished for it that nobody has done yet. */
export async function troubleIn(client: Client, { topic, partition }: Omit<Line, 'reader'>) {
  const { rows } = await client.query<{ parked: boolean; wished: boolean }>(
    `select exists (select from parked where topic = $1 and partition = $2) as parked,
            exists (select from parked_wish where topic = $1 and partition = $2 and done_at is null) as wished`,
    [topic, partition],
  );
  return rows[0] ?? { parked: false, wished: false };
}

/**
 * Carries out what was wished in a partition that nobody else reads: those to skip go, then the rest of their keys is given to `apply` in
 * order, up to the first that still fails (`apply` says why, or nothing when it is applied). Answers how many are no longer parked. Throws
 * what `apply` throws; what was done before that stays done, unless the caller's transaction ends with it.
 */
export async function carryOutWishes(
  client: Client,
  line: Line,
  apply: (message: unknown) => Promise<string | undefined>,
): Promise<number> {
  const { rows: wished } = await client.query<{ id: string; number: string; key: string; wish: Wish; here: boolean }>(
    `select id::text, parked_id::text as number, key, wish, exists (select from parked p where p.id = parked_id) as here
       from parked_wish where reader = $1 and topic = $2 and partition = $3 and done_at is null order by id`,
    at(line),
  );
  const { gone = [], skip = [] } = Object.groupBy(wished, ({ wish, here }) => (here ? wish : 'gone'));
  await settle(client, gone, 'gone');
  let unparked = await leave(
    client,
    skip.map(({ number }) => number),
    'skipped',
  );
  for (const [key, wishes] of Map.groupBy(wished, ({ key: one }) => one)) {
    const { applied, failure } = await applyKey(client, { ...line, key }, apply);
    unparked += applied;
    if (failure !== undefined) await settle(client, wishes, 'failed', failure);
  }
  return unparked;
}

async function applyKey(
  client: Client,
  line: Line & { readonly key: string },
  apply: (message: unknown) => Promise<string | undefined>,
): Promise<{ applied: number; failure?: string }> {
  const { rows } = await client.query<{ number: string; message: unknown }>(
    `select id::text as number, message from parked where reader = $1 and topic = $2 and partition = $3 and key = $4 order by id`,
    [...at(line), line.key],
  );
  let applied = 0;
  for (const { number, message } of rows) {
    const failure = await apply(message);
    if (failure !== undefined) {
      await client.query('update parked set reason = $2 where id = $1', [number, failure]);
      return { applied, failure };
    }
    applied += await leave(client, [number], 'applied');
  }
  return { applied };
}

/** They are parked no more, and what was wished for them is done: together, or not at all. */
async function leave(client: Client, numbers: readonly string[], outcome: 'applied' | 'skipped'): Promise<number> {
  const { rows } = await client.query<{ left: number }>(
    `with leaving as (delete from parked where id = any($1) returning id),
          done as (update parked_wish set done_at = clock_timestamp(), outcome = $2
                     from leaving where parked_id = leaving.id and done_at is null)
     select count(*)::int as left from leaving`,
    [numbers, outcome],
  );
  return rows[0]?.left ?? 0;
}

/** What was wished has come to this, except where it was settled already. */
async function settle(client: Client, wishes: readonly { id: string }[], outcome: 'gone' | 'failed', failure = '') {
  await client.query(
    `update parked_wish set done_at = clock_timestamp(), outcome = $2, failure = $3 where id = any($1) and done_at is null`,
    [wishes.map(({ id }) => id), outcome, failure],
  );
}
