import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './trouble.ts';

/** A process as a later start finds it again. The pid alone may belong to another by then; pid and start time together do not. */
export interface Recorded {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

/** When this process started, in a form only good for comparing; undefined when it has ended (a zombie has). */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const line = ps.stdout.trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold blanks and brackets; state is the third, start time the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    // Start times count from the boot, so without its id they could meet again after the next one.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

export const isAlive = (process: Recorded): boolean => startOf(process.pid) === process.started;

export function recordOf(name: string, pid: number): Recorded | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { name, pid, started };
}

/** Where the processes of one stack leave their traces. */
export interface Place {
  readonly logs: string;
  /** What was started, for a later start to find. */
  readonly records: string;
  /** Set when everything is being stopped; from then on nothing more is started. */
  closing: boolean;
}

export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly as?: { uid: number; gid: number } | undefined;
}

export interface Launched extends Recorded {
  /** Its output; that of the run before is kept beside it as `.1`. */
  readonly log: string;
  /** How it ended, in words, once it has. */
  readonly ended: Promise<string>;
}

/** Starts a process in a group of its own, so that a Ctrl-C at the terminal reaches the launcher alone, which stops things in order. */
export async function launch(place: Place, what: Launch): Promise<Launched> {
  if (place.closing) throw new Error(`${what.name} is not started any more: everything is being stopped.`);
  const log = `${place.logs}/${what.name}.log`;
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a');
  const child = spawn(what.command, what.args, {
    env: what.env ?? process.env,
    detached: true,
    stdio: ['ignore', output, output],
    ...what.as,
  });
  closeSync(output);
  const ended = new Promise<string>((done) => {
    child.once('exit', (code, signal) => {
      done(signal ? `was ended by ${signal}` : `ended with code ${code ?? 0}`);
    });
  });
  const { pid } = child;
  if (pid === undefined) throw await new Promise<Error>((failed) => child.once('error', failed));
  const recorded = { name: what.name, pid, started: startOf(pid) ?? 'ended at once' };
  writeFileSync(`${place.records}/${what.name}.json`, JSON.stringify(recorded));
  return { ...recorded, log, ended };
}

const tools = new Set<ChildProcess>();

/** Runs a command to its end. Answers its exit code (undefined when it cannot be run) and what it said on both streams. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { as?: Launch['as']; heard?: (text: string) => void } = {},
): Promise<{ code: number | null | undefined; said: string }> {
  return new Promise((done) => {
    const tool = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options.as });
    tools.add(tool);
    let said = '';
    for (const stream of [tool.stdout, tool.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        options.heard?.(bytes.toString());
      });
    }
    const finish = (code: number | null | undefined) => {
      tools.delete(tool);
      done({ code, said });
    };
    tool.once('error', () => {
      finish(undefined);
    });
    tool.once('close', finish);
  });
}

/** Ends what `runTool` has under way. */
export function endTools(): void {
  for (const tool of tools) tool.kill('SIGKILL');
}

/** Ends a process by `signal`, and by SIGKILL with its whole group when it has not ended in time. */
export async function end(process: Recorded, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const waitUntil = async (deadline: number) => {
    while (isAlive(process) && performance.now() < deadline) await sleep(20);
  };
  if (isAlive(process)) send(process.pid, signal);
  await waitUntil(performance.now() + graceMs);
  if (isAlive(process)) send(-process.pid, 'SIGKILL');
  await waitUntil(performance.now() + 5000);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(codeOf(error) === 'ESRCH')) throw error;
  }
}

/** What the records name and is still running; records of what is not are removed. */
export function stillRunning(records: string): Recorded[] {
  if (!existsSync(records)) return [];
  return readdirSync(records).flatMap((file) => {
    const found = readRecord(`${records}/${file}`);
    if (found && isAlive(found)) return found;
    rmSync(`${records}/${file}`);
    return [];
  });
}

/** A record from a file; undefined when it was cut short by a crash, and so says nothing. */
export function readRecord(file: string): Recorded | undefined {
  try {
    const { name, pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Recorded>;
    // To signal process 0 or 1 would be to signal ourselves or everybody.
    const usable = name !== undefined && started !== undefined && pid !== undefined && pid > 1;
    return usable ? { name, pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/** The last lines of a log, for saying why a process has ended. */
export function tail(log: string, lines = 3): string {
  if (!existsSync(log)) return '';
  return readFileSync(log, 'utf8').slice(-20_000).trimEnd().split('\n').slice(-lines).join('\n');
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
