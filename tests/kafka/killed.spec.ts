import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, createTestTopics, type TestDatabase, type TestTopics } from '#testing';
import { events, positions, until } from './shelf.ts';

const topic = 'drafting';
const program = fileURLToPath(new URL('reader.ts', import.meta.url));
const readers: ChildProcess[] = [];
let topics: TestTopics;
let database: TestDatabase;
let admin: pg.Client;

/** Starts a reader, and answers with what it has said so far. */
function read(env: Record<string, string> = {}): { process: ChildProcess; said: () => string } {
  const child = spawn(
    process.execPath,
    ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', program],
    {
      env: {
        ...process.env,
        ...{ BROKERS: process.env.STET_TEST_KAFKA_BROKERS, PREFIX: topics.broker.topic('').slice(0, -1) },
        ...{ DATABASE: database.adminUrl, TOPIC: topic, ...env },
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  readers.push(child);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return { process: child, said: () => said };
}

beforeAll(async () => {
  topics = await createTestTopics([topic]);
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query('create table applied (position bigint)');
  await admin.query(
    'create table checkpoint (partition int primary key, log_id text, next_offset bigint, last_position bigint)',
  );
});
afterAll(async () => {
  for (const reader of readers) reader.kill('SIGKILL');
  await admin.end();
  await database.drop();
  await topics.close();
});

test('a process killed in the middle of a batch leaves nothing half done; the next one loses and doubles nothing', async () => {
  await topics.send(topic, 0, ...events(1200));
  const victim = read({ HANG: 'yes' });
  await until(() => victim.said().includes('in the middle'));
  victim.process.kill('SIGKILL');
  await once(victim.process, 'exit');
  await topics.send(topic, 0, ...events(300));
  const heir = read();
  let applied: string[] = [];
  const count = async () => {
    const { rows } = await admin.query<{ position: string }>('select position from applied order by position');
    applied = rows.map(({ position }) => position);
    if (applied.length < 1500) counting = setTimeout(() => void count(), 100);
  };
  let counting = setTimeout(() => void count(), 100);
  try {
    await until(() => applied.length >= 1500 || heir.said().includes('stopped'));
  } finally {
    clearTimeout(counting);
  }
  expect(heir.said()).toBe('');
  expect(applied).toEqual(positions(1500).map(String));
});
