import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';
import { environment } from './system.ts';

/** `npm start` as somebody types it, on the data that are there, until it says that all is ready. */
export async function start(home: string): Promise<Figure[]> {
  const env = { ...process.env, ...(await environment(home)) };
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const begun = performance.now();
  const child = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let said = '';
  const ready = new Promise((done) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Stet is running')) done(undefined);
    });
  });
  const failed = ended.then(() => Promise.reject(new Error(`npm start ended: ${said}`)));
  await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  const value = (performance.now() - begun) / 1000;
  child.kill('SIGTERM');
  await ended;
  return [{ name: 'warm npm start', value, unit: 's', aims: { value: { most: 8 } } }];
}
