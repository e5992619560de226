import type pg from 'pg';
import { Rejection } from '#decider';
import { Gather } from '#gather';
import { keyedHash, uuidOf } from './cipher.ts';
import { personOf, seal, type Sealed } from './fields.ts';
import { MasterKey } from './master.ts';
import { openPool } from './pool.ts';

export interface KeyringOptions {
  /** Of a role that may use the functions of the schema `keyring`. */
  readonly connectionString: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
}
/** A stream, and what it is ordered by. */
export interface Place {
  readonly stream: string;
  readonly partitionKey: string;
}
export interface Met {
  readonly fingerprint: string;
  /** Empty if nothing was said. */
  readonly alias: string;
}
interface Meeting {
  readonly person: string;
  readonly mark: Buffer | undefined;
}
interface MetRow {
  number: number;
  person_key: Buffer;
  name: string | null;
}
/** What the key of the keyring itself is bound to when it is wrapped. */
export const house = 'house';

/**
 * One key for each person. Keys are asked for whenever they are needed and never kept: from the moment that one is destroyed, no process can
 * seal or open anything with it. Any number of processes may ask at once.
 */
export class Keyring {
  private readonly meetings: Gather<Meeting, MetRow | undefined>;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly master: MasterKey,
    private readonly house: Buffer,
  ) {
    // Who comes at once goes on at once, and so is appended together.
    this.meetings = new Gather({ send: (asked) => this.meetAll(asked), atOnce: 50, sideBySide: 2, passes: () => true });
  }

  /** Throws when the master key is not the one that this keyring was made with. */
  static async open({ connectionString, masterKey }: KeyringOptions): Promise<Keyring> {
    const pool = openPool(connectionString);
    const master = new MasterKey(masterKey);
    try {
      const { rows } = await pool.query<{ key: Buffer }>('select keyring.house_key($1) as key', [master.fresh(house)]);
      return new Keyring(pool, master, unwrapped(master, rows[0]?.key));
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  /** The pseudonym of somebody known elsewhere by this id: always the same, and nobody without the keyring can tell whose it is. */
  pseudonym(id: string): string {
    return uuidOf(keyedHash(this.house, ['person', id]));
  }

  /**
   * What may be kept of a request in place of its words: a hash of it under the person's own key, which nobody can compute once they were
   * erased; and a random id for what they said, the same for all who said the same until the last of them is erased. Gives a person a key
   * who has none. Undefined for who was erased.
   */
  async meet(
    person: string,
    { request, said }: { request: string; said?: readonly string[] },
  ): Promise<Met | undefined> {
    const mark = said && keyedHash(this.house, ['alias', ...said]);
    const found = await this.meetings.ask({ person, mark });
    if (!found) return undefined;
    const fingerprint = keyedHash(this.master.unwrap(person, found.person_key), ['request', request]).toString('hex');
    return { fingerprint, alias: found.name ?? '' };
  }

  /**
   * The data of events, each for the stream that it goes into, with their personal fields sealed. The persons have keys; who has none any
   * more makes it throw the Rejection `person-erased`.
   */
  async seal(events: readonly (Sealed & Place)[]): Promise<unknown[]> {
    const held = events
      .map((event) => ({ person: personOf(event), ...event }))
      .filter(({ person }) => person !== undefined);
    const keys = held.length === 0 ? new Map<string, Buffer>() : await this.hold(held);
    return events.map((event) => {
      const person = personOf(event);
      if (person === undefined) return event.data;
      const key = keys.get(person);
      if (!key) throw new Rejection('person-erased', 'This person was erased: nothing is taken for them any more.');
      return seal(event, key);
    });
  }

  /** Events with what is sealed in them opened; empty where the person was erased. */
  open<E extends Sealed>(events: readonly E[]): Promise<readonly E[]> {
    return this.master.open(this.pool, events);
  }

  /** Whether somebody has a key, or had one; undefined for who never had. */
  async standing(person: string): Promise<'known' | 'erased' | undefined> {
    const { rows } = await this.pool.query<{ standing: 'known' | 'erased' | null }>(
      'select keyring.standing($1) as standing',
      [person],
    );
    return rows[0]?.standing ?? undefined;
  }

  /** Destroys the person's key, for ever. Waits for transactions that read keys; fails after five seconds of that, and may be tried again. */
  async destroy(person: string): Promise<void> {
    await this.pool.query('select keyring.destroy($1)', [person]);
  }

  /** The streams in which something was sealed for a person, or was about to be. Complete once the key is destroyed. */
  async holdings(person: string): Promise<Place[]> {
    const { rows } = await this.pool.query<Place>(
      'select stream, partition_key as "partitionKey" from keyring.holdings($1)',
      [person],
    );
    return rows;
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async meetAll(asked: readonly Meeting[]): Promise<(MetRow | undefined)[]> {
    const { rows } = await this.pool.query<MetRow>({
      ...{ name: 'meet', text: 'select number, person_key, name from keyring.meet($1, $2, $3)' },
      values: [
        asked.map(({ person }) => person),
        asked.map(({ person }) => this.master.fresh(person)),
        asked.map(({ mark }) => mark),
      ],
    });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    return asked.map((_, at) => byNumber.get(at + 1));
  }

  private async hold(held: readonly (Place & { person: string | undefined })[]): Promise<Map<string, Buffer>> {
    const { rows } = await this.pool.query<{ person_id: string; person_key: Buffer }>({
      ...{ name: 'hold', text: 'select person_id, person_key from keyring.hold($1, $2, $3)' },
      values: [
        held.map(({ person }) => person),
        held.map(({ stream }) => stream),
        held.map(({ partitionKey }) => partitionKey),
      ],
    });
    return new Map(rows.map((row) => [row.person_id, this.master.unwrap(row.person_id, row.person_key)]));
  }
}

function unwrapped(master: MasterKey, wrapped: Buffer = Buffer.alloc(0)): Buffer {
  try {
    return master.unwrap(house, wrapped);
  } catch {
    throw new Error('KEYRING_MASTER_KEY is not the key that this keyring was made with.');
  }
}
