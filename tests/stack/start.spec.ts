import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { isAlive, type Recorded } from '../../infra/stack/processes.ts';
import { services } from '../../infra/stack/services.ts';
import { type Checkout, checkout, type Start } from './checkout.ts';

// Each builds on what the one before left: what is tested is what a start finds.
let own: Checkout;
let running: Start | undefined;

beforeAll(async () => {
  own = await checkout({ jars: true });
});
afterAll(async () => {
  running?.child.kill('SIGTERM');
  await running?.exit;
  own.remove();
});

async function start(): Promise<Start> {
  running = own.start();
  await running.ready;
  return running;
}

async function query(sql: string): Promise<unknown[]> {
  const url = /postgres:\/\/\S+/.exec(running?.said() ?? '')?.[0];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

function kill(recorded: Recorded | undefined): void {
  // Pid 0 would be ourselves and everybody who started us.
  if (!recorded || recorded.pid <= 1) throw new Error('There is no record of it.');
  process.kill(recorded.pid, 'SIGKILL');
}

async function expectPortsFree(): Promise<void> {
  for (const port of Object.values(own.env)) {
    const server = createServer();
    await new Promise<void>((done, failed) => server.once('error', failed).listen(Number(port), '127.0.0.1', done));
    await new Promise((done) => server.close(done));
  }
}

it('starts everything, says where it is and gives tokens; SIGTERM leaves nothing running', async () => {
  const { child, exit, said } = await start();
  for (const service of services.map((name) => name.toUpperCase())) {
    expect((await fetch(`http://localhost:${own.env[`${service}_PORT`] ?? ''}/health/ready`)).status).toBe(200);
    expect(said()).toContain(`http://localhost:${own.env[`${service}_PORT`] ?? ''}/api`);
  }
  expect(said()).toMatch(/^DUTY_EDITOR=eyJ/m);
  expect(readFileSync(`${own.path}/.stet/tokens.env`, 'utf8')).toMatch(/^REPORTER=eyJ/m);
  await query('create table kept as select 41 + 1 as answer');
  const processes = own.recorded();
  expect(processes.map(({ name }) => name).sort()).toEqual([...services, 'kafka', 'postgres'].toSorted());
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(processes.filter(isAlive)).toEqual([]);
  await expectPortsFree();
});

it('started again it has its data, and refuses to be started twice', async () => {
  const { child } = await start();
  expect(await query('select answer from kept')).toEqual([{ answer: 42 }]);
  // Kafka has its classes from memory that an earlier start has filled.
  const kafka = own.recorded().find(({ name }) => name === 'kafka');
  expect(readFileSync(`/proc/${kafka?.pid ?? 0}/maps`, 'utf8')).toMatch(/jars-\w+\.broker\.jsa$/m);
  const second = own.start();
  expect(await second.exit).toBe(1);
  expect(second.said()).toContain(`Stet already runs on ${own.path}/.stet (process ${child.pid ?? 0})`);
});

it('after a kill -9 of the launcher the next start ends what was left and comes up', async () => {
  const before = own.recorded();
  running?.child.kill('SIGKILL');
  await running?.exit;
  expect(before.every(isAlive)).toBe(true);
  const { said } = await start();
  expect(said()).toContain('left behind by an earlier run');
  expect(before.filter(isAlive)).toEqual([]);
  expect(await query('select answer from kept')).toEqual([{ answer: 42 }]);
});

it('after a kill -9 of everything the next start comes up', async () => {
  running?.child.kill('SIGKILL');
  for (const recorded of own.recorded()) kill(recorded);
  await running?.exit;
  await start();
  expect(await query('select answer from kept')).toEqual([{ answer: 42 }]);
});

it('stops everything and fails when one of its processes ends', async () => {
  const processes = own.recorded();
  kill(processes.find(({ name }) => name === 'drafting'));
  expect(await running?.exit).toBe(1);
  expect(running?.said()).toMatch(/drafting was ended by SIGKILL: see .*drafting\.log\. Stopping everything/);
  expect(processes.filter(isAlive)).toEqual([]);
});

it('an interrupt while it is still starting leaves nothing running', async () => {
  running = own.start();
  while (own.recorded().length === 0) await new Promise((done) => setTimeout(done, 5));
  running.child.kill('SIGINT');
  running.child.kill('SIGINT');
  expect(await running.exit).toBe(0);
  expect(own.recorded()).toEqual([]);
  await expectPortsFree();
});
