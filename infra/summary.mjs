// Adds up what the checks and the tests wrote; a run that wrote nothing, or ended badly, counts as a failure.
import { existsSync, readFileSync } from 'node:fs';

const [check, tests] = process.argv.slice(2).map(Number);
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
const checked = read('.stet/check-results.json') ?? { passed: 0, failed: 1 };
const tested = read('.stet/test-results.json');
let failed = checked.failed + (tested ? tested.numFailedTests + tested.numRuntimeErrorTestSuites : 1);
if ((check !== 0 || tests !== 0) && failed === 0) failed = 1;
const passed = checked.passed + (tested?.numPassedTests ?? 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
