import pg from 'pg';
import { Rejection } from '#decider';
import { keyedHash, uuidOf } from './cipher.ts';
import { personOf, seal, type Sealed } from './fields.ts';
import { MasterKey } from './master.ts';

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
/** What the key of the keyring itself is bound to when it is wrapped. */
const house = 'house';

/**
 * One key for each person. Keys are asked for whenever they are needed and never kept: from the moment that one is destroyed, no process can
 * seal or open anything with it. Any number of processes may ask at once.
 */
export class Keyring {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly master: MasterKey,
    private readonly house: Buffer,
  ) {}

  /** Throws when the master key is not the one that this keyring was made with. */
  static async open({ connectionString, masterKey }: KeyringOptions): Promise<Keyring> {
    const pool = new pg.Pool({
      ...{ connectionString, max: 4, keepAlive: true },
      ...{ query_timeout: 15_000, connectionTimeoutMillis: 5000 },
    });
    pool.on('error', () => undefined); // An idle connection that breaks is replaced by the pool.
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

  /** A hash under the person's own key, which nobody can compute once the person was erased; undefined then. Gives them a key if they have none. */
  async fingerprint(person: string, text: string): Promise<string | undefined> {
    const key = await this.hold(person);
    return key && keyedHash(key, ['fingerprint', text]).toString('hex');
  }

  /**
   * A random id for what a person said: the same for all who said the same, until the last of them is erased; no guess at the words leads to
   * it after that. Throws the Rejection `person-erased`.
   */
  async aliasOf(person: string, said: readonly string[]): Promise<string> {
    const mark = keyedHash(this.house, ['alias', ...said]);
    const { rows } = await this.pool.query<{ id: string | null }>('select keyring.alias_of($1, $2) as id', [
      person,
      mark,
    ]);
    const id = rows[0]?.id;
    if (!id) throw erased();
    return id;
  }

  /** The data of an event with its personal fields sealed, for the stream that it goes into. Throws the Rejection `person-erased`. */
  async seal(event: Sealed, place: Place): Promise<unknown> {
    const person = personOf(event);
    if (person === undefined) return event.data;
    const key = await this.hold(person, place);
    if (!key) throw erased();
    return seal(event, key);
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

  private async hold(person: string, place?: Place): Promise<Buffer | undefined> {
    const { rows } = await this.pool.query<{ key: Buffer | null }>('select keyring.hold($1, $2, $3, $4) as key', [
      ...[person, this.master.fresh(person), place?.stream, place?.partitionKey],
    ]);
    const wrapped = rows[0]?.key;
    return wrapped ? this.master.unwrap(person, wrapped) : undefined;
  }
}

const erased = () => new Rejection('person-erased', 'This person was erased: nothing is taken for them any more.');

function unwrapped(master: MasterKey, wrapped: Buffer = Buffer.alloc(0)): Buffer {
  try {
    return master.unwrap(house, wrapped);
  } catch {
    throw new Error('KEYRING_MASTER_KEY is not the key that this keyring was made with.');
  }
}
