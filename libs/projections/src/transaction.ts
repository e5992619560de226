import type pg from 'pg';

/** Gives `work` a connection on which it begins and ends a transaction; whatever it throws is rolled back. */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw error;
  }
}

/**
 * Waits for all of some work in one transaction that is under way at once. Throws what the first that failed threw: those after it failed only
 * because it did.
 */
export async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Classes of SQLSTATE and names of socket errors that pass by themselves: connection, conflicts, resources, shutdown, disk. */
const passing = /^(08|25|40|53|55|57|58|XX|E[A-Z])/;

/** Errors that say nothing about what was to be written: the same may succeed in a moment. They park nothing. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'code' in error
    ? passing.test(String(error.code))
    : /^(Connection terminated|Client)|timeout/.test(error.message);
}
