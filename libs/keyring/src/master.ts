import type pg from 'pg';
import { decrypt, encrypt, newKey } from './cipher.ts';
import { openAll, type Sealed } from './fields.ts';

interface Row {
  person_id: string;
  person_key: Buffer;
}

/** The key that all others are wrapped with. Without it a copy of the database opens nothing. */
export class MasterKey {
  constructor(private readonly key: Buffer) {
    if (key.length !== 32) throw new Error('A master key has 32 bytes.');
  }

  /** A new key for whomever it is, wrapped. */
  fresh(of: string): Buffer {
    return encrypt(this.key, newKey(), of);
  }

  /** Throws when it was wrapped by another master key, or for somebody else. */
  unwrap(of: string, wrapped: Buffer): Buffer {
    return decrypt(this.key, wrapped, of);
  }

  /**
   * Opens what is sealed in events, with keys read on this connection. Inside a transaction, no key can be destroyed before it ends: what
   * is written in it was not erased. Fields of the erased are empty. Throws when a field was changed, or moved to another event.
   */
  async open<E extends Sealed>(connection: pg.ClientBase | pg.Pool, events: readonly E[]): Promise<readonly E[]> {
    return openAll(events, async (persons) => {
      const { rows } = await connection.query<Row>('select person_id, person_key from keyring.keys($1)', [persons]);
      return new Map(rows.map((row) => [row.person_id, this.unwrap(row.person_id, row.person_key)]));
    });
  }
}
