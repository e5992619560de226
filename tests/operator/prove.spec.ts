import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type Desk, openDesk, until } from '../e2e/desk.ts';
import { pointingAt, type Said, stet as run } from './command.ts';

interface Proof {
  article: string;
  logs: { service: string; segments: { links: (Own | [string, string, string])[] }[] }[];
}
interface Own {
  version: string;
  recordedAt: string;
  covers: string[];
}
const home = mkdtempSync(join(tmpdir(), 'stet-proof-'));
let desk: Desk;
let article: string;
let said: Said;
let proof: Proof;
const stet = (...args: string[]) => run(pointingAt(desk.newsroom.stack), ...args);

const anchorsOf = (services: readonly string[]) =>
  services.map((service) => `${desk.newsroom.stack.home.path}/anchors/${service}.jsonl`);

/** What the script says, on its own, to a proof. */
function check(of: unknown, anchors = ['drafting', 'publication', 'moderation']) {
  const file = join(home, 'proof.json');
  writeFileSync(file, JSON.stringify(of));
  return spawnSync(process.execPath, ['docs/check-proof.mjs', file, ...anchorsOf(anchors)], { encoding: 'utf8' });
}

/** For each of so many proofs, whether it holds: by the script, read anew for each, in one process. */
function checkAll(proofs: readonly unknown[]): boolean[] {
  const files = proofs.map((proof, at) => {
    writeFileSync(join(home, `${at}.json`), JSON.stringify(proof));
    return join(home, `${at}.json`);
  });
  const program = `for (const file of ${JSON.stringify(files)}) {
    process.argv = ['node', 'script', file, ...${JSON.stringify(anchorsOf(['drafting', 'publication', 'moderation']))}];
    const holds = await import('./docs/check-proof.mjs?' + file).then(() => true, () => false);
    console.error(holds);
  }`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return stderr
    .trim()
    .split('\n')
    .map((line) => line === 'true');
}

beforeAll(async () => {
  desk = await openDesk();
  const others = [await desk.published(), await desk.approved()];
  const { id, position } = await desk.published();
  article = id;
  await desk.comment(id, { after: position });
  await desk.approvedAgain(others[0]?.id ?? '');
  await desk.comment(others[0]?.id ?? '', { reader: { id: 'mia', name: 'Mia' }, after: others[0]?.position });
  await desk.approvedAgain(id);
  await until(async () => {
    said = await stet('prove', id);
    if (said.code !== 0) return false;
    proof = JSON.parse(said.out) as Proof;
    // The topic may have a head already that the file has not.
    return check(proof).status === 0;
  });
}, 180_000);
afterAll(async () => {
  await desk.close();
  rmSync(home, { recursive: true });
});

test('a proof has every event of the article, of the others nothing but hashes, and holds for a script that knows nothing of Stet', async () => {
  const { status, stdout } = check(proof);
  expect(status).toBe(0);
  for (const { service, segments } of proof.logs) {
    const own = segments.flatMap(({ links }) => links).filter((link) => !Array.isArray(link)) as Own[];
    const { rows } = await desk.admin.query(
      `select version::text, recorded_at::text as "recordedAt",
              array[stream, type, schema_version::text, metadata::text, payload::text, event_id::text, key] as covers
         from ${service}.event where key = $1 order by position`,
      [article],
    );
    const shown = own.map((link) => ({ ...link, covers: link.covers.slice(0, 7) }));
    expect(shown).toEqual(rows);
    expect(own.every(({ covers }) => covers.length === 17)).toBe(true);
  }
  expect(proof.logs.map(({ service }) => service)).toEqual(['drafting', 'publication', 'moderation']);
  expect(stdout).toContain(`drafting: article-${article}, `);
  const { rows } = await desk.admin.query<{ key: string }>('select distinct key from drafting.event where key <> $1', [
    article,
  ]);
  expect(rows.length).toBe(2);
  for (const { key } of rows) expect(said.out).not.toContain(key);
});

const otherText = (text: string) => text.slice(0, -1) + (text.endsWith('1') ? '2' : '1');

/** Every copy of a value with one leaf of it changed, or one part of a list left out, and where. */
function* spoilt(value: unknown, path = ''): Generator<[string, unknown]> {
  if (typeof value === 'string') yield [path, otherText(value)];
  if (typeof value === 'number') yield [path, value + 1];
  if (Array.isArray(value)) yield* spoiltParts(value, path);
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value))
      for (const [where, changed] of spoilt(part, `${path}/${name}`)) yield [where, { ...value, [name]: changed }];
}

function* spoiltParts(parts: readonly unknown[], path: string): Generator<[string, unknown]> {
  for (const [at, part] of parts.entries()) {
    yield [`${path}/${at} left out`, parts.toSpliced(at, 1)];
    for (const [where, changed] of spoilt(part, `${path}/${at}`)) yield [where, parts.with(at, changed)];
  }
}

test('no proof holds with any field of it changed, or any link left out', () => {
  const short = {
    ...proof,
    logs: proof.logs.slice(1, 2).map((log) => ({ ...log, segments: log.segments.slice(0, 1) })),
  };
  // What is left out at the end says less, and is as true: a whole log, or its last pieces.
  const mayBeLeftOut = /^\/logs\/\d+(\/segments\/[1-9]\d*)? left out$/;
  const tried = [...spoilt(short)].filter(([where]) => !mayBeLeftOut.test(where));
  expect(tried.length).toBeGreaterThan(20);
  const [whole, ...changed] = checkAll([short, ...tried.map(([, proof]) => proof)]);
  expect(whole).toBe(true);
  expect(changed).toHaveLength(tried.length);
  expect(tried.filter((_, at) => changed[at])).toEqual([]);
}, 120_000);

test('it does not hold against anchors that do not know it', () => {
  expect(check(proof, []).stderr).toContain('no anchor says');
  expect(check(proof, ['drafting']).status).toBe(1);
});

test('it goes by heads that both witnesses know, where the topic has one that the file has not', async () => {
  const { rows } = await desk.admin.query<object>(
    `select 'drafting' as service, log.id as "logId", shard, position::text, encode(hash, 'hex') as hash
       from drafting.event, drafting.log where key = $1 order by position limit 1`,
    [article],
  );
  const { stack, topic } = desk.newsroom;
  const producer = new Kafka({ brokers: [stack.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: topic('anchors'), messages: [{ key: 'drafting-0', value: JSON.stringify(rows[0]) }] });
  await producer.disconnect();
  const { code, out } = await stet('prove', article);
  expect(code).toBe(0);
  expect(check(JSON.parse(out)).status).toBe(0);
});

test('of an article that is not there, nothing can be proven', async () => {
  const { code, out, error } = await stet('prove', '00000000-0000-4000-8000-000000000000');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain('No log has an event');
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

  test('finds the files of heads where ANCHORS_AT says', async () => {
    const { path } = desk.newsroom.stack.home;
    const noted = async (pattern: string) => {
      const said = await run({ ...pointingAt(desk.newsroom.stack), ANCHORS_AT: pattern }, 'verify', '--json');
      const { logs } = JSON.parse(said.out) as { logs: { anchors: { file: number } }[] };
      return logs.map(({ anchors }) => anchors.file > 0);
    };
    expect(await noted(`${path}/anchors/{service}.jsonl`)).toEqual([true, true, true]);
    expect(await noted(`${path}/nowhere/{service}.jsonl`)).toEqual([false, false, false]);
  });

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
