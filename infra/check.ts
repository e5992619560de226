// Format, lint, types, boundaries, unused: one after the other, each with its time, and the output of what failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const checks: Record<string, string[]> = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  types: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'],
  boundaries: [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    ...['apps', 'libs', 'infra', 'tests'].filter((folder) => existsSync(folder)),
  ],
  unused: ['node_modules/knip/bin/knip.js', '--no-progress'],
};

const failed: string[] = [];
for (const [name, args] of Object.entries(checks)) {
  const began = performance.now();
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (run.status !== 0) {
    failed.push(name);
    console.log(run.stdout + run.stderr);
  }
}
mkdirSync('.stet', { recursive: true });
writeFileSync(
  '.stet/check-results.json',
  JSON.stringify({ passed: Object.keys(checks).length - failed.length, failed: failed.length }),
);
process.exitCode = failed.length === 0 ? 0 : 1;
