import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Desk, openDesk, until } from '../e2e/desk.ts';
import { pointingAt, type Said, stet as run } from './command.ts';

interface Proof {
  article: string;
  logs: { service: string; segments: { links: unknown[] }[] }[];
}
const home = mkdtempSync(join(tmpdir(), 'stet-proof-'));
let desk: Desk;
let article: string;
let said: Said;
let proof: Proof;
const stet = (...args: string[]) => run(pointingAt(desk.newsroom.stack), ...args);

/** What the script says, on its own, to a proof. */
function check(of: unknown, anchors = ['drafting', 'publication', 'moderation']) {
  const file = join(home, 'proof.json');
  writeFileSync(file, JSON.stringify(of));
  const noted = anchors.map((service) => `${desk.newsroom.stack.home.path}/anchors/${service}.jsonl`);
  return spawnSync(process.execPath, ['docs/check-proof.mjs', file, ...noted], { encoding: 'utf8' });
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
    const own = segments.flatMap(({ links }) => links).filter((link) => !Array.isArray(link));
    const { rows } = await desk.admin.query(
      `select stream, type, payload::text, version::text from ${service}.event where key = $1 order by position`,
      [article],
    );
    expect(own).toEqual(rows.map((row) => expect.objectContaining(row as object) as unknown));
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
  const short = { ...proof, logs: proof.logs.slice(1, 2) };
  expect(check(short).status).toBe(0);
  // What is left out at the end says less, and is as true: a whole log, or its last pieces.
  const mayBeLeftOut = /^\/logs\/\d+(\/segments\/[1-9]\d*)? left out$/;
  const held = [];
  let tried = 0;
  for (const [where, changed] of spoilt(short)) {
    if (mayBeLeftOut.test(where)) continue;
    tried += 1;
    if (check(changed).status === 0) held.push(where);
  }
  expect(tried).toBeGreaterThan(20);
  expect(held).toEqual([]);
}, 120_000);

test('it does not hold against anchors that do not know it', () => {
  expect(check(proof, []).stderr).toContain('no anchor says');
  expect(check(proof, ['drafting']).status).toBe(1);
});

test('of an article that is not there, nothing can be proven', async () => {
  const { code, out, error } = await stet('prove', '00000000-0000-4000-8000-000000000000');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain('No log has an event');
});
