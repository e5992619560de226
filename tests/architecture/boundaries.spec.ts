import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
let tree = '';

/** Small files that break no rule, for the planted ones to import. */
const ground = {
  'libs/decider/src/index.ts': 'export const decider = 1;\n',
  'libs/event-store/src/index.ts': "export { inner } from './inner.ts';\n",
  'libs/event-store/src/inner.ts': 'export const inner = 1;\n',
  'libs/platform/src/index.ts': 'export const platform = 1;\n',
  'libs/testing/src/index.ts': 'export const given = 1;\n',
  'apps/drafting/src/main.ts': "import { decider } from '#decider';\nexport const drafting = decider;\n",
  'apps/reading/src/main.ts': 'export const reading = 1;\n',
};

function put(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
}

function broken(): string[] {
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const found = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(found.summary.violations.map(({ rule }) => rule.name))];
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'stet-boundaries-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, file), join(tree, file));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  put(ground);
});
afterAll(() => {
  rmSync(tree, { recursive: true });
});

test('the ground breaks none', () => {
  expect(broken()).toEqual([]);
});

test.each([
  ['1-no-cycles', 'libs/decider/src/index.ts', "import './other.ts';\nexport const decider = 1;\n"],
  ['2-aggregates-are-pure', 'apps/drafting/src/article/article.ts', "import '#event-store';\n"],
  ['2-aggregates-are-pure', 'apps/drafting/src/article/article.ts', "import 'node:fs';\n"],
  ['3-apps-never-import-apps', 'apps/drafting/src/planted.ts', "import '../../reading/src/main.ts';\n"],
  ['4-libs-never-import-apps', 'libs/platform/src/planted.ts', "import '../../../apps/reading/src/main.ts';\n"],
  ['5-libs-by-their-front-door', 'apps/drafting/src/planted.ts', "import '../../../libs/event-store/src/inner.ts';\n"],
  ['6-kafkajs-only-in-its-libraries', 'apps/drafting/src/planted.ts', "import 'kafkajs';\n"],
  ['6-pg-only-in-its-libraries', 'apps/drafting/src/planted.ts', "import 'pg';\n"],
  ['7-reading-only-reads', 'apps/reading/src/planted.ts', "import '#event-store';\n"],
  ['8-testing-is-for-tests', 'apps/drafting/src/planted.ts', "import '#testing';\n"],
  ['could-not-resolve', 'apps/drafting/src/planted.ts', "import '#nothing';\n"],
])('%s is caught in %s', (rule, file, text) => {
  const other = { 'libs/decider/src/other.ts': "import './index.ts';\n" };
  put({ ...(rule === '1-no-cycles' ? other : {}), [file]: text });
  try {
    expect(broken()).toEqual([rule]);
  } finally {
    for (const planted of [file, ...Object.keys(other)]) rmSync(join(tree, planted), { force: true });
    put(ground);
  }
});
