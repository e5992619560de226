import type pg from 'pg';
import { decrypt, encrypt, keyedHash } from './cipher.ts';
import type { KeyringOptions } from './keyring.ts';
import { MasterKey } from './master.ts';
import { openPool } from './pool.ts';

/** A name of a source was found; where is sealed. */
export interface Alert {
  readonly source: string;
  readonly place: string;
  readonly sealed: string;
}

/** The key of one source, for as long as one request needs it. */
export class SourceKey {
  constructor(
    private readonly id: string,
    private readonly key: Buffer,
  ) {}

  /** A text, sealed for one field of this source: base64url of initialisation vector, ciphertext and tag. */
  seal(field: string, text: string): string {
    return encrypt(this.key, Buffer.from(text), this.bound(field)).toString('base64url');
  }

  /** Throws when it was changed, or sealed for something else. */
  open(field: string, sealed: string): string {
    return decrypt(this.key, Buffer.from(sealed, 'base64url'), this.bound(field)).toString();
  }

  /** What is kept of a request in place of its words; nobody can compute it once the key is destroyed. */
  fingerprint(request: string): string {
    return keyedHash(this.key, ['request', request]).toString('hex');
  }

  private bound(field: string): string {
    return JSON.stringify([this.id, field]);
  }
}

/**
 * One key for each confidential source. Keys are asked for whenever they are needed and never kept: from the moment that one is destroyed, no
 * process can open anything with it. Any number of processes may ask at once.
 */
export class Vault {
  private readonly pool: pg.Pool;
  private readonly master: MasterKey;

  /** `connectionString` is of a role that may use the functions of the schema `vault`. */
  constructor({ connectionString, masterKey }: KeyringOptions) {
    this.pool = openPool(connectionString);
    this.master = new MasterKey(masterKey);
  }

  /** The key of a source, which is made if it never had one; undefined once it was destroyed. */
  async take(id: string): Promise<SourceKey | undefined> {
    const { rows } = await this.pool.query<{ key: Buffer | null }>('select vault.take($1, $2) as key', [
      ...[id, this.master.fresh(id)],
    ]);
    const wrapped = rows[0]?.key;
    return wrapped ? this.unwrapped(id, wrapped) : undefined;
  }

  /** The keys of those of these sources that have one, by their ids. */
  async keys(ids: readonly string[]): Promise<ReadonlyMap<string, SourceKey>> {
    const { rows } = await this.pool.query<{ source_id: string; wrapped: Buffer }>(
      'select source_id, wrapped from vault.keys($1)',
      [ids],
    );
    return new Map(rows.map(({ source_id: id, wrapped }) => [id, this.unwrapped(id, wrapped)]));
  }

  /** Every source that ever had a key, the oldest first. */
  async sources(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>('select id from vault.sources() as id');
    return rows.map(({ id }) => id);
  }

  /** Keeps alerts, each one once: sealed, and its place as a hash, under the key of its source. */
  async note(alerts: readonly Alert[]): Promise<void> {
    await this.pool.query('select vault.note($1)', [JSON.stringify(alerts)]);
  }

  /** The alerts of these sources, sealed, and whether this person has seen them. */
  async alerts(ids: readonly string[], person: string): Promise<(Alert & { readonly seen: boolean })[]> {
    const { rows } = await this.pool.query<Alert & { readonly seen: boolean }>(
      'select source_id as source, at_place as place, sealed_alert as sealed, is_seen as seen from vault.alerts($1, $2)',
      [ids, person],
    );
    return rows;
  }

  /** Marks alerts of a source, by their places, as seen by a person; places of none are passed over. */
  async see(source: string, places: readonly string[], person: string): Promise<void> {
    await this.pool.query('select vault.see($1, $2, $3)', [source, places, person]);
  }

  /** Up to which position of each shard of the log texts were looked at. */
  async looked(): Promise<ReadonlyMap<number, bigint>> {
    const { rows } = await this.pool.query<{ shard: number; position: string }>(
      'select of_shard as shard, up_to as position from vault.looked()',
    );
    return new Map(rows.map(({ shard, position }) => [shard, BigInt(position)]));
  }

  async look(shard: number, position: bigint): Promise<void> {
    await this.pool.query('select vault.look($1, $2)', [shard, String(position)]);
  }

  /** Sources that were not yet looked for in all that is there, at most so many: each with the stream up to which they were, '' before the first. */
  async seeking(most: number): Promise<{ source: string; upTo: string }[]> {
    const { rows } = await this.pool.query<{ source: string; upTo: string }>(
      'select source_id as source, sought_up_to as "upTo" from vault.seeking($1)',
      [most],
    );
    return rows;
  }

  /** These were looked for up to this stream; without one: everywhere. */
  async seek(ids: readonly string[], upTo?: string): Promise<void> {
    await this.pool.query('select vault.seek($1, $2)', [ids, upTo ?? null]);
  }

  /** Destroys the key of a source, for ever, and what was sealed with it here. */
  async destroy(id: string): Promise<void> {
    await this.pool.query('select vault.destroy($1)', [id]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private unwrapped(id: string, wrapped: Buffer): SourceKey {
    return new SourceKey(id, this.master.unwrap(id, wrapped));
  }
}
