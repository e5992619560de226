import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { untilLevel } from '../bench/level.ts';
import { article, type Desk, openDesk, publication, story, until } from './desk.ts';
import { pointingAt, stet } from '../operator/command.ts';

interface Hole {
  readonly why: string;
  readonly where: string;
  readonly service: string;
  readonly position: string;
  readonly article: string;
  readonly type: string;
}
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '3' });
}, 180_000);
afterAll(() => desk.close());

const told = async () => (await desk.newsroom.as('operator').get('reading', '/operations/holes')).body;
const named = async () => ((await told()).holes ?? []) as Hole[];

/** Waits for holes, at most as long as it may take to name one; answers what is named then. */
async function namedInTime(isThere: (holes: readonly Hole[]) => boolean): Promise<Hole[]> {
  for (const deadline = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 100))) {
    const holes = await named();
    if (isThere(holes)) return holes;
    if (Date.now() > deadline) throw new Error(`Not named in time; named are ${JSON.stringify(holes)}`);
  }
}
const closed = () => until(async () => (await named()).length === 0);
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${desk.newsroom.stack.urls.reading}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}

test.each([
  ['article_event', 'article_history', `service = 'publication' and type = 'ArticlePublished'`, 'ArticlePublished'],
  ['article_event', 'article_history', `service = 'drafting' and type = 'ArticleApproved'`, 'ArticleApproved'],
  ['publication_log', 'publication_log', `action = 'published'`, 'ArticlePublished'],
  ['article_page', 'article_page', 'true', 'ArticlePublished'],
  ['article_search', 'article_search', 'true', 'ArticleStarted'],
  ['newsroom_board', 'newsroom_board', `publication_state = 'published'`, 'ArticlePublished'],
])(
  'a row of %s that is gone is named: %s, %s',
  async (table, model, where, type) => {
    const { id } = await desk.published();
    // Every row of it: a page may be there before what drafting said is in the history.
    await untilLevel(desk);
    const { rows: serving } = await desk.admin.query<{ version: number }>(
      'select version from reading.projection_version where serving and projection = $1',
      [model],
    );
    const full = `${model}_v${serving[0]?.version ?? 0}.${table}`;
    await desk.admin.query(`create table public.gone as select * from ${full} where article_id = '${id}' and ${where}`);
    await desk.admin.query(`delete from ${full} where article_id = '${id}' and ${where}`);
    const holes = await namedInTime((found) => found.some((hole) => hole.article === id && hole.type === type));
    expect(holes).toContainEqual(expect.objectContaining({ why: 'missing', where: model, article: id }));
    expect(await metric('stet_publication_holes')).toBeGreaterThan(0);
    await desk.admin.query(`insert into ${full} select * from public.gone; drop table public.gone`);
    await closed();
  },
  60_000,
);

test.each([
  [
    'planned_event',
    'coverages',
    'plan_id',
    { path: '/plans', starts: { at: '2026-03-02T10:00', zone: 'Asia/Karachi' } },
  ],
  ['package', 'packages', 'package_id', { path: '/packages', kind: 'package' }],
])(
  'a row of %s that is gone is named',
  async (table, model, column, { path, ...more }) => {
    const { id } = await desk.editor.command('drafting', path, { desk: 'city', name: 'Opening', ...more });
    const { rows: serving } = await desk.admin.query<{ version: number }>(
      'select version from reading.projection_version where serving and projection = $1',
      [model],
    );
    const full = `${model}_v${serving[0]?.version ?? 0}.${table}`;
    await until(
      async () => (await desk.admin.query(`select from ${full} where ${column} = $1`, [id])).rows.length === 1,
    );
    await desk.admin.query(`create table public.gone as select * from ${full} where ${column} = '${id}'`);
    await desk.admin.query(`delete from ${full} where ${column} = '${id}'`);
    const holes = await namedInTime((found) => found.some(({ where }) => where === model));
    expect(holes).toContainEqual(expect.objectContaining({ why: 'missing', where: model }));
    await desk.admin.query(`insert into ${full} select * from public.gone; drop table public.gone`);
    await closed();
  },
  60_000,
);

test('a page that shows what is no longer so is named', async () => {
  const { id } = await desk.published();
  await desk.duty.command('publication', publication(id, 'unpublish'), { reason: 'A doubt.' });
  await untilLevel(desk);
  await desk.admin.query(`update reading.article_page set state = 'published' where article_id = $1`, [id]);
  const [hole] = await namedInTime((holes) => holes.length > 0);
  expect(hole).toMatchObject({ why: 'differs', where: 'article_page', article: id, type: 'ArticleUnpublished' });
  await desk.admin.query(`update reading.article_page set state = 'unpublished' where article_id = $1`, [id]);
  await closed();
}, 60_000);

test('an approval that publication has gone past without a decision is named', async () => {
  const start = await desk.reporter.command('drafting', '/articles', story);
  await desk.reporter.command('drafting', article(start.id, 'submit'));
  await desk.editor.command('drafting', article(start.id, 'claim'));
  // Publication cannot begin with any message while this table has another name.
  await desk.admin.query('alter table publication.reaction_parked rename to elsewhere');
  await desk.editor.command('drafting', article(start.id, 'approve'), { version: 1 });
  const { rows } = await desk.admin.query<{ shard: number; position: string }>(
    'select shard, position from drafting.event where key = $1 order by position desc limit 1',
    [start.id],
  );
  const move = (position = '0', nextOffset = '') =>
    desk.admin.query(
      `update publication.reaction_checkpoint set last_position = $2, next_offset = coalesce(nullif($3, '')::bigint, next_offset)
        where topic = 'drafting' and partition = $1`,
      [rows[0]?.shard, position, nextOffset],
    );
  await move(rows[0]?.position);
  // It begins again and again; by now it has read where it stands.
  await new Promise((done) => setTimeout(done, 3000));
  await desk.admin.query('alter table publication.elsewhere rename to reaction_parked');
  const holes = await namedInTime((found) => found.some(({ article: of }) => of === start.id));
  expect(holes).toEqual([
    expect.objectContaining({
      ...{ why: 'missing', where: 'reactions of publication', service: 'drafting' },
      ...{ article: start.id, type: 'ArticleApproved' },
    }),
  ]);
  const said = await stet(await operator(), 'holes');
  expect(said).toMatchObject({ code: 1, out: expect.stringContaining(start.id) as unknown });
  // Whoever finds that the checkpoint has moved begins there: all of it is decided once more, to no effect, and this at last.
  await move('0', '0');
  await desk.editor.command('drafting', article(start.id, 'open-next-version'));
  await closed();
}, 60_000);
async function operator() {
  const person = { sub: 'omar', name: 'Omar', roles: ['operator'], desks: [] };
  const { urls } = desk.newsroom.stack;
  const ports = Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_PORT`, new URL(url).port]);
  const token = (await desk.newsroom.stack.token?.(person)) ?? '';
  return { ...pointingAt(desk.newsroom.stack), ...(Object.fromEntries(ports) as object), STET_TOKEN: token };
}

test('what could not be applied is told as parked, and is no hole', async () => {
  const { id } = await desk.approved();
  const { rows } = await desk.admin.query<{ version: number }>(
    `select version from reading.projection_version where serving and projection = 'publication_log'`,
  );
  const table = `publication_log_v${rows[0]?.version ?? 0}.publication_log`;
  await desk.admin.query(`alter table ${table} add constraint poison check (article_id <> '${id}')`);
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.duty.command('publication', publication(id, 'publish'), { version: 1 });
  await until(async () => JSON.stringify((await told()).parked).includes(id));
  await new Promise((done) => setTimeout(done, 2000));
  expect((await named()).filter((hole) => hole.article === id)).toEqual([]);
  expect(await metric('stet_publication_holes')).toBe(0);
  await desk.admin.query(`alter table ${table} drop constraint poison`);
  await desk.newsroom.as('operator').command('reading', '/operations/parked/retry', {});
  await until(async () => ((await told()).parked as object[]).length === 0);
}, 60_000);

test('an event that its relay has gone past without sending it is named, on the internal topic and on the feed', async () => {
  const { id } = await desk.published();
  await until(async () => (await desk.newsroom.as('site').get('reading', `/articles/${id}/page`)).status === 200);
  await desk.hold('publication');
  await desk.duty.command('publication', publication(id, 'unpublish'), { reason: 'A doubt.' });
  const { rows } = await desk.admin.query<{ shard: number; position: string }>(
    `select shard, position from publication.event where key = $1 order by position desc limit 1`,
    [id],
  );
  const [lost] = rows;
  await desk.admin.query('update publication.relay_cursor set position = $2 where shard = $1', [
    ...[lost?.shard, lost?.position],
  ]);
  const isLost = (hole: Hole) => hole.position === lost?.position && hole.why === 'missing';
  const holes = await namedInTime((found) => found.filter(isLost).length === 3);
  expect(new Set(holes.filter(isLost).map(({ where }) => where))).toEqual(
    new Set(['topic publication', 'topic feed', 'topic articles']),
  );
  expect(holes.filter(isLost).every(({ article: of, type }) => of === id && type.length > 0)).toBe(true);
  await desk.admin.query('update publication.relay_cursor set position = $2 where shard = $1', [
    ...[lost?.shard, String(BigInt(lost?.position ?? 0) - 1n)],
  ]);
  await desk.letGo('publication');
  await until(async () => !(await named()).some(({ article: of }) => of === id));
}, 60_000);

test('what nobody has sent for some seconds is named as late, until it is sent', async () => {
  await desk.hold('drafting');
  const { id } = await desk.reporter.command('drafting', '/articles', story);
  const holes = await namedInTime((found) => found.some(({ article: of }) => of === id));
  expect(holes).toContainEqual(expect.objectContaining({ why: 'late', where: 'relay', article: id }));
  await desk.letGo('drafting');
  await until(async () => !(await named()).some(({ article: of }) => of === id));
}, 60_000);

test('messages that are gone from a topic are named until they are sent again, and so is one that is something else', async () => {
  const { id, position } = await desk.published();
  await desk.comment(id, { after: position });
  const { rows } = await desk.admin.query<{ shard: number; position: string; key: string; type: string }>(
    `select distinct on (shard) shard, position, key, type from moderation.event where internal_type is not null order by shard, position limit 1`,
  );
  const [first] = rows;
  const { stack, topic } = desk.newsroom;
  const kafka = new Kafka({ brokers: [stack.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  try {
    const partitions = [{ partition: first?.shard ?? 0, offset: '1' }];
    await admin.fetchTopicOffsets(topic('moderation')); // It has to know the topic first.
    await admin.deleteTopicRecords({ topic: topic('moderation'), partitions });
    const gone = await namedInTime((found) => found.some(({ position }) => position === first?.position));
    expect(gone).toContainEqual(
      expect.objectContaining({
        ...{ why: 'missing', where: 'topic moderation', article: first?.key, type: first?.type },
        position: first?.position,
      }),
    );
    expect(await stet(await operator(), 'resend', 'moderation', String(first?.shard), '0')).toMatchObject({ code: 0 });
    await closed();
    await producer.send({
      topic: topic('drafting'),
      messages: [{ partition: 1, key: 'k', value: '{}', headers: { ce_id: 'x', ce_position: '999999' } }],
    });
    const foreign = await namedInTime((found) => found.some(({ why }) => why === 'differs'));
    expect(foreign).toContainEqual(expect.objectContaining({ where: 'topic drafting', position: '999999' }));
  } finally {
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  }
}, 60_000);
