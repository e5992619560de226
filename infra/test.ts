// `npm test`: the tests, on a Postgres and a Kafka of their own; arguments go to jest.
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sweep } from './stack/backing.ts';
import { build } from './stack/build.ts';
import { startOf } from './stack/processes.ts';
import { type Backing, freePorts, startBacking, toTerminal } from './stack/stack.ts';
import { explain } from './stack/trouble.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = `${root}.stet/test-${process.pid}`;
const running = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    running.abort();
  });
}

/** What the tests are pointed at: servers named by our own environment where they are, else some that live as long as the tests. */
async function servers(): Promise<{ env: Record<string, string>; backing?: Backing }> {
  const { STET_TEST_DATABASE_URL: database, STET_TEST_KAFKA_BROKERS: brokers } = process.env;
  if (database !== undefined && brokers !== undefined) return { env: {} };
  const first = await freePorts(3);
  const backing = await startBacking({
    home,
    postgresPort: first,
    kafkaPort: first + 1,
    throwaway: true,
    report: toTerminal,
  });
  return {
    backing,
    env: {
      STET_TEST_DATABASE_URL: database ?? backing.adminUrl,
      STET_TEST_KAFKA_BROKERS: brokers ?? backing.brokers,
    },
  };
}

function jest(env: Record<string, string>): Promise<number> {
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=TimeoutNegativeWarning',
  ];
  const options = ['--json', `--outputFile=${root}.stet/test-results.json`, ...process.argv.slice(2)];
  const child = spawn(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', ...options], {
    cwd: root,
    env: { ...process.env, ...env, TZ: 'UTC' },
    // Jest reports on stderr; stdout would carry the JSON as well.
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  running.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((done) =>
    child.once('exit', (code) => {
      done(code ?? 1);
    }),
  );
}

/** Who was killed could not clean up behind themselves: an earlier run, or one of this one's workers. */
async function sweepBehind(): Promise<void> {
  for (const old of globSync('.stet/test-*', { cwd: root })) {
    const owner = Number(old.split('-').at(-1));
    if (owner && startOf(owner) === undefined) await sweep(root + old, toTerminal);
  }
}

async function run(): Promise<number> {
  mkdirSync(`${root}.stet`, { recursive: true });
  await sweepBehind();
  await build(toTerminal);
  const { env, backing } = await servers();
  try {
    if (running.signal.aborted) return 130;
    void backing?.failed.then((how) => {
      if (!backing.home.closing) toTerminal.say(`${how} The tests cannot go on.`);
      running.abort();
    });
    return await jest(env);
  } finally {
    await backing?.stop();
    rmSync(home, { recursive: true, force: true });
    await sweepBehind();
  }
}

try {
  process.exit(await run());
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
