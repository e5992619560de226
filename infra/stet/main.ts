// What an operator asks of a system: built into one file, which `npm run stet` runs.
import { parseArgs } from 'node:util';
import { digestCommand } from './digest.ts';
import { type Command, type Found, Wrong } from './command.ts';
import { exportCommand } from './export.ts';
import { openGround, unreached } from './ground.ts';
import { importCommand } from './import.ts';
import { operations } from './operations.ts';
import { proveCommand } from './prove.ts';
import { resendCommand } from './resend.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';
import { explain } from '../stack/trouble.ts';
import { SettingsError } from '#settings';

const commands: Readonly<Record<string, Command>> = {
  status: statusCommand,
  verify: verifyCommand,
  digest: digestCommand,
  prove: proveCommand,
  export: exportCommand,
  import: importCommand,
  resend: resendCommand,
  ...operations,
};
const exit = { fine: 0, wrong: 1, misused: 2, unreached: 3 } as const;

const called = (name: string, { operands }: Command) => [name, ...operands].join(' ');
const widest = Math.max(...Object.entries(commands).map(([name, command]) => called(name, command).length));
const usage = `npm run --silent stet -- COMMAND [--json]

${Object.entries(commands)
  .map(([name, command]) => `  ${called(name, command).padEnd(widest)}  ${command.about}`)
  .join('\n')}

  --json   for machines: one JSON document on standard output; progress is told on standard error
  --help   this

It asks the system that DATABASE_URL and KAFKA_BROKERS name, else the one in STET_HOME that npm start runs.
Exit codes: 0 all is well, 1 something is wrong (or parked), 2 wrong use, 3 something could not be reached or asked.`;

function understand(args: readonly string[]) {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  // The longer name first: there is `parked`, and there is `parked show`.
  const words = [2, 1].find((count) => Object.hasOwn(commands, positionals.slice(0, count).join(' '))) ?? 1;
  const name = positionals.slice(0, words).join(' ');
  const operands = positionals.slice(words);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (values.help === true) return { help: true as const };
  if (!command) throw new TypeError(name === '' ? 'No command was named.' : `There is no command ${name}.`);
  if (operands.length !== command.operands.length)
    throw new TypeError(`It is: ${called(name, command)}, not with ${operands.length} operands.`);
  return { help: false as const, command, operands, json: values.json === true };
}

function show({ lines, json }: Found, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(json, null, 2) : lines.join('\n'));
}

async function run(args: readonly string[]): Promise<number> {
  let asked: ReturnType<typeof understand>;
  try {
    asked = understand(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return exit.misused;
  }
  if (asked.help) {
    console.log(usage);
    return exit.fine;
  }
  try {
    const ground = openGround(process.env);
    try {
      const found = await asked.command.run(ground, asked.operands);
      show(found, asked.json);
      return found.wrong ? exit.wrong : exit.fine;
    } finally {
      await ground.close();
    }
  } catch (error) {
    console.error(unreached(error) ? `Not reached: ${explain(error).split('\n')[0] ?? ''}` : explain(error));
    if (error instanceof Wrong) return exit.wrong;
    return error instanceof SettingsError ? exit.misused : exit.unreached;
  }
}

// Whoever reads our lines may go away before us.
process.stdout.on('error', () => undefined);
process.exitCode = await run(process.argv.slice(2));
