import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectKafka } from '#messaging';
import { type Desk, openDesk, until } from '../e2e/desk.ts';
import { freePorts } from '../../infra/stack/stack.ts';
import { pointingAt, type Said, stet as run } from './command.ts';

let desk: Desk;
const stet = (...args: string[]) => run(pointingAt(desk.newsroom.stack), ...args);
const json = ({ out }: Said) => JSON.parse(out) as Record<string, Record<string, unknown>[]>;

beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '3' });
  const { id, position } = await desk.published();

  await desk.comment(id, { after: position });
  await desk.newsroom.as('operator').get('reading', `/operations/digests?after=${position}`);
}, 180_000);
afterAll(() => desk.close());

test('status says how far each log, relay, reaction and read model has come', async () => {
  interface Log {
    service: string;
    log_id: string;
    shards: { position: string; cursor: string; behind: string }[];
    lease: { held: boolean; epoch: string };
    reactions: { topic: string; position: string; behind: string }[];
  }
  interface Model {
    read_model: string;
    serving: boolean;
    checkpoints: { topic: string; behind: string }[];
  }
  let [logs, models]: [Log[], Model[]] = [[], []];
  await until(async () => {
    const said = await stet('status', '--json');
    expect(said.code).toBe(0);
    const found = JSON.parse(said.out) as { logs: Log[]; read_models: Model[] };
    [logs, models] = [found.logs, found.read_models];
    const left = [
      ...logs.flatMap(({ shards, reactions }) => [...shards, ...reactions]),
      ...models.flatMap((one) => one.checkpoints),
    ];
    return left.every(({ behind }) => behind === '0');
  });
  expect(logs.map(({ service }) => service)).toEqual(['drafting', 'publication', 'moderation']);
  for (const { service, log_id, shards, lease } of logs) {
    const { rows } = await desk.admin.query<{ id: string; positions: string[] }>(
      `select id, (select array_agg(position::text order by shard) from ${service}.head) as positions from ${service}.log`,
    );
    expect({ id: log_id, positions: shards.map(({ position }) => position) }).toEqual(rows[0]);
    expect(shards.map(({ cursor }) => cursor)).toEqual(rows[0]?.positions);
    expect(lease).toMatchObject({ held: true, epoch: '1' });
  }
  expect(logs[1]?.reactions.map(({ topic }) => topic)).toContain('drafting');
  expect(models.map(({ read_model }) => read_model)).toContain('article_page');
  expect(models.every(({ serving }) => serving)).toBe(true);
  expect((await stet('status')).out).toContain('newsroom_board v');
}, 60_000);

test('status shows a relay that lags and keys that are parked, and ends with 1', async () => {
  await desk.admin.query(`insert into publication.reaction_parked (topic, partition, message_id, key, message, reason)
    values ('drafting', 0, 'm', 'k', '{"type": "T"}', 'because')`);
  const { rows } = await desk.admin.query<{ shard: number; position: string }>(
    'select shard, position from drafting.relay_cursor where position > 0 limit 1',
  );
  const [shard, position] = [rows[0]?.shard ?? 0, BigInt(rows[0]?.position ?? 0)];
  const move = (to: bigint) =>
    desk.admin.query('update drafting.relay_cursor set position = $2 where shard = $1', [shard, String(to)]);
  await desk.hold('drafting');
  await move(position - 1n);
  const said = await stet('status');
  await move(position);
  await desk.letGo('drafting');
  await desk.admin.query('delete from publication.reaction_parked');
  expect(said.code).toBe(1);
  expect(said.out).toContain('PARKED: 1 events of 1 keys (reactions)');
  expect(said.out).toMatch(new RegExp(`shard ${shard} +position ${position} +relayed ${position - 1n} +1 behind`));
});

test('status counts timers that wait and that are overdue', async () => {
  const due = (seconds: number) => `(extract(epoch from now() + interval '${seconds} seconds') * 1000000)::bigint`;
  // Nobody fires them while the lease is somebody else's.
  await desk.admin.query(
    `update drafting.timer_lease set holder = 'a test', epoch = epoch + 1, expires_at = now() + interval '1 hour'`,
  );
  await desk.admin.query(`insert into drafting.timer (stream, name, epoch, due_at, command) values
    ('t-1', 'a', 1, ${due(-7200)}, '{}'), ('t-1', 'b', 1, ${due(7200)}, '{}'), ('t-2', 'a', 1, ${due(7300)}, '{}')`);
  const { code, out } = await stet('status', '--json');
  expect(code).toBe(1);
  await desk.admin.query('delete from drafting.timer');
  await desk.admin.query(`update drafting.timer_lease set holder = null, expires_at = '-infinity'`);
  const { timers } = json({ code: 0, out, error: '' }).logs?.[0] as { timers: { late: number } };
  expect(timers).toMatchObject({ waiting: 2, overdue: 1, next: expect.stringMatching(/^20.*Z$/) as unknown });
  expect(Math.abs(timers.late - 7200)).toBeLessThan(120);
});

test('digest says what reading says', async () => {
  const { body } = await desk.newsroom.as('operator').get('reading', '/operations/digests');
  const asked = body.digests as { readModel: string; digest: string }[];
  const said = await stet('digest', '--json');
  expect(said.code).toBe(0);
  const found = json(said).digests as unknown as typeof asked;
  expect(found).toEqual(asked.map((one) => expect.objectContaining(one) as unknown));
});

test('resend has a log sent again from a position on, whoever relays it', async () => {
  const { rows } = await desk.admin.query<{ shard: number; position: string; announced: number }>(
    `select shard, head.position::text, (select count(*)::int from drafting.event e where e.shard = head.shard and internal_type is not null) as announced
       from drafting.head where position > 1 limit 1`,
  );
  const [log] = rows;
  const broker = connectKafka({
    brokers: [desk.newsroom.stack.brokers],
    clientId: 'test',
    topicPrefix: desk.newsroom.topic('').slice(0, -1),
  });
  const admin = broker.kafka.admin();
  const end = async () => {
    const offsets = await admin.fetchTopicOffsets(broker.topic('drafting'));
    return Number(offsets.find(({ partition }) => partition === log?.shard)?.high);
  };
  const before = await end();
  expect((await stet('resend', 'drafting', String(log?.shard), log?.position ?? '')).code).toBe(1);
  expect((await stet('resend', 'reading', '0', '0')).code).toBe(1);
  expect((await stet('resend', 'drafting', String(log?.shard), '0')).code).toBe(0);
  await until(async () => (await end()) === before + (log?.announced ?? 0));
  await admin.disconnect();
}, 60_000);

test('cannot write, whatever it is told', async () => {
  const { openGround } = await import('../../infra/stet/ground.ts');
  const ground = openGround({ ...process.env, ...pointingAt(desk.newsroom.stack) });
  await expect(ground.pool('drafting').query('update relay_cursor set position = 0')).rejects.toThrow('read-only');
  await ground.close();
});

test.each([[[]], [['nonsense']], [['status', 'more']], [['status', '--loud']]])(
  '%j is wrong use: 2, and it says how',
  async (args) => {
    const { code, out, error } = await stet(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain('npm run --silent stet -- COMMAND');
  },
);

test('what is not there is not reached: 3', async () => {
  const port = await freePorts(1);
  const nowhere = { ...pointingAt(desk.newsroom.stack), DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/stet` };
  expect(await run(nowhere, 'status')).toMatchObject({
    code: 3,
    error: expect.stringContaining('Not reached') as unknown,
  });
  const noKafka = { ...pointingAt(desk.newsroom.stack), KAFKA_BROKERS: `127.0.0.1:${port}` };
  expect(await run(noKafka, 'verify')).toMatchObject({
    code: 3,
    error: expect.stringContaining('Not reached') as unknown,
  });
}, 60_000);

describe('what services are asked', () => {
  let token: string;
  const asked = (...args: string[]) =>
    run({ ...pointingAt(desk.newsroom.stack), ...ports(), STET_TOKEN: token }, ...args);
  const ports = () =>
    Object.fromEntries(
      Object.entries(desk.newsroom.stack.urls).map(([name, url]) => [`${name.toUpperCase()}_PORT`, new URL(url).port]),
    );
  beforeAll(async () => {
    const person = { sub: 'omar', name: 'Omar', roles: ['operator'], desks: [] };
    token = (await desk.newsroom.stack.token?.(person)) ?? '';
  });

  test('parked lists, shows, and skips for a reason', async () => {
    expect(await asked('parked')).toMatchObject({ code: 0, out: 'Nothing is parked.\n' });
    await desk.admin.query(`insert into publication.reaction_parked (topic, partition, message_id, key, message, reason)
      values ('drafting', 0, 'm', 'k', '{"type": "T"}', 'because')`);
    const listed = await asked('parked', '--json');
    expect(listed.code).toBe(1);
    const [found] = json(listed).parked ?? [];
    expect(found).toMatchObject({ service: 'publication', reader: 'reactions', key: 'k', reason: 'because' });
    const number = String(found?.number);
    expect((await asked('parked')).out).toMatch(new RegExp(`publication +${number} +reactions +T +k +because`));
    expect(JSON.parse((await asked('parked', 'show', 'publication', number)).out)).toMatchObject({ number, behind: 0 });
    expect((await asked('parked', 'retry', 'publication', '999999')).code).toBe(1);
    expect((await asked('parked', 'show', 'nobody', number)).code).toBe(1);
    expect((await asked('parked', 'skip', 'publication', number)).code).toBe(2);
    expect((await asked('parked', 'skip', 'publication', number, 'A test.')).code).toBe(0);
    const wishes = 'select wish, reason, by_name from publication.parked_wish';
    expect((await desk.admin.query(wishes)).rows).toEqual([{ wish: 'skip', reason: 'A test.', by_name: 'Omar' }]);
    await desk.admin.query('delete from publication.reaction_parked');
  }, 60_000);

  test('rebuild waits until what it built serves; the way back, and what is no longer wanted', async () => {
    const said = await asked('rebuild', 'publication_log', '--json');
    expect(said.code).toBe(0);
    expect(json(said).generations).toMatchObject([{ readModel: 'publication_log', version: 2, serving: true }]);
    const listed = async () => (await asked('generations')).out;
    expect(await listed()).toMatch(/publication_log +v1 +kept .*\n.*publication_log +v2 +serves /);
    expect((await asked('drop', 'publication_log', '2')).code).not.toBe(0);
    await until(async () => (await asked('serve', 'publication_log', '1')).code === 0);
    expect(await listed()).toMatch(/publication_log +v1 +serves /);
    expect((await asked('drop', 'publication_log', '2')).code).toBe(0);
    expect(await listed()).not.toMatch(/publication_log +v2/);
    expect(await asked('rebuild', 'nonsense')).toMatchObject({ code: 1, out: '' });
  }, 60_000);

  test('services are asked where SERVICES_AT says', async () => {
    const at = (pattern: string) =>
      run({ ...pointingAt(desk.newsroom.stack), ...ports(), STET_TOKEN: token, SERVICES_AT: pattern }, 'holes');
    expect((await at('http://127.0.0.1:{port}')).code).toBe(0);
    const elsewhere = await at('http://{service}.invalid:{port}');
    expect(elsewhere).toMatchObject({ code: 3, error: expect.stringContaining('http://reading.invalid:') as unknown });
  }, 60_000);

  test("without an operator's token they are not reached: 3", async () => {
    token = 'nonsense';
    expect((await asked('parked')).code).toBe(3);
    token = '';
    expect(await asked('parked')).toMatchObject({ code: 3, error: expect.stringContaining('STET_TOKEN') as unknown });
  });
});
