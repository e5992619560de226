import pg from 'pg';

/** Connections for keys: few, and none that hangs for long. */
export function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    ...{ connectionString, max: 4, keepAlive: true },
    ...{ query_timeout: 15_000, connectionTimeoutMillis: 5000 },
  });
  pool.on('error', () => undefined); // An idle connection that breaks is replaced by the pool.
  return pool;
}
