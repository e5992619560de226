// `npm run stet -- COMMAND`: what an operator asks of a system; built first, when its sources have changed.
import { build, operatorsCommand } from './stack/build.ts';
import { toStandardError } from './stack/report.ts';
import { explain } from './stack/trouble.ts';

try {
  await build(toStandardError);
  await import(operatorsCommand);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 3;
}
