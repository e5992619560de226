// `npm run mutants`: breaks each promise on purpose in a copy, and sees that the test that is to notice does. `-- TEXT …` takes those whose promise has any of these.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePorts, startBacking, toTerminal } from '../../infra/stack/stack.ts';
import { deskMutants } from './desk.ts';
import { type Mutant, mutants as mutantsBelow } from './list.ts';
import { losingMutants } from './losing.ts';

const mutants = [...mutantsBelow, ...losingMutants, ...deskMutants];
const root = fileURLToPath(new URL('../..', import.meta.url));
const home = `${root}.stet/test-mutants-${process.pid}`;
const copy = `${home}/copy/`;
const copied = ['apps', 'libs', 'infra', 'tests', 'docs', 'package.json', 'package-lock.json', 'tsconfig.json'];
const settings = ['.swcrc', 'jest.config.mjs', 'nest-cli.json', '.dependency-cruiser.cjs', 'README.md'];
/** Longer than any one test takes, with its own time limit. */
const longestMs = 600_000;

/** Only a test that ran and turned red has found anything: not one that never ended, nor a copy that could not even run it, or start. */
type Verdict = 'found' | 'survived' | 'hung' | 'broken';
const results = `${copy}.stet/test-results.json`;
/** What the last run said. */
const said = `${home}/said.log`;

/** Runs tests in the copy. Undefined: they did not end. */
function ended(tests: readonly string[], env: NodeJS.ProcessEnv, limitMs = longestMs): Promise<number | undefined> {
  rmSync(results, { force: true });
  const out = openSync(said, 'w');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'infra/test.ts', ...tests], {
    ...{ cwd: copy, env, detached: true, stdio: ['ignore', 'ignore', out] as const },
  });
  closeSync(out);
  return new Promise((done) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      done(undefined);
    }, limitMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      done(code ?? 1);
    });
  });
}
async function judged(test: string, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const code = await ended([test], env);
  if (code === undefined) return 'hung';
  return code === 0 ? 'survived' : verdictOf(env);
}

interface Results {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[];
}
function read(): Results {
  if (!existsSync(results)) return { numFailedTests: 0, numPassedTests: 0, testResults: [] };
  return JSON.parse(readFileSync(results, 'utf8')) as Results;
}
/** What was red, in words. */
const failures = (of: Pick<Results, 'testResults'> = read()) => of.testResults.map(({ message }) => message).join('\n');
function verdictOf(env: NodeJS.ProcessEnv): Verdict {
  const { numFailedTests, numPassedTests } = read();
  if (numFailedTests === 0) return 'broken';
  // Where nothing was green, or a campaign broke off, it may be that nothing ever ran.
  const isProven = numPassedTests > 0 && !failures().includes('it broke off');
  return isProven || starts(env) ? 'found' : 'broken';
}
const starts = (env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, ['tests/mutants/starts.ts'], { cwd: copy, env, timeout: longestMs }).status === 0;

const isThere = ({ file, find }: Mutant) => readFileSync(root + file, 'utf8').split(find).length === 2;

async function tried({ file, find, replace, test }: Mutant, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const path = copy + file;
  const good = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    good.replace(find, () => replace),
  );
  try {
    return await judged(test, env);
  } finally {
    writeFileSync(path, good);
  }
}

async function run(wanted: readonly Mutant[]): Promise<number> {
  mkdirSync(copy, { recursive: true });
  for (const name of [...copied, ...settings]) cpSync(root + name, copy + name, { recursive: true });
  symlinkSync(`${root}node_modules`, `${copy}node_modules`);
  const first = await freePorts(3);
  const backing = await startBacking({
    ...{ home, postgresPort: first, kafkaPort: first + 1, throwaway: true, report: toTerminal },
  });
  const env = {
    ...process.env,
    ...{ STET_TEST_DATABASE_URL: backing.adminUrl, STET_TEST_KAFKA_BROKERS: backing.brokers, TZ: 'UTC' },
  };
  let wrong = 0;
  const say = (verdict: string, what: string) => {
    toTerminal.say(`${verdict.padEnd(9)} ${what}`);
  };
  try {
    // All in one run: a red one says nothing of what is broken on purpose.
    const tests = [...new Set(wanted.map(({ test }) => test))];
    await ended(tests, env, longestMs * tests.length);
    for (const test of tests) {
      const own = read().testResults.filter(({ name }) => new RegExp(test).test(name));
      const isGreen = own.length > 0 && own.every(({ status }) => status === 'passed');
      if (!isGreen) wrong += 1;
      say(isGreen ? 'green' : 'RED', `${test}, with nothing broken\n${failures({ testResults: own })}`.trim());
    }
    for (const mutant of wanted) {
      const verdict = await tried(mutant, env);
      if (verdict === 'found') say(verdict, `${mutant.promise} (${mutant.test})`);
      else {
        wrong += 1;
        const last = readFileSync(said, 'utf8').trimEnd().split('\n').slice(-40).join('\n');
        say(verdict.toUpperCase(), `${mutant.promise} (${mutant.test})\n${last}`);
      }
    }
  } finally {
    await backing.stop();
    rmSync(home, { recursive: true, force: true });
  }
  toTerminal.say(wrong === 0 ? `All ${wanted.length} were found.` : `${wrong} went wrong.`);
  return wrong === 0 ? 0 : 1;
}

const words = process.argv.slice(2);
const wanted = mutants.filter(({ promise }) => words.length === 0 || words.some((word) => promise.includes(word)));
if (wanted.length === 0 || words.some((word) => word.startsWith('-'))) {
  console.error(
    `npm run mutants            all ${mutants.length}\nnpm run mutants -- TEXT …  those whose promise has any of these, such as L6`,
  );
  process.exit(2);
}
const lost = mutants.filter((mutant) => !isThere(mutant));
for (const { promise, file, find } of lost) console.error(`${promise}: ${file} does not have exactly one: ${find}`);
process.exit(lost.length > 0 ? 2 : await run(wanted));
