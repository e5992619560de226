import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../infra/stack/stack.ts';
import type { Recorded } from '../../infra/stack/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A checkout of its own below a private folder, with ports of its own. The jars of Kafka and what was built are those of this checkout, or missing. */
export interface Checkout {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly firstPort: number;
  start(env?: Record<string, string>, args?: string[]): Start;
  /** What is on record as started. */
  recorded(): Recorded[];
  remove(): void;
}

const ports = ['ISSUER', 'DRAFTING', 'PUBLICATION', 'MODERATION', 'READING', 'POSTGRES', 'KAFKA'];

export async function checkout(options: { jars: boolean }): Promise<Checkout> {
  const path = mkdtempSync(`${tmpdir()}/stet-checkout-`);
  for (const part of ['apps', 'libs', 'infra', 'package.json', 'package-lock.json', '.swcrc']) {
    cpSync(`${root}${part}`, `${path}/${part}`, { recursive: true });
  }
  symlinkSync(`${root}node_modules`, `${path}/node_modules`);
  mkdirSync(`${path}/.stet`);
  mkdirSync(`${root}.stet/kafka`, { recursive: true });
  if (options.jars) {
    symlinkSync(`${root}.stet/kafka`, `${path}/.stet/kafka`);
    cpSync(`${root}dist`, `${path}/dist`, { recursive: true });
  }
  const firstPort = await freePorts(ports.length + 1);
  const env = Object.fromEntries(ports.map((name, at) => [`${name}_PORT`, String(firstPort + at)]));
  return {
    path,
    env,
    firstPort,
    start: (more = {}, args = []) => launcher(path, { ...env, ...more }, args),
    recorded() {
      const folder = `${path}/.stet/run`;
      const files = existsSync(folder) ? readdirSync(folder) : [];
      return files.map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Recorded);
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export interface Start {
  readonly child: ChildProcess;
  /** Resolves when the launcher says that everything runs; rejects with what it said when it ends first. */
  readonly ready: Promise<void>;
  readonly exit: Promise<number | null>;
  readonly said: () => string;
}

function launcher(cwd: string, env: Record<string, string>, args: string[]): Start {
  const child = spawn(process.execPath, ['infra/start.ts', ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: `${cwd}/.stet/compiled`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const ready = new Promise<void>((done, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes('Ctrl-C stops everything')) done();
      });
    }
    void exit.then(() => {
      failed(new Error(said));
    });
  });
  // Whoever expects a failure looks at exit alone.
  ready.catch(() => undefined);
  return { child, ready, exit, said: () => said };
}

/** A folder for the PATH that has what the launcher asks for, but only those of Java and Maven that are given here, as shell scripts. */
export function pathWith(checkout: Checkout, scripts: Record<string, string>): string {
  const bin = mkdtempSync(`${checkout.path}/bin-`);
  for (const tool of ['unshare', 'ps', 'true', 'id', 'test', 'chown', 'sh', 'echo']) {
    const found = (process.env.PATH ?? '').split(':').find((folder) => existsSync(`${folder}/${tool}`));
    if (found !== undefined) symlinkSync(`${found}/${tool}`, `${bin}/${tool}`);
  }
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return bin;
}
