import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Desk, openDesk, publication, until } from '../e2e/desk.ts';
import { pointingAt, stet as run } from './command.ts';
import { source } from './first-system.ts';
import { everything, kept, manifestIn } from './kept.ts';

const home = mkdtempSync(join(tmpdir(), 'stet-archive-'));
let desk: Desk;
const stet = (...args: string[]) => run(pointingAt(desk.newsroom.stack), ...args);

beforeAll(async () => {
  desk = await openDesk({ STET_SHARDS: '2' });
  const { id, position } = await desk.published();
  await desk.comment(id, { after: position });
  await desk.newsroom.as('reporter').command('drafting', '/sources', source);
  const later = await desk.approved();
  await until(async () => (await desk.stateOf('publication', later.id)) === 'cleared');
  const when = { version: 1, zone: 'Europe/Berlin', late: 'publish-late', at: '2096-03-01T06:00' };
  await desk.duty.command('publication', publication(later.id, 'schedule'), when);
}, 180_000);
afterAll(async () => {
  await desk.close();
  rmSync(home, { recursive: true });
});

test('an export has every row of every log and of the keyring, word for word, with sums, counts and heads', async () => {
  let [folder, number] = ['', 0];
  await until(async () => {
    const before = await everything(desk.admin);
    folder = join(home, `whole-${(number += 1)}`);
    expect(await stet('export', folder)).toMatchObject({ code: 0 });
    const after = await everything(desk.admin);
    // Reactions go on; what stood still must be in it.
    if (JSON.stringify(before) !== JSON.stringify(after)) return false;
    expect(kept(folder)).toEqual(after);
    return true;
  });
  const manifest = manifestIn(folder);
  const counted = Object.fromEntries(Object.entries(kept(folder)).map(([name, rows]) => [name, rows.length]));
  for (const table of [
    'drafting.event',
    'publication.timer',
    'publication.reaction_checkpoint',
    'keyring.person',
    'vault.source_key',
  ])
    expect(counted[table]).toBeGreaterThan(0);
  for (const [part, { file, sha256, rows }] of Object.entries(manifest.parts)) {
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ).toBe(sha256);
    for (const [table, count] of Object.entries(rows)) expect(count).toBe(counted[`${part}.${table}`]);
  }
  for (const [service, heads] of Object.entries(manifest.heads)) {
    const { rows } = await desk.admin.query(
      `select origin as "logId", shard, position::text, encode(hash, 'hex') as hash from ${service}.head, ${service}.log order by shard`,
    );
    expect(heads).toEqual(rows);
  }
  expect(readdirSync(folder).sort()).toEqual([
    'drafting.ndjson.gz',
    'keyring.ndjson.gz',
    'manifest.json',
    'moderation.ndjson.gz',
    'publication.ndjson.gz',
    'vault.ndjson.gz',
  ]);
}, 120_000);

test('a log that is not what was written is not exported: it names the position, and there is no manifest', async () => {
  const { rows } = await desk.admin.query<{ shard: number; position: string; payload: string }>(
    `select shard, position, payload::text from drafting.event order by shard desc, position desc limit 1`,
  );
  const [row] = rows;
  const write = (payload: string) =>
    desk.admin.query(
      `begin; alter table drafting.event disable trigger append_only;
       update drafting.event set payload = '${payload.replaceAll("'", "''")}' where shard = ${row?.shard ?? 0} and position = ${row?.position ?? 0};
       alter table drafting.event enable trigger append_only; commit`,
    );
  await write('{"changed": true}');
  const folder = join(home, 'spoilt');
  const said = await stet('export', folder);
  await write(row?.payload ?? '');
  expect(said).toMatchObject({ code: 1, out: '' });
  expect(said.error).toContain(
    `drafting: shard ${row?.shard ?? 0}, position ${row?.position ?? 0}: the row is not what was recorded`,
  );
  expect(readdirSync(folder)).not.toContain('manifest.json');
}, 60_000);

test('a log whose last row is gone is not exported', async () => {
  await desk.admin.query('alter table moderation.event disable trigger append_only');
  await desk.admin.query(
    'create table public.cut as select e.* from moderation.event e join moderation.head using (shard, position) limit 1',
  );
  await desk.admin.query('delete from moderation.event e using public.cut c where e.event_id = c.event_id');
  const said = await stet('export', join(home, 'cut'));
  await desk.admin.query('insert into moderation.event (select * from public.cut)');
  await desk.admin.query('alter table moderation.event enable trigger append_only');
  expect(said.code).toBe(1);
  expect(said.error).toMatch(/moderation: shard \d, position \d+: the head says \d+/);
}, 60_000);

test('nothing is written into a folder that is not empty', async () => {
  const before = readdirSync(home);
  const said = await stet('export', home);
  expect(said).toMatchObject({ code: 1, error: expect.stringContaining('is not empty') as unknown });
  expect(readdirSync(home)).toEqual(before);
});
