// A process that reads a topic into Postgres. Where HANG is set it stays in its first batch, after the write and before the commit.
import pg from 'pg';
import { connectKafka, type PartitionBatch, startConsumer } from '#messaging';

const { BROKERS = '', PREFIX = '', DATABASE = '', TOPIC = '', HANG } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE });

async function load(_topic: string, partition: number) {
  const { rows } = await pool.query<{ log_id: string; next_offset: string; last_position: string }>(
    'select log_id, next_offset, last_position from checkpoint where partition = $1',
    [partition],
  );
  const [row] = rows;
  return row && { logId: row.log_id, nextOffset: row.next_offset, lastPosition: BigInt(row.last_position) };
}

async function handle({ partition, from, to, messages }: PartitionBatch): Promise<'done' | 'lost'> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into applied select unnest($1::bigint[])', [messages.map(({ position }) => position)]);
    const { rowCount } = await client.query(
      `insert into checkpoint values ($1, $2, $3, $4) on conflict (partition)
        do update set next_offset = $3, last_position = $4 where checkpoint.next_offset = $5`,
      [partition, to.logId, to.nextOffset, to.lastPosition, from?.nextOffset],
    );
    if (HANG !== undefined) {
      process.stdout.write('in the middle\n');
      await new Promise(() => undefined);
    }
    await client.query(rowCount === 1 ? 'commit' : 'rollback');
    return rowCount === 1 ? 'done' : 'lost';
  } finally {
    client.release();
  }
}

await startConsumer({
  broker: connectKafka({ brokers: BROKERS.split(','), clientId: 'reader', topicPrefix: PREFIX }),
  group: 'reading',
  topics: [TOPIC],
  checkpoints: { load },
  handle,
  onStopped: (_place, reason) => process.stdout.write(`stopped: ${reason}\n`),
});
