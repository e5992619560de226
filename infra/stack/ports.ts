import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename } from 'node:path';
import { Trouble } from './trouble.ts';

const answerWithinMs = 5000;

export interface NeededPort {
  readonly port: number;
  /** Whose port it is. */
  readonly of: string;
  /** The setting that moves it. */
  readonly variable: string;
}

/** Throws a Trouble that names the first port somebody else listens on, who that is where it can be known, and the variable that moves it. */
export async function requireFree(needed: readonly NeededPort[]): Promise<void> {
  for (const { port, of, variable } of needed) {
    if (await isFree(port)) continue;
    const holder = holderOf(port);
    throw new Trouble(
      `Port ${port} (${of}) is taken${holder && ` by ${holder}`}: stop that, or set ${variable} to another port.`,
    );
  }
}

async function isFree(port: number): Promise<boolean> {
  // Some systems let one bind beside a listener on all addresses, so it is asked both ways.
  return !(await answers(port)) && (await canBind(port));
}

function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, host);
    const answer = (yes: boolean) => {
      socket.destroy();
      done(yes);
    };
    socket.setTimeout(answerWithinMs, () => {
      answer(false);
    });
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('error', () => {
      answer(false);
    });
  });
}

/** Throws a Trouble when nobody listens at any of the brokers (host:port,host:port) that a setting names. */
export async function requireBrokers(brokers: string): Promise<void> {
  const found = await Promise.all(
    brokers.split(',').map((broker) => {
      const colon = broker.lastIndexOf(':');
      return answers(Number(broker.slice(colon + 1)), broker.slice(0, colon).replace(/^\[|\]$/g, ''));
    }),
  );
  if (found.some(Boolean)) return;
  throw new Trouble(`None of the brokers in KAFKA_BROKERS (${brokers}) answers: check the addresses and the network.`);
}

function canBind(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        done(true);
      }),
    );
  });
}

/** `count` free ports in a row, outside the range that systems hand out to outgoing connections. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 15_000 + Math.floor(Math.random() * 15_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}

function holderOf(port: number): string {
  const pid = process.platform === 'linux' ? pidByProc(port) : pidByLsof(port);
  if (pid === undefined) return '';
  const ps = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return `${basename(ps.stdout.trim().split(/[ :]/)[0] ?? '')} (process ${pid})`;
}

function pidByLsof(port: number): number | undefined {
  const lsof = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return lsof.status === 0 ? Number(lsof.stdout.split('\n')[0]) : undefined;
}

/** The kernel's table names a listener by the inode of its socket; the process is the one that has it open. */
function pidByProc(port: number): number | undefined {
  const inode = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeners(table, port))[0];
  if (inode === undefined) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => openFiles(pid).includes(`socket:[${inode}]`));
}

function listeners(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync(table, 'utf8').split('\n').slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  // Fourth field 0A: listening. Tenth: the inode.
  return fields.flatMap((row) => (row[1]?.endsWith(local) && row[3] === '0A' && row[9] ? [row[9]] : []));
}

/** Other people's processes do not show what they have open: an empty list then. */
function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}
