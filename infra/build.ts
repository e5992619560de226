// `npm run build`: what the services run from, when the sources have changed.
import { build } from './stack/build.ts';
import { toTerminal } from './stack/report.ts';
import { explain } from './stack/trouble.ts';

try {
  await build(toTerminal);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
