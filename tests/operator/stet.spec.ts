import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, openDesk, until } from '../e2e/desk.ts';
import { freePorts } from '../../infra/stack/stack.ts';
import { pointingAt, type Said, stet as run } from './command.ts';

let desk: Desk;
let article: string;
const stet = (...args: string[]) => run(pointingAt(desk.newsroom.stack), ...args);
const json = ({ out }: Said) => JSON.parse(out) as Record<string, Record<string, unknown>[]>;

beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '3' });
  const { id, position } = await desk.published();
  article = id;
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

describe('verify', () => {
  test('finds every log as it was written, and as both witnesses noted it', async () => {
    await until(async () => {
      const said = await stet('verify', '--json');
      expect(said).toMatchObject({ code: 0 });
      const { logs } = JSON.parse(said.out) as { logs: { anchors: { file: number; topic: number } }[] };
      return logs.every(({ anchors }) => anchors.file > 0 && anchors.topic > 0);
    });
  }, 60_000);

  test('names the first position that somebody has changed, and ends with 1', async () => {
    const { rows } = await desk.admin.query<{ shard: number; position: string; payload: string }>(
      `select shard, position, payload::text from drafting.event where key = $1 order by position offset 1 limit 1`,
      [article],
    );
    const [row] = rows;
    const write = (payload: string) =>
      desk.admin.query(
        `begin; alter table drafting.event disable trigger append_only;
         update drafting.event set payload = '${payload.replaceAll("'", "''")}' where shard = ${row?.shard ?? 0} and position = ${row?.position ?? 0};
         alter table drafting.event enable trigger append_only; commit`,
      );
    await write('{"changed": true}');
    const said = await stet('verify');
    await write(row?.payload ?? '');
    expect(said.code).toBe(1);
    expect(said.out).toContain(
      `drafting: WRONG: shard ${row?.shard ?? 0}, position ${row?.position ?? 0}: the row is not what was recorded`,
    );
    expect(said.out).toMatch(/publication: \d+ events fit/);
  });

  test('shows by what the topic has noted alone that a log was cut, on a machine without the file', async () => {
    const event = 'select * from publication.event where shard = $1 and position = $2';
    const { rows: heads } = await desk.admin.query<{ shard: number; position: string; hash: string }>(
      `select shard, position, encode(hash, 'hex') as hash from publication.head where position > 1 limit 1`,
    );
    const [head] = heads;
    if (!head) throw new Error('No shard has two events.');
    const place = [head.shard, head.position];
    await desk.admin.query(
      `create table public.cut as ${event.replace('$1', String(head.shard)).replace('$2', head.position)}`,
    );
    await desk.admin.query('alter table publication.event disable trigger append_only');
    await desk.admin.query('delete from publication.event where shard = $1 and position = $2', place);
    await desk.admin.query(
      `update publication.head h set (position, hash) = (select position, hash from publication.event e
        where e.shard = h.shard order by position desc limit 1) where shard = $1`,
      [head.shard],
    );
    const elsewhere = { ...pointingAt(desk.newsroom.stack), STET_HOME: '/tmp/stet-of-nobody' };
    const said = await run(elsewhere, 'verify');
    await desk.admin.query('insert into publication.event select * from public.cut');
    await desk.admin.query(`update publication.head set position = $2, hash = decode($3, 'hex') where shard = $1`, [
      ...[...place, head.hash],
    ]);
    expect(said.code).toBe(1);
    expect(said.out).toContain(
      `publication: WRONG: shard ${head.shard}, position ${BigInt(head.position) - 1n}: the log ends before its anchor (0 anchors in the file`,
    );
    expect((await stet('verify')).code).toBe(0);
  });
});

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
