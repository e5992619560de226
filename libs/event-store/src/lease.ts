import type pg from 'pg';

/** Tables of one row, that say who may do what only one process of a service does. */
type LeaseTable = 'relay_lease' | 'timer_lease';

/** Takes the lease if it is free, expired or already the holder's. A change of holder begins a new epoch. */
export async function acquireLease(
  pool: pg.Pool,
  table: LeaseTable,
  holder: string,
  leaseMs: number,
): Promise<bigint | undefined> {
  const { rows } = await pool.query<{ epoch: string }>(
    `update ${table} set epoch = case when holder = $1 then epoch else epoch + 1 end, holder = $1,
            expires_at = clock_timestamp() + $2 * interval '1 millisecond'
      where holder is null or holder = $1 or expires_at < clock_timestamp() returning epoch`,
    [holder, leaseMs],
  );
  return rows[0] && BigInt(rows[0].epoch);
}

export async function releaseLease(pool: pg.Pool, table: LeaseTable, holder: string): Promise<void> {
  await pool.query(`update ${table} set holder = null, expires_at = '-infinity' where holder = $1`, [holder]);
}
