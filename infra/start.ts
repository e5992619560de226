// `npm start`: the whole system on one machine, until Ctrl-C.
import { relative } from 'node:path';
import { settingsHelp } from '#settings';
import { tokenLines } from './stack/people.ts';
import { type Stack, stackSettings, startStack, toTerminal } from './stack/stack.ts';
import { explain } from './stack/trouble.ts';

const { say } = toTerminal;
let stop: () => Promise<void> = () => Promise.resolve();
let stopping: Promise<void> | undefined;

async function stopAll(code: number, line: string): Promise<void> {
  const began = performance.now();
  say(line);
  await stop();
  say(`Stopped in ${((performance.now() - began) / 1000).toFixed(1)} s. The data stay.`);
  process.exit(code);
}

/** A Ctrl-C reaches us from the terminal and once more from npm; the first counts. */
const leave = (code: number, line: string) => (stopping ??= stopAll(code, line));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void leave(0, 'Stopping …'));
}
// Whoever reads our lines may go away before us; that must not keep us from stopping in order.
process.stdout.on('error', () => undefined);

async function show(stack: Stack, began: number): Promise<void> {
  // The address of a real database holds its owner's password.
  const database = process.env.DATABASE_URL ? 'that of DATABASE_URL' : stack.adminUrl;
  const where = (path: string) => relative(process.cwd(), path) || '.';
  say(`\nStet is running, ready after ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
  for (const [service, url] of Object.entries(stack.urls)) {
    say(`  ${service.padEnd(12)} ${url}   to try it: ${url}/api`);
  }
  say(`  ${'tokens from'.padEnd(12)} ${stack.issuerUrl}`);
  if (stack.token) {
    const file = `${stack.home.path}/tokens.env`;
    const lines = await tokenLines(stack.token, file);
    say(`\nA token for each role, good for 30 days, to paste into a shell (or: . ${where(file)}):\n`);
    for (const line of lines) say(line);
  }
  say(
    `\nData: ${where(stack.home.data)}   Logs: ${where(stack.home.logs)}   Postgres: ${database}   Kafka: ${stack.brokers}`,
  );
  say('Ctrl-C stops everything. npm start -- --help lists the settings.\n');
}

if (process.argv.includes('--help')) {
  say(settingsHelp());
  process.exit();
}

try {
  const began = performance.now();
  const stack = await startStack({
    settings: stackSettings(process.env),
    report: toTerminal,
    entered: (leaveStack) => (stop = leaveStack),
  });
  await show(stack, began);
  await leave(1, `${await stack.failed} Stopping everything …`);
} catch (error) {
  // A start that was interrupted fails, of course.
  await stopping;
  console.error(explain(error));
  process.exit(1);
}
