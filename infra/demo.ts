// `npm run demo`: a story from its first word to the last comment, through a running system. `npm run demo -- FILE` tells another one.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble } from './demo/cast.ts';
import { PageError, readPage } from './demo/page.ts';
import { headOf } from './demo/scene.ts';
import { tellStory } from './demo/story.ts';
import { findOrStart } from './demo/system.ts';
import { counted, teller } from './demo/telling.ts';
import { stackSettings, toTerminal } from './stack/stack.ts';
import { codeOf, explain, Trouble } from './stack/trouble.ts';

const ours = fileURLToPath(new URL('demo/pages/last-bus-home.txt', import.meta.url));
const where = (file: string) => relative(process.cwd(), file);
const usage = `npm run demo            tells the story of ${where(ours)}
npm run demo -- FILE    tells that of FILE, a page in plain text: lines of the body; 'Published in PAPER, MONTH DAY, YEAR.';
                        'COMMENTS (n)'; the house rule in two lines; a comment a line`;

function fileIn(args: readonly string[]): string {
  const [file = ours, ...more] = args;
  if (more.length > 0 || file.startsWith('-')) throw new Trouble(usage);
  return file;
}

function pageIn(file: string) {
  try {
    return readPage(readFileSync(file));
  } catch (error) {
    if (error instanceof PageError) throw new Trouble(`${file}, ${error.message}`);
    if (codeOf(error) !== undefined) throw new Trouble(`${file} cannot be read (${String(codeOf(error))}).`);
    throw error;
  }
}

let stop: () => Promise<void> = () => Promise.resolve();
let stopping: Promise<void> | undefined;
/** Once only: a signal may come while the story is ending, and comes from npm a second time. */
const stopOnce = () => (stopping ??= stop());
const interruption = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruption.abort();
    void stopOnce().then(() => process.exit(130));
  });
}
// Whoever reads our lines may go away before us.
process.stdout.on('error', () => undefined);

async function run(file: string): Promise<void> {
  const { say } = toTerminal;
  const page = pageIn(file);
  const settings = stackSettings(process.env);
  const began = performance.now();
  const system = await findOrStart(settings, process.env, {
    about: `${where(file)}: ${counted(page.body.length, 'line')} of ${page.paper}, ${counted(page.comments.length, 'comment')}.`,
    entered: (stopStack) => (stop = stopStack),
  });
  const ready = performance.now();
  await tellStory({ page, head: headOf(file, page), cast: await assemble(system), teller: teller(say) }, system);
  const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  say(`\nThe story took ${seconds(ready)}.`);
  await stopOnce();
  if (system.wasStarted) say(`With starting and stopping Stet it took ${seconds(began)}.`);
}

try {
  if (process.argv.includes('--help')) toTerminal.say(usage);
  else await run(fileIn(process.argv.slice(2)));
} catch (error) {
  await stopOnce();
  // Whoever interrupts a story knows why it ends.
  if (!interruption.signal.aborted) console.error(explain(error));
  process.exitCode = 1;
}
