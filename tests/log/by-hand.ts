import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type pg from 'pg';
import { fresh } from './tally.ts';

/** An event of a tally of the first shard, at version 2, as an earlier Stet wrote it: with five columns in its hash. */
export async function appendByHand(client: pg.Client, id: string): Promise<void> {
  const commandId = fresh();
  const payload = '{"by":1,"note":""}';
  const command = { number: 1, id: commandId, stream: `tally-${id}`, shard: 0, expected: 1, status: 'open', events: 1 };
  const row = {
    ...{ ...command, metadata: {}, event_id: commandId, key: id, type: 'Added', schema_version: 1 },
    ...{ payload: JSON.parse(payload) as unknown, inner_hash: inner([`tally-${id}`, 'Added', '1', '{}', payload]) },
  };
  const { rows } = await client.query<{ outcome: string }>('select * from append($1)', [JSON.stringify([row])]);
  expect(rows.map(({ outcome }) => outcome)).toEqual(['ok']);
}

/** As the log documents it: SHA-256 over each part behind its length in four bytes. */
function inner(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    hash.update(length).update(part);
  }
  return hash.digest('hex');
}
