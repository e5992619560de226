// Runs the tests; arguments go to jest.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

mkdirSync('.stet', { recursive: true });
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const results = ['--json', '--outputFile=.stet/test-results.json'];
const run = spawnSync(process.execPath, [...jest, ...results, ...process.argv.slice(2)], {
  stdio: ['inherit', 'ignore', 'inherit'],
});
process.exitCode = run.status ?? 1;
