// Runs a script of this repository on the Node that package-lock.json names, after installing what the lock file asks for.
// Needs nothing but Node >= 20 and npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}.stet/installed`;
const lock = `${root}.stet/install.lock`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');
const installed = () =>
  existsSync(`${root}node_modules`) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// What was compiled once is kept: every process that is started from here begins in half the time.
const env = { NODE_COMPILE_CACHE: `${root}.stet/compiled`, ...process.env };

const run = (command, args, options) =>
  new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env, ...options });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('error', failed).on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });

async function takeLock() {
  for (let waited = 0; ; waited++) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      const holder = Number(existsSync(lock) && readFileSync(lock, 'utf8'));
      if (holder && !alive(holder)) rmSync(lock, { force: true });
      else if (waited === 2) console.log(`Waiting for another run (process ${holder}) that is installing …`);
      await sleep(500);
    }
  }
}

if (!installed()) {
  mkdirSync(`${root}.stet`, { recursive: true });
  await takeLock();
  try {
    if (!installed()) {
      const began = Date.now();
      console.log('Installing dependencies …');
      const code = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
      if (code !== 0) {
        console.error(
          'Installing failed: see npm above. If the registry cannot be reached, check the network and npm config get registry.',
        );
        process.exit(code);
      }
      writeFileSync(stamp, wanted);
      console.log(`Installing dependencies … ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
  } finally {
    rmSync(lock, { force: true });
  }
}

const [script, ...args] = process.argv.slice(2);
process.exit(
  await run(`${root}node_modules/node/bin/node`, ['--disable-warning=ExperimentalWarning', script, ...args]),
);
